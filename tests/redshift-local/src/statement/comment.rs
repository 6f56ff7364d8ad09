//! COMMENT (`r_COMMENT`): on tables, columns, constraints, views and the current database, and on nothing else.

use super::cursor::Cursor;
use super::names::{quote_identifier, quote_literal};
use super::{StatementError, Translation};
use crate::lexer::Token;

/// COMMENT ON kind name IS { 'text' | NULL }.
pub fn translate(tokens: &[Token<'_>]) -> Result<Translation, StatementError> {
    let mut cursor = Cursor::new(tokens);
    cursor.expect_word("comment")?;
    cursor.expect_word("on")?;
    let Some(kind) = cursor.take_any_word(&["table", "column", "view", "constraint", "database"]) else {
        return Err(cursor.unexpected());
    };
    let object = match kind {
        "database" => cursor.expect_identifier()?,
        "constraint" => {
            let constraint = quote_identifier(&cursor.expect_identifier()?);
            cursor.expect_word("on")?;
            format!("{constraint} ON {}", cursor.expect_qualified_name()?)
        }
        _ => cursor.expect_qualified_name()?,
    };
    cursor.expect_word("is")?;
    let text =
        if cursor.take_word("null") { "NULL".to_owned() } else { quote_literal(&expect_text(&mut cursor)?) };
    cursor.expect_end()?;
    let sql = if kind == "database" {
        // Another database's comment is a warning rather than an error.
        format!("CALL redshift_catalog.rs_comment_on_database({}, {text})", quote_literal(&object))
    } else if kind == "view" {
        // A materialized view is a view to Redshift and something else to PostgreSQL.
        format!("CALL redshift_catalog.rs_comment_on_view({}::regclass, {text})", quote_literal(&object))
    } else {
        format!("COMMENT ON {} {object} IS {text}", kind.to_uppercase())
    };
    Ok(Translation::of(sql).with_tag("COMMENT"))
}

/// A quoted string, or one between dollar signs: no page speaks of those here, and dbt-redshift writes all its comments so.
fn expect_text(cursor: &mut Cursor<'_, '_>) -> Result<String, StatementError> {
    let text = cursor.peek().and_then(Token::string_value).ok_or_else(|| cursor.unexpected())?;
    cursor.next();
    Ok(text.into_owned())
}
