//! CREATE, ALTER and DROP ROLE (`r_CREATE_ROLE`, `r_ALTER_ROLE`, `r_DROP_ROLE`).

use super::cursor::Cursor;
use super::names::{quote_literal, quote_optional};
use super::principal::{Principal, expect_role, expect_user};
use super::{StatementError, Translation};
use crate::lexer::Token;

/// The prefix of the roles that Redshift defines (`r_roles-default`).
const SYSTEM_PREFIX: &str = "sys:";

/// CREATE ROLE name [ EXTERNALID id ].
pub fn create(tokens: &[Token<'_>]) -> Result<Translation, StatementError> {
    let mut cursor = Cursor::new(tokens);
    cursor.expect_words(&["create", "role"])?;
    let role = expect_custom_role(&mut cursor)?;
    let external_id =
        if cursor.take_word("externalid") { Some(expect_external_id(&mut cursor)?) } else { None };
    cursor.expect_end()?;
    Ok(Translation::block(vec![
        format!("CALL redshift_catalog.rs_expect_free({})", quote_literal(role.name())),
        format!("CREATE ROLE {} NOLOGIN", role.identifier()),
        set_role(&role, None, external_id.as_ref()),
    ])
    .with_tag("CREATE ROLE"))
}

/// ALTER ROLE name [ WITH ] { RENAME TO name | OWNER TO user } [, …] [ EXTERNALID TO id ].
pub fn alter(tokens: &[Token<'_>]) -> Result<Translation, StatementError> {
    let mut cursor = Cursor::new(tokens);
    cursor.expect_words(&["alter", "role"])?;
    let mut role = expect_custom_role(&mut cursor)?;
    cursor.take_word("with");
    let mut statements = Vec::new();
    loop {
        if cursor.take_words(&["rename", "to"]) {
            let new = expect_custom_role(&mut cursor)?;
            statements.push(format!("CALL redshift_catalog.rs_expect_free({})", quote_literal(new.name())));
            statements.push(format!("ALTER ROLE {} RENAME TO {}", role.identifier(), new.identifier()));
            role = new;
        } else if cursor.take_words(&["owner", "to"]) {
            let owner = expect_user(&mut cursor)?;
            statements.push(set_role(&role, Some(&owner), None));
        } else if cursor.take_words(&["externalid", "to"]) {
            let external_id = expect_external_id(&mut cursor)?;
            statements.push(set_role(&role, None, Some(&external_id)));
        } else {
            return Err(cursor.unexpected());
        }
        if !cursor.take_operator(",") && !cursor.at_word("externalid") {
            break;
        }
    }
    cursor.expect_end()?;
    Ok(Translation::block(statements).with_tag("ALTER ROLE"))
}

/// DROP ROLE name [ FORCE | RESTRICT ].
pub fn drop(tokens: &[Token<'_>]) -> Result<Translation, StatementError> {
    let mut cursor = Cursor::new(tokens);
    cursor.expect_words(&["drop", "role"])?;
    let role = expect_role(&mut cursor)?;
    let force = cursor.take_any_word(&["force", "restrict"]) == Some("force");
    cursor.expect_end()?;
    Ok(Translation::block(vec![
        format!("CALL redshift_catalog.rs_before_drop_role({}, {force})", role.literal()),
        format!("DROP ROLE {}", role.identifier()),
    ])
    .with_tag("DROP ROLE"))
}

/// Takes an identifier of an identity provider's, which the pages write like a delimited name.
pub fn expect_external_id(cursor: &mut Cursor<'_, '_>) -> Result<String, StatementError> {
    match cursor.take_string() {
        Some(id) => Ok(id),
        None => cursor.expect_identifier(),
    }
}

fn expect_custom_role(cursor: &mut Cursor<'_, '_>) -> Result<Principal, StatementError> {
    let role = expect_role(cursor)?;
    if role.name().starts_with(SYSTEM_PREFIX) {
        return Err(StatementError::new(
            "42939",
            format!(
                "role name \"{}\" is reserved: the prefix {SYSTEM_PREFIX} is Redshift's own",
                role.name()
            ),
        ));
    }
    Ok(role)
}

fn set_role(role: &Principal, owner: Option<&Principal>, external_id: Option<&String>) -> String {
    let owner = owner.map_or_else(|| "NULL".to_owned(), Principal::literal);
    format!("CALL redshift_catalog.rs_set_role({}, {owner}, {})", role.literal(), quote_optional(external_id))
}
