//! PostgreSQL's errors and notices in Redshift's words.

use std::io;

use crate::protocol::{Fields, Message};
use crate::reference;
use crate::statement::{Names, StatementError};

/// What the session's error 1023 says beside its number (`c_serial_isolation-serializable-isolation-troubleshooting`).
const CONFLICT: &str = "Serializable isolation violation on table in Redshift";

/// Error 1023, as which a serialization failure shows.
pub fn serialization_conflict() -> StatementError {
    StatementError::new("XX000", "1023").with_detail(CONFLICT)
}

/// Error 1018, of a relation that another session has created since the snapshot was taken
/// (`c_serial_isolation-serializable-isolation-troubleshooting`).
pub fn missing_in_snapshot() -> StatementError {
    StatementError::new("XX000", "1018").with_detail("Relation does not exist.")
}

/// What DDL says, GRANT among it, that another session's has overtaken (dbt-adapters, pull request 1873; aws-cdk, issue 20495).
const OVERTAKEN: &str = "could not complete because of conflict with concurrent transaction";

/// A statement that was cancelled, by its session's timeout (`r_statement_timeout`) or by a user (`r_CANCEL`): the pages spell it in two
/// ways. No query here has an id.
pub fn canceled(error: StatementError) -> StatementError {
    let message = match error.message.as_str() {
        "canceling statement due to statement timeout" => "Query (0) canceled on user's request",
        "canceling statement due to user request" => "Query (0) cancelled on user's request",
        _ => return error,
    };
    StatementError::new(&error.sqlstate, message)
}

/// The message with its texts in Redshift's words and without the fields that PostgreSQL 8.0 does not send. The
/// position is left out: it counts in the rewritten text. `sql` is the statement that it is about, as the client wrote it.
pub fn translate(message: Message, names: &Names, sql: &str) -> io::Result<Message> {
    let tag = message.tag;
    let fields = Fields::decode(message.body)?;
    if fields.get(b'C') == Some("40001") {
        return Ok(Fields::of_error("ERROR", &serialization_conflict()).encode(tag));
    }
    if fields.get(b'C') == Some("57014") {
        return Ok(Fields::of_error("ERROR", &canceled(StatementError::from(&fields))).encode(tag));
    }
    // stored-procedure-transaction-management: COMMIT, ROLLBACK or TRUNCATE in a CALL inside a transaction block.
    let atomic = fields.get(b'C') == Some("2D000");
    let rollback = fields.get(b'W').is_some_and(|context| context.contains(" at ROLLBACK"));
    let verb = if rollback { "ROLLBACK" } else { "COMMIT" };
    // PostgreSQL's advice on identity columns is of no use here.
    let identity = fields.get(b'C') == Some("428C9");
    let missing = match (fields.get(b'C'), fields.get(b'M')) {
        (Some("42703" | "42883" | "42P01"), Some(message)) => reference::missing(message, names, sql),
        _ => None,
    };
    let fields = fields.map(|code, value| match code {
        b'C' if missing.is_some() => Some("0A000".to_owned()),
        b'M' if missing.is_some() => missing.clone(),
        b'M' if value == "tuple concurrently updated" || value == "tuple concurrently deleted" => {
            Some(OVERTAKEN.to_owned())
        }
        b'H' if missing.is_some() => None,
        b'M' if atomic => {
            Some(format!("{verb} cannot be invoked from a procedure that is executing in an atomic context."))
        }
        // query-super: a step into a column of another type (`statement/navigation.rs`).
        b'M' if value.starts_with("function redshift_catalog.rs_get(") => {
            Some("redshift-local: a path leads into a column that is no SUPER".to_owned())
        }
        b'M' if identity => Some("cannot set an identity column to a value".to_owned()),
        b'H' if identity => None,
        // Inside our own blocks and procedures, of which the client knows nothing. It might quote a password.
        b'W' if value.contains("inline_code_block") || value.contains("redshift_catalog.rs_") => None,
        b'S' | b'C' => Some(value),
        b'M' | b'D' | b'H' | b'W' => Some(plain_names(&value)),
        _ => None,
    });
    Ok(fields.encode(tag))
}

/// Users, groups and roles are all roles to PostgreSQL; groups and roles have a prefix (see `statement/principal.rs`).
fn plain_names(text: &str) -> String {
    const ROLE: &str = "role \"";
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(ROLE) {
        plain.push_str(&rest[..at]);
        rest = &rest[at + ROLE.len()..];
        if let Some(name) = rest.strip_prefix("group ") {
            plain.push_str("group \"");
            rest = name;
        } else if let Some(name) = rest.strip_prefix("role ") {
            plain.push_str(ROLE);
            rest = name;
        } else {
            plain.push_str("user \"");
        }
    }
    plain.push_str(rest);
    plain.replace("redshift_catalog.", "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn principals_show_their_plain_names() {
        assert_eq!(plain_names("role \"group g\" of role \"u\""), "group \"g\" of user \"u\"");
        assert_eq!(plain_names("nothing to do"), "nothing to do");
    }

    #[test]
    fn a_serialization_failure_is_1023() {
        let error = StatementError::new("40001", "could not serialize access").with_detail("some row");
        let message =
            translate(Fields::of_error("ERROR", &error).encode(b'E'), &Names::default(), "").unwrap();
        let fields = Fields::decode(message.body).unwrap();
        assert_eq!((fields.get(b'M'), fields.get(b'C')), (Some("1023"), Some("XX000")));
        assert_eq!(fields.get(b'D'), Some(CONFLICT));
    }
}
