//! What stands inside statements: names of the catalog, functions and keywords that Redshift spells otherwise.

use super::cursor::Cursor;
use super::names::COMPATIBILITY_SCHEMA;
use super::{Names, StatementError};
use crate::lexer::{Token, TokenKind};

/// Functions of PostgreSQL that Redshift lacks (`c_unsupported-postgresql-functions`), and tests would lean on unawares.
const UNKNOWN_FUNCTIONS: [&str; 12] = [
    "array_agg",
    "array_position",
    "array_remove",
    "format",
    "json_agg",
    "json_build_object",
    "jsonb_build_object",
    "quote_nullable",
    "regexp_matches",
    "row_to_json",
    "string_agg",
    "unnest",
];

/// Functions whose first argument is a date part without quotes.
const DATE_PART_FUNCTIONS: [&str; 4] = ["dateadd", "date_add", "datediff", "date_diff"];

/// The tokens' text in PostgreSQL's spelling.
pub fn rewrite(tokens: &[Token<'_>], names: &Names) -> Result<String, StatementError> {
    let mut text = String::with_capacity(tokens.iter().map(|token| token.text.len()).sum());
    let mut rest = tokens;
    let mut before: Option<&Token<'_>> = None;
    while let Some((token, after)) = rest.split_first() {
        rest = after;
        if token.kind != TokenKind::Word || before.is_some_and(|before| before.is_operator(".")) {
            text.push_str(token.text);
        } else {
            rest = word(token, after, names, &mut text)?;
        }
        if token.is_significant() {
            before = Some(token);
        }
    }
    Ok(text)
}

/// Writes a word that no dot stands before, and gives what is left after it.
fn word<'t, 'a>(
    token: &Token<'a>,
    after: &'t [Token<'a>],
    names: &Names,
    text: &mut String,
) -> Result<&'t [Token<'a>], StatementError> {
    let lower = token.text.to_ascii_lowercase();
    let mut cursor = Cursor::new(after);
    let called = cursor.at_operator("(");
    match lower.as_str() {
        "pg_catalog" if cursor.take_operator(".") => {
            let shadowed =
                cursor.peek().and_then(Token::identifier).is_some_and(|name| names.is_shadowed(&name));
            text.push_str(if shadowed { COMPATIBILITY_SCHEMA } else { token.text });
        }
        "sysdate" if !called => text.push_str("sysdate()"),
        "minus" if cursor.at_word("select") || called => text.push_str("except"),
        "varchar" | "nvarchar" | "varying" | "char" if called => {
            text.push_str(token.text);
            if cursor.take_operator("(") && cursor.take_word("max") && cursor.take_operator(")") {
                text.push_str(if lower == "char" { "(4096)" } else { "(65535)" });
                return Ok(cursor.rest());
            }
        }
        "nvl" if called => text.push_str("coalesce"),
        "nvl2" if called => {
            let arguments = arguments(&mut cursor, names)?;
            let [value, then, otherwise] = arguments.as_slice() else {
                return Err(StatementError::new("42883", "function nvl2 takes three arguments"));
            };
            *text += &format!("(case when {value} is not null then {then} else {otherwise} end)");
            return Ok(cursor.rest());
        }
        "decode" if called => {
            decode(&arguments(&mut cursor, names)?, text)?;
            return Ok(cursor.rest());
        }
        name if called && DATE_PART_FUNCTIONS.contains(&name) => {
            text.push_str(&name.replace('_', ""));
            return Ok(date_part(&mut cursor, after, text));
        }
        name if called && UNKNOWN_FUNCTIONS.contains(&name) => {
            return Err(StatementError::new("42883", format!("function {name} does not exist"))
                .with_hint("redshift-local: it exists in PostgreSQL, but not in Redshift"));
        }
        "lateral" => return Err(StatementError::new("42601", "syntax error at or near \"lateral\"")),
        _ => text.push_str(token.text),
    }
    Ok(after)
}

/// The arguments of a call, each rewritten.
fn arguments(cursor: &mut Cursor<'_, '_>, names: &Names) -> Result<Vec<String>, StatementError> {
    cursor.expect_list()?.into_iter().map(|argument| rewrite(argument, names)).collect()
}

/// DECODE (`r_DECODE_expression`) takes two NULLs for equal.
fn decode(arguments: &[String], text: &mut String) -> Result<(), StatementError> {
    let Some((value, pairs)) = arguments.split_first().filter(|(_, pairs)| pairs.len() >= 2) else {
        return Err(StatementError::new(
            "42883",
            "function decode takes an expression, a search and a result",
        ));
    };
    text.push_str("(case");
    let pairs = pairs.chunks_exact(2);
    let otherwise = pairs.remainder().first();
    for pair in pairs {
        *text += &format!(" when ({value}) is not distinct from ({}) then {}", pair[0], pair[1]);
    }
    if let Some(otherwise) = otherwise {
        *text += &format!(" else {otherwise}");
    }
    text.push_str(" end)");
    Ok(())
}

/// Writes `(` and a bare date part as a string; gives what is left after it.
fn date_part<'t, 'a>(
    cursor: &mut Cursor<'t, 'a>,
    after: &'t [Token<'a>],
    text: &mut String,
) -> &'t [Token<'a>] {
    cursor.take_operator("(");
    match cursor.take_keyword() {
        Some(part) if cursor.at_operator(",") => {
            *text += &format!("('{part}'");
            cursor.rest()
        }
        _ => after,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexer::tokenize;

    fn rewritten(sql: &str) -> Result<String, String> {
        let names = Names::new(["pg_class".to_owned()]);
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
            "(case when a is not null then  (case when (b) is not distinct from ( 1) then  'x' else  'y' end) else  sysdate() end)"
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
