//! CREATE SCHEMA and ALTER SCHEMA (`r_CREATE_SCHEMA`, `r_ALTER_SCHEMA`). Quotas are kept and listed, not acted on.

use super::attributes::{Attributes, SchemaAttributes};
use super::cursor::Cursor;
use super::names::{quote_identifier, quote_literal};
use super::principal::{expect_owner_or_name, expect_user};
use super::{StatementError, Translation};
use crate::lexer::Token;

/// CREATE SCHEMA { [ IF NOT EXISTS ] name [ AUTHORIZATION user ] | AUTHORIZATION user } [ QUOTA … ].
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
        sql += &format!(" AUTHORIZATION {}", expect_user(&mut cursor)?.identifier());
    }
    let quota = if cursor.take_word("quota") { expect_quota(&mut cursor)? } else { None };
    cursor.expect_end()?;
    let schema = quota.map(|quota| SchemaAttributes { quota: Some(quota), external: None });
    Ok(Translation::of(Attributes { schema, ..Attributes::default() }.behind(&sql)))
}

/// ALTER SCHEMA name { { OWNER | RENAME } TO name | QUOTA … }.
pub fn alter(tokens: &[Token<'_>]) -> Result<Translation, StatementError> {
    let mut cursor = Cursor::new(tokens);
    cursor.expect_word("alter")?;
    cursor.expect_word("schema")?;
    let schema = quote_identifier(&cursor.expect_identifier()?);
    let sql = if cursor.take_word("quota") {
        let quota = expect_quota(&mut cursor)?.map_or_else(|| "NULL".to_owned(), |quota| quota.to_string());
        format!("CALL redshift_catalog.rs_set_quota({}::regnamespace, {quota})", quote_literal(&schema))
    } else {
        let Some(change) = cursor.take_any_word(&["owner", "rename"]) else {
            return Err(cursor.unexpected());
        };
        cursor.expect_word("to")?;
        format!("ALTER SCHEMA {schema} {change} TO {}", expect_owner_or_name(&mut cursor, change)?)
    };
    cursor.expect_end()?;
    Ok(Translation::of(sql).with_tag("ALTER SCHEMA"))
}

/// A quota in MB; none if it is UNLIMITED. Without a unit it is in GB.
fn expect_quota(cursor: &mut Cursor<'_, '_>) -> Result<Option<i32>, StatementError> {
    if cursor.take_word("unlimited") {
        return Ok(None);
    }
    let quota = cursor.expect_integer()?;
    let unit = match cursor.take_any_word(&["mb", "gb", "tb"]) {
        Some("mb") => 1,
        Some("tb") => 1024 * 1024,
        _ => 1024,
    };
    let megabytes = quota.checked_mul(unit).and_then(|quota| i32::try_from(quota).ok());
    megabytes
        .filter(|quota| *quota > 0)
        .map(Some)
        .ok_or_else(|| StatementError::new("22023", format!("quota {quota} is out of range")))
}
