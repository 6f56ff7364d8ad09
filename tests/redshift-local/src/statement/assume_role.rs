//! GRANT and REVOKE of ASSUMEROLE (`r_GRANT`, `r_GRANT-usage-notes-assumerole`): who may name which IAM role in which commands.

use super::cursor::Cursor;
use super::principal::Kind;
use super::privilege::{Grantees, Place, Scope, Verb};
use super::{StatementError, Translation};

/// The commands as the statement names them, and as `SVV_IAM_PRIVILEGES` does.
const COMMANDS: [(&[&str], &str); 4] = [
    (&["copy"], "COPY"),
    (&["unload"], "UNLOAD"),
    (&["external", "function"], "EXFUNC"),
    (&["create", "model"], "CREATE MODEL"),
];

/// The IAM role that is the warehouse's default (`r_SVV_IAM_PRIVILEGES`).
const DEFAULT_ROLE: &str = "default-aws-iam-role";

/// Any IAM role (`PG_GET_IAM_ROLE_BY_USER`).
const ANY_ROLE: &str = "default";

/// ASSUMEROLE ON { 'iam_role' [, …] | default | ALL } { TO | FROM } grantee [, …] FOR { ALL | command [, …] }.
pub fn translate(mut cursor: Cursor<'_, '_>, verb: Verb) -> Result<Translation, StatementError> {
    if verb == Verb::RevokeOption {
        return Err(cursor.unexpected());
    }
    cursor.expect_word("on")?;
    let iam_roles = if cursor.take_word("all") {
        vec![ANY_ROLE.to_owned()]
    } else if cursor.take_word("default") {
        vec![DEFAULT_ROLE.to_owned()]
    } else {
        cursor.expect_separated(Cursor::expect_string)?
    };
    let kinds = [Kind::User, Kind::Group, Kind::Role, Kind::Public];
    let grantees = Grantees::expect_some(&mut cursor, verb, &kinds, false)?;
    cursor.expect_word("for")?;
    let commands = if cursor.take_word("all") {
        COMMANDS.iter().map(|(_, name)| *name).collect()
    } else {
        cursor.expect_separated(|cursor| {
            let command = COMMANDS.iter().find(|(words, _)| cursor.take_words(words));
            command.map(|(_, name)| *name).ok_or_else(|| cursor.unexpected())
        })?
    };
    cursor.expect_end()?;
    let scope = Scope { name: "ASSUMEROLE", place: Place::None, iam_roles };
    Ok(verb.translation(verb.permit(&scope, &commands, &grantees)))
}
