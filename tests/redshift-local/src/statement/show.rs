//! SHOW of a parameter (`r_SHOW`), SHOW TABLE (`r_SHOW_TABLE`), SHOW VIEW (`r_SHOW_VIEW`), SHOW COLUMNS (`r_SHOW_COLUMNS`) and SHOW
//! PROCEDURE (`r_SHOW_PROCEDURE`). SHOW of anything else is refused.

use super::cursor::Cursor;
use super::names::{quote_identifier, quote_literal, quote_relation};
use super::set_parameter::expect_parameter;
use super::signature::expect_arguments;
use super::{StatementError, Translation};
use crate::lexer::Token;

/// The definitions that can be shown, with the function that writes each and the name of the one column.
const DEFINITIONS: [(&str, &str, &str); 2] = [
    ("table", "rs_show_table", "Show Table DDL statement"),
    ("view", "rs_show_view", "Show View DDL statement"),
];

/// SHOW name: a row with one column of that name.
pub fn translate(tokens: &[Token<'_>]) -> Result<Translation, StatementError> {
    let mut cursor = Cursor::new(tokens);
    cursor.expect_word("show")?;
    if cursor.take_word("procedure") {
        return procedure(cursor);
    }
    if cursor.take_words(&["columns", "from", "table"]) {
        return columns(cursor);
    }
    for (kind, function, title) in DEFINITIONS {
        let mut ahead = cursor.clone();
        if ahead.take_word(kind) && ahead.peek().is_some() {
            let relation = quote_relation(&ahead.expect_qualified_name()?);
            ahead.expect_end()?;
            let sql = format!("SELECT redshift_catalog.{function}({relation}) AS \"{title}\"");
            return Ok(Translation::of(sql).with_tag("SHOW"));
        }
    }
    let name = cursor.clone().expect_identifier()?.to_ascii_lowercase();
    if name == "all" {
        return Err(StatementError::unsupported("SHOW ALL"));
    }
    let value = if name == "server_version" {
        cursor.next();
        "'8.0.2'".to_owned()
    } else {
        let mut ahead = cursor.clone();
        ahead.next();
        if ahead.peek().is_some() {
            return Err(StatementError::unsupported(format!("SHOW {}", name.to_uppercase())));
        }
        expect_parameter(&mut cursor)?;
        format!("redshift_catalog.current_setting({})", quote_literal(&name))
    };
    cursor.expect_end()?;
    Ok(Translation::of(format!("SELECT {value}::text AS {}", quote_identifier(&name))).with_tag("SHOW"))
}

/// SHOW PROCEDURE name [ ( arguments ) ] (`r_SHOW_PROCEDURE`): the statement that creates it.
fn procedure(mut cursor: Cursor<'_, '_>) -> Result<Translation, StatementError> {
    let name = cursor.expect_qualified_name()?;
    let types = if cursor.at_operator("(") {
        let arguments = expect_arguments(&mut cursor)?;
        let types: Vec<_> =
            arguments.iter().map(|argument| format!("'{}'::regtype", argument.sql_type)).collect();
        format!("ARRAY[{}]::oid[]", types.join(", "))
    } else {
        "NULL".to_owned()
    };
    cursor.expect_end()?;
    let sql = format!(
        "SELECT redshift_catalog.rs_show_procedure({}, {types}) AS \"Stored Procedure Definition\"",
        quote_literal(&name)
    );
    Ok(Translation::of(sql).with_tag("SHOW"))
}

/// The most columns that SHOW COLUMNS lists (`r_SHOW_COLUMNS`).
const MOST_COLUMNS: i64 = 10_000;

/// SHOW COLUMNS FROM TABLE [ database. ] schema.table [ LIKE pattern ] [ LIMIT rows ] (`r_SHOW_COLUMNS`). The syntax has the database,
/// and the first example has none.
fn columns(mut cursor: Cursor<'_, '_>) -> Result<Translation, StatementError> {
    let mut parts = vec![cursor.expect_identifier()?];
    while cursor.take_operator(".") {
        parts.push(cursor.expect_identifier()?);
    }
    let (database, schema, table) = match parts.as_slice() {
        [schema, table] => ("NULL".to_owned(), schema, table),
        [database, schema, table] => (quote_literal(database), schema, table),
        _ => return Err(StatementError::syntax("SHOW COLUMNS names a table with its schema")),
    };
    let pattern =
        if cursor.take_word("like") { quote_literal(&cursor.expect_string()?) } else { "'%'".to_owned() };
    let limit = if cursor.take_word("limit") { cursor.expect_integer()? } else { MOST_COLUMNS };
    cursor.expect_end()?;
    if !(0..=MOST_COLUMNS).contains(&limit) {
        return Err(StatementError::new("22023", format!("LIMIT must be from 0 to {MOST_COLUMNS}")));
    }
    let sql = format!(
        "SELECT * FROM redshift_catalog.rs_show_columns({database}, {}, {}) WHERE column_name LIKE {pattern} \
         ORDER BY ordinal_position LIMIT {limit}",
        quote_literal(schema),
        quote_literal(table)
    );
    Ok(Translation::of(sql).with_tag("SHOW"))
}
