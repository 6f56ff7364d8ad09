//! Names of groups. A group is a role named `group <name>`, so that groups and users have name spaces of their own.

use super::StatementError;
use super::cursor::Cursor;
use super::names::quote_identifier;

/// Longest name of a group that leaves room for the prefix.
const MAX_GROUP_NAME_BYTES: usize = 57;

/// Takes a user's name and gives it as an identifier. A name with a group's prefix would be taken for one.
pub fn expect_user(cursor: &mut Cursor<'_, '_>) -> Result<String, StatementError> {
    let name = cursor.expect_identifier()?;
    if name.starts_with("group ") || name.starts_with("role ") {
        return Err(StatementError::unsupported(format!("the user name \"{name}\"")));
    }
    Ok(quote_identifier(&name))
}

/// Takes a group's name and gives its role as an identifier.
pub fn expect_group(cursor: &mut Cursor<'_, '_>) -> Result<String, StatementError> {
    let name = cursor.expect_identifier()?;
    if name.len() > MAX_GROUP_NAME_BYTES {
        return Err(StatementError::new(
            "42622",
            format!("redshift-local: the group name \"{name}\" is longer than {MAX_GROUP_NAME_BYTES} bytes"),
        ));
    }
    Ok(quote_identifier(&format!("group {name}")))
}

/// Takes users' names, separated by commas.
pub fn expect_users(cursor: &mut Cursor<'_, '_>) -> Result<Vec<String>, StatementError> {
    let mut users = vec![expect_user(cursor)?];
    while cursor.take_operator(",") {
        users.push(expect_user(cursor)?);
    }
    Ok(users)
}
