//! CREATE LIBRARY and DROP LIBRARY (`r_CREATE_LIBRARY`, `r_DROP_LIBRARY`): Python modules, listed in `PG_LIBRARY`; their files
//! are not fetched.

use super::cursor::Cursor;
use super::names::quote_literal;
use super::{StatementError, Translation};
use crate::lexer::Token;

/// CREATE [ OR REPLACE ] LIBRARY name LANGUAGE plpythonu FROM 'place' [ options ].
pub fn create(tokens: &[Token<'_>]) -> Result<Translation, StatementError> {
    let mut cursor = Cursor::new(tokens);
    cursor.expect_word("create")?;
    let replace = cursor.take_words(&["or", "replace"]);
    cursor.expect_word("library")?;
    let name = cursor.expect_identifier()?;
    for word in ["language", "plpythonu", "from"] {
        cursor.expect_word(word)?;
    }
    let place = cursor.expect_string()?;
    if cursor.take_word("iam_role") {
        if !cursor.take_word("default") {
            cursor.expect_string()?;
        }
    } else if cursor.take_word("credentials") {
        cursor.take_word("as");
        cursor.expect_string()?;
    } else if place.starts_with("s3://") {
        return Err(cursor.unexpected());
    }
    if cursor.take_word("region") {
        cursor.take_word("as");
        cursor.expect_string()?;
    }
    cursor.expect_end()?;
    Ok(call(&format!("rs_create_library({}, {replace})", quote_literal(&name))).with_tag("CREATE LIBRARY"))
}

/// DROP LIBRARY name.
pub fn drop(tokens: &[Token<'_>]) -> Result<Translation, StatementError> {
    let mut cursor = Cursor::new(tokens);
    cursor.expect_word("drop")?;
    cursor.expect_word("library")?;
    let name = cursor.expect_identifier()?;
    cursor.expect_end()?;
    Ok(call(&format!("rs_drop_library({})", quote_literal(&name))).with_tag("DROP LIBRARY"))
}

/// Neither runs inside a transaction block.
fn call(procedure: &str) -> Translation {
    Translation::of(format!("CALL redshift_catalog.{procedure}"))
}
