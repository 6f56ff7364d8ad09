//! CREATE SCHEMA and ALTER SCHEMA (`r_CREATE_SCHEMA`, `r_ALTER_SCHEMA`), without quotas.

use super::cursor::Cursor;
use super::names::quote_identifier;
use super::{StatementError, Translation};
use crate::lexer::Token;

/// CREATE SCHEMA [ IF NOT EXISTS ] name [ AUTHORIZATION user ] | AUTHORIZATION user.
pub fn create(tokens: &[Token<'_>]) -> Result<Translation, StatementError> {
    let mut cursor = Cursor::new(tokens);
    cursor.expect_word("create")?;
    cursor.expect_word("schema")?;
    let mut sql = "CREATE SCHEMA".to_owned();
    if cursor.take_words(&["if", "not", "exists"]) {
        sql += " IF NOT EXISTS";
    }
    if !cursor.at_word("authorization") {
        sql += &format!(" {}", quote_identifier(&cursor.expect_identifier()?));
    }
    if cursor.take_word("authorization") {
        sql += &format!(" AUTHORIZATION {}", quote_identifier(&cursor.expect_identifier()?));
    }
    refuse_quota(&cursor)?;
    cursor.expect_end()?;
    Ok(Translation::of(sql))
}

/// ALTER SCHEMA name { OWNER | RENAME } TO name.
pub fn alter(tokens: &[Token<'_>]) -> Result<Translation, StatementError> {
    let mut cursor = Cursor::new(tokens);
    cursor.expect_word("alter")?;
    cursor.expect_word("schema")?;
    let schema = quote_identifier(&cursor.expect_identifier()?);
    refuse_quota(&cursor)?;
    let Some(change) = cursor.take_any_word(&["owner", "rename"]) else { return Err(cursor.unexpected()) };
    cursor.expect_word("to")?;
    let name = quote_identifier(&cursor.expect_identifier()?);
    cursor.expect_end()?;
    Ok(Translation::of(format!("ALTER SCHEMA {schema} {change} TO {name}")))
}

fn refuse_quota(cursor: &Cursor<'_, '_>) -> Result<(), StatementError> {
    if cursor.at_word("quota") { Err(StatementError::unsupported("a schema's QUOTA")) } else { Ok(()) }
}
