//! CREATE, ALTER and DROP GROUP (`r_CREATE_GROUP`, `r_ALTER_GROUP`, `r_DROP_GROUP`).

use super::cursor::Cursor;
use super::principal::{expect_group, expect_users};
use super::{StatementError, Translation};
use crate::lexer::Token;

/// CREATE GROUP name [ [ WITH ] USER user [, …] ].
pub fn create(tokens: &[Token<'_>]) -> Result<Translation, StatementError> {
    let mut cursor = Cursor::new(tokens);
    cursor.expect_word("create")?;
    cursor.expect_word("group")?;
    let group = expect_group(&mut cursor)?;
    let with = cursor.take_word("with");
    let members = if cursor.take_word("user") {
        format!(" ROLE {}", expect_users(&mut cursor)?.join(", "))
    } else if with {
        return Err(cursor.unexpected());
    } else {
        String::new()
    };
    cursor.expect_end()?;
    Ok(Translation::of(format!("CREATE ROLE {group} NOLOGIN{members}")).with_tag("CREATE GROUP"))
}

/// ALTER GROUP name { ADD USER user [, …] | DROP USER user [, …] | RENAME TO name }.
pub fn alter(tokens: &[Token<'_>]) -> Result<Translation, StatementError> {
    let mut cursor = Cursor::new(tokens);
    cursor.expect_word("alter")?;
    cursor.expect_word("group")?;
    let group = expect_group(&mut cursor)?;
    let sql = if cursor.take_words(&["add", "user"]) {
        format!("GRANT {group} TO {}", expect_users(&mut cursor)?.join(", "))
    } else if cursor.take_words(&["drop", "user"]) {
        format!("REVOKE {group} FROM {}", expect_users(&mut cursor)?.join(", "))
    } else if cursor.take_words(&["rename", "to"]) {
        format!("ALTER ROLE {group} RENAME TO {}", expect_group(&mut cursor)?)
    } else {
        return Err(cursor.unexpected());
    };
    cursor.expect_end()?;
    Ok(Translation::of(sql).with_tag("ALTER GROUP"))
}

/// DROP GROUP name.
pub fn drop(tokens: &[Token<'_>]) -> Result<Translation, StatementError> {
    let mut cursor = Cursor::new(tokens);
    cursor.expect_word("drop")?;
    cursor.expect_word("group")?;
    let group = expect_group(&mut cursor)?;
    cursor.expect_end()?;
    Ok(Translation::of(format!("DROP ROLE {group}")).with_tag("DROP GROUP"))
}
