//! What a text of SQL does with relations: the names that stand where a statement expects a relation.
//!
//! A name elsewhere may be of a column or an alias ([`super::mentions`] finds them all). Here a clause decides, so that a text
//! is said to read what it reads. A text need be no SQL: whatever comes in, it is read to its end.

use super::mention::{Reading, add_literals, each_text};
use super::token::{Comments, Token, TokenKind, tokens};
use crate::name::Identifier;
use std::collections::BTreeSet;

/// What is done with a relation; each needs the privilege of the same name (`r_GRANT`), and reading needs SELECT.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "each is the keyword of the same name")]
pub(crate) enum Act {
    Read,
    Insert,
    Update,
    Delete,
    Truncate,
}

/// A relation that a text does something with.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Usage {
    /// Its database, in the spellings that its name may have; none where the text does not say it.
    pub database: Vec<Identifier>,
    /// Its schema, where the text says it; of a name of three parts the one in the middle.
    pub schema: Option<Identifier>,
    /// Its name.
    pub name: Identifier,
    /// What is done.
    pub act: Act,
}

/// What a text does with relations: each in every spelling that its name may have. Names that the text itself defines, as
/// `WITH name AS (…)` does, are none.
pub(crate) fn usages(sql: &str, reading: Reading) -> BTreeSet<Usage> {
    let mut found = BTreeSet::new();
    each_text(sql, reading, |text, comments, literals| {
        add(text, comments, &mut found);
        add_literals(text, comments, literals);
    });
    found
}

/// The words behind which a statement of a procedure begins, as it does behind a semicolon.
const BEFORE_STATEMENTS: [&str; 5] = ["begin", "then", "else", "loop", "explain"];

/// What has been read of a query, or of what stands between two parentheses.
#[derive(Clone, Copy, Default)]
struct Clause {
    /// A relation comes next, for this.
    expects: Option<Act>,
    /// A comma is between relations.
    lists: bool,
    /// A statement has begun, so that FROM is its clause: EXTRACT (… FROM …) and FETCH … FROM have none.
    is_statement: bool,
}

fn add(sql: &str, comments: Comments, found: &mut BTreeSet<Usage>) {
    let pieces: Vec<Token> = tokens(sql, comments).collect();
    let defined = defined(&pieces);
    let mut items = BTreeSet::new();
    let (mut outer, mut clause): (Vec<Clause>, Clause) = (Vec::new(), Clause::default());
    // The word before, and whether a statement may begin here: a column may be called copy or delete.
    let (mut before, mut begins) = (String::new(), true);
    let mut at = 0;
    while let Some(token) = pieces.get(at) {
        at += 1;
        let word =
            if token.kind == TokenKind::Word { token.text.to_ascii_lowercase() } else { String::new() };
        let next = pieces.get(at);
        let opens = |next: Option<&Token>| next.is_some_and(|next| next.is_sign("("));
        if token.is_sign("(") {
            // FROM (a JOIN b …), (SELECT …), or arguments of a function.
            let joined = clause.expects == Some(Act::Read);
            outer.push(Clause { expects: None, ..clause });
            let expects = joined.then_some(Act::Read);
            clause = Clause { expects, lists: joined, is_statement: false };
        } else if token.is_sign(")") {
            clause = outer.pop().unwrap_or_default();
        } else if token.is_sign(",") {
            clause.expects = clause.lists.then_some(Act::Read);
        } else if token.is_sign(";") {
            (outer, clause) = (Vec::new(), Clause::default());
        } else {
            clause = match word.as_str() {
                // PERFORM is SELECT without a result, of PostgreSQL 8.0: c_PLpgSQL-statements does not list it.
                "select" | "perform" => Clause { expects: None, lists: false, is_statement: true },
                "delete" if begins => Clause { expects: Some(Act::Delete), lists: false, is_statement: true },
                "from" if clause.expects == Some(Act::Delete) => clause,
                "from" if clause.is_statement => Clause { expects: Some(Act::Read), lists: true, ..clause },
                "join" => Clause { expects: Some(Act::Read), lists: true, ..clause },
                // JOIN … USING (column) names no relation.
                "using" if !opens(next) => Clause { expects: Some(Act::Read), lists: true, ..clause },
                "into" if before == "insert" => Clause { expects: Some(Act::Insert), ..Clause::default() },
                "into" if before == "merge" => Clause { expects: Some(Act::Update), ..Clause::default() },
                "copy" if begins => Clause { expects: Some(Act::Insert), ..Clause::default() },
                // MERGE … WHEN MATCHED THEN UPDATE SET names none.
                "update" if begins && next.is_none_or(|next| !next.is_word("set")) => {
                    Clause { expects: Some(Act::Update), lists: false, is_statement: true }
                }
                "truncate" if begins => Clause { expects: Some(Act::Truncate), ..Clause::default() },
                "only" | "table" if clause.expects.is_some() => clause,
                "on" => Clause { expects: None, ..clause },
                "where" | "group" | "order" | "having" | "limit" | "set" | "values" | "when" | "union"
                | "intersect" | "except" => Clause { expects: None, lists: false, ..clause },
                _ => {
                    if let Some(act) = clause.expects
                        && !token.names().is_empty()
                    {
                        let mut parts = vec![token.names()];
                        while let [dot, part, ..] = &pieces[at..]
                            && dot.is_sign(".")
                            && !part.names().is_empty()
                        {
                            parts.push(part.names());
                            at += 2;
                        }
                        // A parenthesis behind it makes it a function, but for INSERT INTO t (column, …).
                        if act != Act::Read || !opens(pieces.get(at)) {
                            // FROM t AS a, a.orders.lines AS line: parts of a value (`query-super`, unnesting).
                            let of_value =
                                parts.len() > 2 && parts[0].iter().any(|first| items.contains(first));
                            if !of_value {
                                found.extend(of_parts(&parts, act, &defined));
                            }
                            items.extend(called(&parts, &pieces[at..]));
                        }
                    }
                    Clause { expects: None, ..clause }
                }
            };
        }
        begins = token.is_sign(";") || BEFORE_STATEMENTS.contains(&word.as_str());
        before = word;
    }
}

/// The words that may follow a relation and are no alias.
const BEHIND_RELATIONS: [&str; 9] =
    ["cross", "full", "inner", "join", "left", "natural", "on", "right", "where"];

/// What a query calls a relation: by the alias behind it, or by its own name.
fn called(parts: &[Vec<Identifier>], behind: &[Token]) -> Vec<Identifier> {
    let alias = match behind {
        [as_word, alias, ..] if as_word.is_word("as") => Some(alias),
        [alias, ..] if !BEHIND_RELATIONS.iter().any(|word| alias.is_word(word)) => Some(alias),
        _ => None,
    };
    let names = alias.map(Token::names).filter(|names| !names.is_empty());
    names.or_else(|| parts.last().cloned()).unwrap_or_default()
}

/// The usages of a name with its parts, each in its spellings.
fn of_parts(parts: &[Vec<Identifier>], act: Act, defined: &BTreeSet<Identifier>) -> Vec<Usage> {
    let (Some(names), qualifiers) = (parts.last(), &parts[..parts.len().saturating_sub(1)]) else {
        return Vec::new();
    };
    let database = match qualifiers {
        [.., database, _] => database.clone(),
        _ => Vec::new(),
    };
    let usage = |schema: Option<&Identifier>, name: &Identifier| Usage {
        database: database.clone(),
        schema: schema.cloned(),
        name: name.clone(),
        act,
    };
    match qualifiers.last() {
        None if names.iter().any(|name| defined.contains(name)) => Vec::new(),
        None => names.iter().map(|name| usage(None, name)).collect(),
        Some(schemas) => {
            let of_schema = |schema| names.iter().map(move |name| usage(Some(schema), name));
            schemas.iter().flat_map(of_schema).collect()
        }
    }
}

/// The names that stand before AS (…) or (column, …) AS (…).
fn defined(pieces: &[Token]) -> BTreeSet<Identifier> {
    let mut found = BTreeSet::new();
    for (at, token) in pieces.iter().enumerate() {
        let mut rest = &pieces[at + 1..];
        if rest.first().is_some_and(|next| next.is_sign("(")) {
            let Some(end) = rest.iter().position(|piece| piece.is_sign(")")) else { continue };
            rest = &rest[end + 1..];
        }
        if let [as_word, opens, ..] = rest
            && as_word.is_word("as")
            && opens.is_sign("(")
        {
            found.extend(token.names());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn used(sql: &str, reading: Reading) -> Vec<String> {
        let plain = |usage: Usage| {
            let schema = usage.schema.map(|schema| format!("{}.", schema.as_str())).unwrap_or_default();
            format!("{:?} {schema}{}", usage.act, usage.name.as_str())
        };
        usages(sql, reading).into_iter().map(plain).collect()
    }

    #[test]
    fn a_query_reads_what_stands_where_a_relation_does() {
        for (sql, expected) in [
            (
                "SELECT t, (SELECT max(x) FROM s.u) FROM a, s.b AS c JOIN (d e JOIN f ON e.x = f.g) ON true, h",
                vec!["Read a", "Read d", "Read f", "Read h", "Read s.b", "Read s.u"],
            ),
            (
                "SELECT x FROM db.s.\"T\" stl_query WHERE stl_query.x IN (SELECT y FROM only z) ORDER BY a, b",
                vec!["Read z", "Read s.T", "Read s.t"],
            ),
            (
                "WITH a AS (SELECT 1 FROM b), c (x) AS (SELECT 2 FROM a) SELECT * FROM a, c, s.a",
                vec!["Read b", "Read s.a"],
            ),
            (
                "SELECT extract(year FROM day), trim(both 'x' FROM y), f(a, b) FROM f(1) JOIN t USING (id), u",
                vec!["Read t", "Read u"],
            ),
            (
                "SELECT 'x FROM y' /* FROM z */ -- FROM w\n FROM t UNION SELECT a, b FROM u GROUP BY a, v",
                vec!["Read t", "Read u"],
            ),
            ("CREATE VIEW s.v (a) AS (select a from s.t) WITH NO SCHEMA BINDING", vec!["Read s.t"]),
            (
                "SELECT index, element FROM s.bar AS b, b.data.scalar_array AS element AT index, baz LEFT JOIN baz.a.b x ON true",
                vec!["Read baz", "Read s.bar"],
            ),
            ("SELECT 1 FROM b.data.t, s.u c, wh.s.t wh", vec!["Read s.u", "Read data.t", "Read s.t"]),
            (
                "SELECT copy, t.delete, update FROM t WHERE truncate > 1 AND x IN (SELECT y FROM u)",
                vec!["Read t", "Read u"],
            ),
            ("", vec![]),
            ("FROM t, u", vec![]),
        ] {
            assert_eq!(used(sql, Reading::Sql), expected, "{sql}");
        }
    }

    #[test]
    fn a_procedure_does_more_than_read() {
        let body = "BEGIN
            INSERT INTO s.a (x, y) SELECT p, q FROM s.b;
            UPDATE c SET x = d.y FROM d WHERE c.x = d.x;
            DELETE FROM e USING f WHERE e.x = f.x;
            MERGE INTO g USING h ON g.x = h.x WHEN MATCHED THEN UPDATE SET x = 1;
            PERFORM x FROM u, v;
            DELETE k; TRUNCATE TABLE i; COPY j FROM 's3://b/k';
            SELECT n INTO m FROM o; FETCH NEXT FROM cursor1 INTO p;
            EXECUTE 'DELETE FROM s.q WHERE ' || condition;
            FOR r IN SELECT x FROM t LOOP END LOOP; END";
        assert_eq!(
            used(body, Reading::BodyWithLiterals),
            [
                "Update c",
                "Read d",
                "Delete e",
                "Read f",
                "Update g",
                "Read h",
                "Truncate i",
                "Insert j",
                "Delete k",
                "Read o",
                "Read t",
                "Read u",
                "Read v",
                "Insert s.a",
                "Read s.b",
                "Delete s.q"
            ]
        );
        assert!(!used(body, Reading::Body).contains(&"Delete s.q".to_owned()));
    }

    proptest! {
        #[test]
        fn any_text_is_read_to_its_end(text in "[a-z .,();'\"]{0,60}") {
            usages(&text, Reading::BodyWithLiterals);
        }
    }
}
