//! CREATE, ALTER and DROP GROUP (`r_CREATE_GROUP`, `r_ALTER_GROUP`, `r_DROP_GROUP`).

use super::cursor::Cursor;
use super::principal::{expect_group, expect_user, identifiers};
use super::{StatementError, Translation};
use crate::lexer::Token;

/// CREATE GROUP name [ [ WITH ] USER user [, …] ].
pub fn create(tokens: &[Token<'_>]) -> Result<Translation, StatementError> {
    let mut cursor = Cursor::new(tokens);
    cursor.expect_words(&["create", "group"])?;
    let group = expect_group(&mut cursor)?.identifier();
    let with = cursor.take_word("with");
    let members = if cursor.take_word("user") {
        format!(" ROLE {}", identifiers(&cursor.expect_separated(expect_user)?))
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
    cursor.expect_words(&["alter", "group"])?;
    let group = expect_group(&mut cursor)?.identifier();
    let sql = if cursor.take_words(&["add", "user"]) {
        format!("GRANT {group} TO {}", identifiers(&cursor.expect_separated(expect_user)?))
    } else if cursor.take_words(&["drop", "user"]) {
        format!("REVOKE {group} FROM {}", identifiers(&cursor.expect_separated(expect_user)?))
    } else if cursor.take_words(&["rename", "to"]) {
        format!("ALTER ROLE {group} RENAME TO {}", expect_group(&mut cursor)?.identifier())
    } else {
        return Err(cursor.unexpected());
    };
    cursor.expect_end()?;
    Ok(Translation::of(sql).with_tag("ALTER GROUP"))
}

/// DROP GROUP name.
pub fn drop(tokens: &[Token<'_>]) -> Result<Translation, StatementError> {
    let mut cursor = Cursor::new(tokens);
    cursor.expect_words(&["drop", "group"])?;
    let group = expect_group(&mut cursor)?;
    cursor.expect_end()?;
    let check = format!("CALL redshift_catalog.rs_before_drop(ARRAY[{}])", group.literal());
    let drop = format!("DROP ROLE {}", group.identifier());
    Ok(Translation::block(vec![check, drop]).with_tag("DROP GROUP"))
}
