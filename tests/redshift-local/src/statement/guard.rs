//! Reads of relations with row-level security or masks, by name: the guard stands in the relation's place (`sql/guards.sql`). Where
//! a name may be a guarded relation or something else, the statement is refused, never shown more than it may.

use std::collections::HashSet;

use super::clauses::{Clauses, is_no_alias};
use super::cursor::Cursor;
use super::names::{COMPATIBILITY_SCHEMA, quote_array, quote_literal};
use super::{StatementError, quote_identifier};
use crate::lexer::{Token, tokenize};

/// Statements that read relations themselves, by their first words; what they create or change is none of it.
const READERS: [&str; 6] = ["select", "with", "insert", "update", "delete", "explain"];

/// Words of procedures that may follow an item of FROM and are no alias of it.
const IN_PROCEDURES: [&str; 4] = ["loop", "then", "into", "for"];

/// A relation that a text reads.
#[derive(Debug, PartialEq, Eq)]
struct Read {
    schema: Option<String>,
    name: String,
    /// Where its name stands in the text, in bytes.
    start: usize,
    end: usize,
    /// Whether an alias follows.
    aliased: bool,
    /// Whether the name is that of a WITH query, too.
    ambiguous: bool,
}

/// The relations that a statement of PostgreSQL's reads.
#[derive(Debug)]
pub struct Reads {
    sql: String,
    reads: Vec<Read>,
}

impl Reads {
    /// Of a statement. None if it reads none, or is of a kind that a guard is no matter of.
    pub fn of_statement(sql: &str) -> Option<Self> {
        let tokens = tokenize(sql).ok()?;
        let mut cursor = Cursor::new(&tokens);
        while cursor.take_operator("(") {}
        let first = cursor.take_keyword()?;
        let creates_table = first == "create" && {
            cursor.take_word("temporary");
            cursor.take_word("table")
        };
        if !creates_table && !READERS.contains(&first.as_str()) {
            return None;
        }
        Self::new(sql, &tokens)
    }

    /// Of a procedure's body.
    pub fn of_body(sql: &str) -> Option<Self> {
        Self::new(sql, &tokenize(sql).ok()?)
    }

    fn new(sql: &str, tokens: &[Token<'_>]) -> Option<Self> {
        let (mut reads, mut start) = (Vec::new(), 0);
        for statement in tokens.split_inclusive(|token| token.is_operator(";")) {
            add_reads(statement, start, &mut reads);
            start += statement.iter().map(|token| token.text.len()).sum::<usize>();
        }
        (!reads.is_empty()).then(|| Self { sql: sql.to_owned(), reads })
    }

    /// The query for what is read and stands in the catalog by now, and not as the transaction's snapshot has it: a row if there is
    /// any. PostgreSQL finds a name in the catalog of the moment, and reads PG_CLASS like any table.
    pub fn created_since(&self) -> String {
        let names: Vec<_> = self
            .reads
            .iter()
            .filter(|read| !read.ambiguous)
            .map(|read| {
                let schema = read.schema.as_ref().map(|schema| format!("{}.", quote_identifier(schema)));
                format!("{}{}", schema.unwrap_or_default(), quote_identifier(&read.name))
            })
            .collect();
        format!(
            "SELECT 1 FROM pg_catalog.unnest({}) name WHERE pg_catalog.to_regclass(name) IS NOT NULL \
             AND NOT EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.oid = pg_catalog.to_regclass(name)) LIMIT 1",
            quote_array(&names)
        )
    }

    /// The query for the guards of what is read: a row for each, with its place and the guard's name or NULL. `path` is an
    /// expression: where names without a schema are looked for.
    pub fn lookup(&self, path: &str) -> String {
        let schemas: Vec<_> = self
            .reads
            .iter()
            .map(|read| {
                read.schema.as_ref().map_or_else(|| "NULL".to_owned(), |schema| quote_literal(schema))
            })
            .collect();
        format!(
            "SELECT place, guard FROM {COMPATIBILITY_SCHEMA}.rs_guards_of(ARRAY[{}]::text[], {}, {path}) WHERE guard IS NOT NULL",
            schemas.join(", "),
            quote_array(self.reads.iter().map(|read| &read.name))
        )
    }

    /// The statement with guards in place of what they guard, from the rows of [`Reads::lookup`].
    pub fn guarded(&self, rows: &[Vec<Option<String>>]) -> Result<String, StatementError> {
        let (mut text, mut written) = (String::with_capacity(self.sql.len()), 0);
        for row in rows {
            let [Some(place), Some(guard)] = row.as_slice() else { continue };
            let Some(read) =
                place.parse::<usize>().ok().and_then(|place| self.reads.get(place.checked_sub(1)?))
            else {
                continue;
            };
            if read.ambiguous {
                let message = format!("a WITH query named like \"{}\", which has policies,", read.name);
                return Err(StatementError::unsupported(message));
            }
            text += &self.sql[written..read.start];
            text += &format!("{COMPATIBILITY_SCHEMA}.{}", quote_identifier(guard));
            if !read.aliased {
                text += &format!(" as {}", quote_identifier(&read.name));
            }
            written = read.end;
        }
        Ok(text + &self.sql[written..])
    }
}

/// Words that stand where a relation's name may, and are none: those of a query in parentheses among them.
const NO_NAMES: [&str; 5] = ["lateral", "only", "select", "with", "values"];

fn add_reads(statement: &[Token<'_>], start: usize, reads: &mut Vec<Read>) {
    let queries = with_queries(statement);
    let mut clauses = Clauses::default();
    let (mut at, mut offset) = (0, start);
    // The significant tokens before this one.
    let mut before: Vec<&Token<'_>> = Vec::new();
    while let Some(token) = statement.get(at) {
        if clauses.at_item()
            && token.identifier().is_some()
            && !is_target(&before)
            && !NO_NAMES.iter().any(|word| token.is_word(word))
            && let Some((mut read, length)) = relation(&statement[at..], offset)
        {
            read.ambiguous = read.schema.is_none() && queries.contains(&read.name);
            reads.push(read);
            // What comes next is behind the beginning of an item.
            for token in &statement[at..at + length] {
                clauses.pass(token);
                offset += token.text.len();
            }
            before.push(token);
            at += length;
            continue;
        }
        clauses.pass(token);
        if token.is_significant() {
            before.push(token);
        }
        offset += token.text.len();
        at += 1;
    }
}

/// Whether the name that comes next is that of what a statement changes, or what PostgreSQL's IS DISTINCT FROM compares with.
fn is_target(before: &[&Token<'_>]) -> bool {
    match before {
        [.., first, last] if last.is_word("from") => first.is_word("delete") || first.is_word("distinct"),
        [.., last] => last.is_word("into") || last.is_word("update"),
        [] => false,
    }
}

/// The relation whose name begins here, and how many tokens it has; nothing for a function.
fn relation(tokens: &[Token<'_>], start: usize) -> Option<(Read, usize)> {
    let mut cursor = Cursor::new(tokens);
    let mut names = vec![cursor.expect_identifier().ok()?];
    while cursor.take_operator(".") {
        names.push(cursor.expect_identifier().ok()?);
    }
    if cursor.at_operator("(") {
        return None;
    }
    let length = tokens.len() - cursor.rest().len();
    let end = start + tokens[..length].iter().map(|token| token.text.len()).sum::<usize>();
    let aliased = cursor.peek().is_some_and(|token| {
        token.identifier().is_some()
            && !is_no_alias(token)
            && !IN_PROCEDURES.iter().any(|word| token.is_word(word))
    });
    let name = names.pop()?;
    Some((Read { schema: names.pop(), name, start, end, aliased, ambiguous: false }, length))
}

/// Names before AS and a parenthesis, with or without columns between: those of WITH queries are among them.
fn with_queries(tokens: &[Token<'_>]) -> HashSet<String> {
    let significant: Vec<_> = tokens.iter().enumerate().filter(|(_, token)| token.is_significant()).collect();
    significant
        .iter()
        .filter_map(|(at, token)| {
            let name = token.identifier()?;
            let mut cursor = Cursor::new(&tokens[at + 1..]);
            if cursor.at_operator("(") {
                cursor.expect_list().ok()?;
            }
            (cursor.take_word("as") && cursor.at_operator("(")).then(|| name.into_owned())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(sql: &str) -> Vec<String> {
        let Some(Reads { reads, .. }) = Reads::of_statement(sql) else { return Vec::new() };
        reads
            .into_iter()
            .map(|read| read.schema.map_or_else(String::new, |schema| schema + ".") + &read.name)
            .collect()
    }

    fn guarded(sql: &str) -> String {
        let reads = Reads::of_statement(sql).unwrap();
        let rows: Vec<_> = (1..=reads.reads.len())
            .map(|place| vec![Some(place.to_string()), Some("g".to_owned())])
            .collect();
        reads.guarded(&rows).unwrap()
    }

    #[test]
    fn what_a_statement_reads_is_found_wherever_it_stands() {
        let cases: [(&str, &[&str]); 10] = [
            (
                "select a from s.t, u join \"V\" v on v.a = u.a where a in (select b from w)",
                &["s.t", "u", "V", "w"],
            ),
            ("(select 1 from t) union select extract(year from d) from u", &["t", "u"]),
            ("insert into t (a) select a from s.u", &["s.u"]),
            ("delete from t using u where t.a = u.a", &["u"]),
            ("update t set a = u.a from u where exists (select 1 from t)", &["u", "t"]),
            ("create temporary table t as select * from (select * from u) x", &["u"]),
            ("explain select 1 from t", &["t"]),
            ("select 1 from f(1) x, lateral g(x) y, (t cross join u)", &["t", "u"]),
            ("create view v as select 1 from t", &[]),
            ("select 'from t', a -- from t\n", &[]),
        ];
        for (sql, expected) in cases {
            assert_eq!(names(sql), expected, "{sql}");
        }
    }

    #[test]
    fn a_guard_goes_by_the_name_of_what_it_guards() {
        assert_eq!(
            guarded("select t.a, x.b from s.t, \"U\" as x where 1=1"),
            "select t.a, x.b from redshift_catalog.\"g\" as \"t\", redshift_catalog.\"g\" as x where 1=1"
        );
        let body =
            "begin for r in select a from t loop delete from t where a in (select a from t); end loop; end";
        let reads = Reads::of_body(body).unwrap();
        let rows = [
            vec![Some("1".to_owned()), Some("g".to_owned())],
            vec![Some("2".to_owned()), Some("h".to_owned())],
        ];
        assert_eq!(
            reads.guarded(&rows).unwrap(),
            "begin for r in select a from redshift_catalog.\"g\" as \"t\" loop delete from t where a in \
             (select a from redshift_catalog.\"h\" as \"t\"); end loop; end"
        );
    }

    #[test]
    fn a_name_that_may_be_a_with_query_is_refused_if_it_has_policies() {
        let reads = Reads::of_statement("with t as (select 1 from t) select 1 from t").unwrap();
        let row = |place: &str| vec![Some(place.to_owned()), Some("g".to_owned())];
        assert_eq!(reads.guarded(&[]).unwrap(), reads.sql);
        assert!(reads.guarded(&[row("2")]).is_err());
        let reads = Reads::of_statement("with t as (select 1 from s.t) select 1 from t").unwrap();
        assert!(reads.guarded(&[row("1")]).is_ok());
    }
}
