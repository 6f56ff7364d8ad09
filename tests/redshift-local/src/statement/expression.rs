//! What stands inside statements: names of the catalog, functions, keywords and paths into SUPER values that Redshift
//! spells otherwise.

use super::clauses::Clauses;
use super::cursor::Cursor;
use super::names::COMPATIBILITY_SCHEMA;
use super::navigation::{Path, Scope, Step, Unnesting};
use super::{Names, StatementError, data_type, quote_identifier, quote_literal};
use crate::lexer::{Token, TokenKind};
use crate::reference;

/// Functions whose first argument is a date part without quotes.
const DATE_PART_FUNCTIONS: [&str; 5] = ["dateadd", "date_add", "datediff", "date_diff", "date_part"];

/// The tokens' text in PostgreSQL's spelling, if they use nothing but what Redshift has.
pub fn rewrite(tokens: &[Token<'_>], names: &Names) -> Result<String, StatementError> {
    reference::check_expression(tokens, names)?;
    Rewriter { names, scope: Scope::of(tokens) }.rewrite(tokens)
}

/// The same of a piece of a procedure.
pub fn rewrite_in_procedure(tokens: &[Token<'_>], names: &Names) -> Result<String, StatementError> {
    Rewriter { names, scope: Scope::of_procedure(tokens) }.rewrite(tokens)
}

/// What holds in the whole of a text, whichever piece of it is written.
struct Rewriter<'n> {
    names: &'n Names,
    scope: Scope,
}

impl Rewriter<'_> {
    fn rewrite(&self, tokens: &[Token<'_>]) -> Result<String, StatementError> {
        let mut text = String::with_capacity(tokens.iter().map(|token| token.text.len()).sum());
        let mut clauses = Clauses::default();
        let mut rest = tokens;
        // The two significant tokens before this one.
        let mut before: [Option<&Token<'_>>; 2] = [None, None];
        while let Some((token, after)) = rest.split_first() {
            let (here, at_item) = (rest, clauses.at_item());
            rest = after;
            if let Some(level) = clauses.pass(token) {
                text += &level.tail;
            }
            // A name is a column's unless it stands where items of FROM, types and aliases do.
            let is_column =
                !at_item && !before[0].is_some_and(|before| before.is_operator("::") || before.is_word("as"));
            if token.identifier().is_none() || before[0].is_some_and(|before| before.is_operator(".")) {
                text.push_str(token.text);
            } else if let Some(item) = self.scope.unnesting(here).filter(|_| at_item) {
                text += &self.unnested(&item)?;
                rest = item.rest;
            } else if let Some(path) =
                Path::at(here).filter(|path| is_column && self.scope.split(path).is_some())
            {
                text += &self.navigated(&path)?;
                rest = path.rest;
                let ends = Cursor::new(rest);
                let whole = before[0]
                    .is_some_and(|before| before.is_operator(",") || before.is_word("select"))
                    && (ends.at_operator(",") || ends.at_word("from"));
                if whole && clauses.in_select_list() {
                    text += &format!(" as {}", quote_identifier(&path.result_name()));
                }
                let mut ahead = ends.clone();
                // An = of two SUPERs would make PostgreSQL read a literal beside a SUPER as JSON: it has another name.
                if ahead.take_operator("=")
                    && Path::at(ahead.rest()).is_some_and(|other| self.scope.split(&other).is_some())
                {
                    text += &format!(" operator({COMPATIBILITY_SCHEMA}.@&=)");
                    rest = ahead.rest();
                }
            } else if token.kind == TokenKind::Word {
                rest = self.word(token, after, before, &mut clauses, &mut text)?;
            } else {
                text.push_str(token.text);
            }
            if token.is_significant() {
                before = [Some(token), before[0]];
            }
        }
        Ok(text + &clauses.tails())
    }

    /// An array's elements as a table.
    fn unnested(&self, item: &Unnesting<'_, '_>) -> Result<String, StatementError> {
        let array = self.navigated(&item.array)?;
        let alias = quote_identifier(&item.alias);
        Ok(match &item.place {
            None => format!("lateral {COMPATIBILITY_SCHEMA}.rs_unnest({array}) as {alias}({alias})"),
            Some(place) => {
                let place = quote_identifier(place);
                format!("lateral {COMPATIBILITY_SCHEMA}.rs_unnest_at({array}) as {alias}({alias}, {place})")
            }
        })
    }

    /// A path into a value as calls.
    fn navigated(&self, path: &Path<'_, '_>) -> Result<String, StatementError> {
        let (column, steps) = self.scope.split(path).unwrap_or_else(|| (path.column(), Vec::new()));
        let column: Vec<_> = column.iter().map(|token| token.text).collect();
        let mut value = column.join(".");
        for step in steps {
            let step = match step {
                Step::Attribute(token) => quote_literal(&token.identifier().unwrap_or_default()),
                Step::Element(place) => self.rewrite(place)?,
            };
            value = format!("{COMPATIBILITY_SCHEMA}.rs_get({value}, {step})");
        }
        Ok(value)
    }

    /// Writes a word that no dot stands before, and gives what is left after it.
    fn word<'t, 'a>(
        &self,
        token: &Token<'a>,
        after: &'t [Token<'a>],
        before: [Option<&Token<'_>>; 2],
        clauses: &mut Clauses,
        text: &mut String,
    ) -> Result<&'t [Token<'a>], StatementError> {
        let lower = token.text.to_ascii_lowercase();
        let mut cursor = Cursor::new(after);
        let called = cursor.at_operator("(");
        match lower.as_str() {
            "pg_catalog" if cursor.take_operator(".") => {
                let name = cursor.peek().and_then(Token::identifier);
                let shadowed = name.is_some_and(|name| self.names.is_shadowed(&name));
                text.push_str(if shadowed { COMPATIBILITY_SCHEMA } else { token.text });
            }
            "sysdate" if !called => text.push_str("sysdate()"),
            // r_CURRENT_NAMESPACE has no form with parentheses.
            "current_namespace" if called => {
                return Err(StatementError::unsupported("CURRENT_NAMESPACE with parentheses"));
            }
            "current_namespace" => text.push_str("current_namespace()"),
            "minus" if cursor.at_word("select") || called => text.push_str("except"),
            "varchar" | "nvarchar" | "varying" | "char" if called => {
                text.push_str(token.text);
                if cursor.take_operator("(") && cursor.take_word("max") && cursor.take_operator(")") {
                    text.push_str(if lower == "char" { "(4096)" } else { "(65535)" });
                    return Ok(cursor.rest());
                }
            }
            // r_SELECT_list: a limit at the end of its query.
            "top" if before[0].is_some_and(|before| before.is_word("select")) => {
                if let Some(number) = take_top(&mut cursor) {
                    clauses.last().tail = format!(" limit {number}");
                    return Ok(cursor.rest());
                }
                text.push_str(token.text);
            }
            "union" | "intersect" | "except" | "minus" if !clauses.last().tail.is_empty() => {
                return Err(StatementError::unsupported(format!("TOP with {}", lower.to_uppercase())));
            }
            "qualify" if !called && cursor.take_keyword().is_some() && cursor.at_operator("(") => {
                return Err(StatementError::unsupported("QUALIFY"));
            }
            "pivot" | "unpivot" if called && clauses.in_from() => {
                return Err(StatementError::unsupported(lower.to_uppercase()));
            }
            // r_COUNT
            "approximate" if cursor.take_word("count") => {
                *text += &format!("{COMPATIBILITY_SCHEMA}.rs_approximate_count");
                return Ok(cursor.rest());
            }
            // PostgreSQL 8.0 has series of integers alone.
            "generate_series" if called => *text += &format!("{COMPATIBILITY_SCHEMA}.generate_series"),
            // A keyword of PostgreSQL's own.
            "json_serialize" if called => *text += &format!("{COMPATIBILITY_SCHEMA}.json_serialize"),
            "nvl" if called => text.push_str("coalesce"),
            name if called && DATE_PART_FUNCTIONS.contains(&name) && name != "date_part" => {
                text.push_str(&name.replace('_', ""));
            }
            "nvl2" | "decode" | "convert" | "listagg" | "ratio_to_report" if called => {
                self.call(&lower, &mut cursor, text)?;
                return Ok(cursor.rest());
            }
            part if is_date_part(before, &cursor) => *text += &format!("'{part}'"),
            _ => text.push_str(token.text),
        }
        Ok(after)
    }

    /// Writes a call that PostgreSQL needs in another form. The cursor is before its parenthesis.
    fn call(
        &self,
        function: &str,
        cursor: &mut Cursor<'_, '_>,
        text: &mut String,
    ) -> Result<(), StatementError> {
        let list = cursor.expect_list()?;
        if let ("convert", [name, value]) = (function, list.as_slice()) {
            let mut name = Cursor::new(name);
            let sql_type = data_type::expect(&mut name)?;
            name.expect_end()?;
            *text += &format!("cast({} as {sql_type})", self.rewrite(value)?);
            return Ok(());
        }
        let arguments: Vec<String> =
            list.into_iter().map(|argument| self.rewrite(argument)).collect::<Result<_, _>>()?;
        match (function, arguments.as_slice()) {
            ("nvl2", [value, then, otherwise]) => {
                *text += &format!("(case when {value} is not null then {then} else {otherwise} end)");
            }
            ("decode", [value, pairs @ ..]) if pairs.len() >= 2 => decode(value, pairs, text),
            // r_LISTAGG: PostgreSQL has the order inside the call.
            ("listagg", [_, ..]) => {
                let mut order = String::new();
                if cursor.take_words(&["within", "group"]) {
                    order = format!(" {}", self.only_argument(cursor)?.trim());
                }
                *text += &format!("listagg({}{order})", arguments.join(","));
            }
            // r_WF_RATIO_TO_REPORT
            ("ratio_to_report", [value]) if cursor.take_word("over") => {
                let window = self.only_argument(cursor)?;
                *text += &format!("(({value})::double precision / nullif(sum({value}) over ({window}), 0))");
            }
            _ => {
                let message = format!("function {function} does not take these arguments");
                return Err(StatementError::new("42883", message));
            }
        }
        Ok(())
    }

    /// What stands in the parentheses that come next.
    fn only_argument(&self, cursor: &mut Cursor<'_, '_>) -> Result<String, StatementError> {
        let list = cursor.expect_list()?;
        let list: Result<Vec<_>, _> = list.into_iter().map(|argument| self.rewrite(argument)).collect();
        Ok(list?.join(","))
    }
}

/// DECODE (`r_DECODE_expression`) takes two NULLs for equal.
fn decode(value: &str, pairs: &[String], text: &mut String) {
    text.push_str("(case");
    let pairs = pairs.chunks_exact(2);
    let otherwise = pairs.remainder().first();
    for pair in pairs {
        let (search, result) = (pair[0].trim(), &pair[1]);
        let both_null = format!("({value}) is null and ({search}) is null");
        *text += &match search {
            _ if search.eq_ignore_ascii_case("null") => format!(" when ({value}) is null then {result}"),
            _ => format!(" when ({value}) = ({search}) or {both_null} then {result}"),
        };
    }
    if let Some(otherwise) = otherwise {
        *text += &format!(" else {otherwise}");
    }
    text.push_str(" end)");
}

/// Takes the number behind TOP, in parentheses or not.
fn take_top(cursor: &mut Cursor<'_, '_>) -> Option<String> {
    let parenthesis = cursor.take_operator("(");
    let number = cursor.expect_number().ok()?.to_owned();
    (!parenthesis || cursor.take_operator(")")).then_some(number)
}

/// Whether a word is the bare date part of a call, the first of its arguments.
fn is_date_part(before: [Option<&Token<'_>>; 2], after: &Cursor<'_, '_>) -> bool {
    let [Some(parenthesis), Some(function)] = before else { return false };
    parenthesis.is_operator("(")
        && after.at_operator(",")
        && DATE_PART_FUNCTIONS.iter().any(|name| function.is_word(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexer::tokenize;
    use crate::options::Kind;

    fn rewritten(sql: &str) -> Result<String, String> {
        let postgres = ["string_agg", "format"].map(str::to_owned);
        let names = Names::new(Kind::Provisioned, ["pg_class".to_owned()], postgres);
        rewrite(&tokenize(sql).unwrap(), &names).map_err(|error| error.message)
    }

    #[test]
    fn what_needs_no_change_stays_as_it_was_written() {
        let sql = "select  a /* b */ , 'nvl(' from \"T\" -- end";
        assert_eq!(rewritten(sql).unwrap(), sql);
    }

    #[test]
    fn catalog_names_are_found_in_the_compatibility_schema() {
        assert_eq!(
            rewritten("select 1 from pg_catalog.pg_class, pg_catalog.pg_type").unwrap(),
            "select 1 from redshift_catalog.pg_class, pg_catalog.pg_type"
        );
    }

    #[test]
    fn functions_nest() {
        assert_eq!(
            rewritten("nvl2(a, decode(b, 1, 'x', 'y'), sysdate)").unwrap(),
            "(case when a is not null then  (case when (b) = (1) or (b) is null and (1) is null then  'x' else  'y' end) \
             else  sysdate() end)"
        );
        assert_eq!(rewritten("a::varchar(max)").unwrap(), "a::varchar(65535)");
        assert_eq!(rewritten("dateadd(day, nvl(n, 1), d)").unwrap(), "dateadd('day', coalesce(n, 1), d)");
    }

    #[test]
    fn functions_of_postgresql_alone_are_refused() {
        assert_eq!(rewritten("select string_agg(a, ',')").unwrap_err(), "function string_agg does not exist");
        assert_eq!(rewritten("select format from t").unwrap(), "select format from t");
    }
}
