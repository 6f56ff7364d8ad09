//! What a warehouse answers when it refuses, and what kind of error that is.

use super::Batch;
use migration::outcome::ErrorKind;
use migration::transfer::{tellable, tellable_of_definition};
use tokio_postgres::error::{DbError, SqlState};

/// A message that failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SqlError {
    /// What kind of error.
    pub kind: ErrorKind,
    /// The warehouse's code; none where the connection was lost.
    pub sqlstate: Option<String>,
    /// Which statement of the message failed, from 0; none where the connection was lost.
    pub statement_index: Option<usize>,
    /// What the warehouse said. It may quote values where the statement moved data: see
    /// [`SqlError::without_values`].
    pub message: String,
}

impl SqlError {
    /// The error of a message whose statement number `statement_index` the warehouse refused, or during which
    /// the connection was lost.
    pub(super) fn new(error: &tokio_postgres::Error, statement_index: usize, batch: &Batch) -> Self {
        match error.as_db_error() {
            Some(refusal) => Self {
                kind: kind_of(refusal),
                sqlstate: Some(refusal.code().code().to_owned()),
                statement_index: Some(statement_index),
                message: refusal.message().to_owned(),
            },
            None => Self::lost(batch, error),
        }
    }

    /// The error of a message during which the connection was lost, for this cause.
    pub fn lost(batch: &Batch, cause: impl std::fmt::Display) -> Self {
        Self {
            kind: if batch.commits() { ErrorKind::OutcomeUnknown } else { ErrorKind::Unreachable },
            sqlstate: None,
            statement_index: None,
            message: format!("the connection was lost: {cause}"),
        }
    }

    /// The same error for statements whose messages may quote values: only its code is kept.
    #[must_use]
    pub fn without_values(self, statement: &str) -> Self {
        match &self.sqlstate {
            Some(code) => Self { message: format!("{statement} was refused with SQLSTATE {code}"), ..self },
            None => self,
        }
    }

    /// The same error for UNLOAD and COPY: its code, and what of the message is known to quote no value.
    #[must_use]
    pub fn of_transfer(self, statement: &str) -> Self {
        self.telling(statement, tellable)
    }

    /// The same error for a statement that computes rows by a definition: its code, and the message where it is about the names
    /// and types of the definition.
    #[must_use]
    pub fn of_definition(self, statement: &str) -> Self {
        self.telling(statement, tellable_of_definition)
    }

    fn telling(self, statement: &str, tellable: fn(&str, &str) -> Option<String>) -> Self {
        let Some(code) = &self.sqlstate else { return self };
        let told = tellable(code, &self.message).map(|told| format!(": {told}")).unwrap_or_default();
        Self { message: format!("{statement} was refused with SQLSTATE {code}{told}"), ..self }
    }

    /// Whether the session is gone: the connection was lost, or the warehouse ended it (57P01 to 57P03).
    pub fn ends_session(&self) -> bool {
        self.sqlstate.as_deref().is_none_or(|code| code.starts_with("57P0"))
    }
}

/// SQLSTATE classes are PostgreSQL's. Redshift reports serialization conflicts as error 1023 and 1018 inside
/// an internal error's message (`c_serial_isolation`).
fn kind_of(refusal: &DbError) -> ErrorKind {
    let code = refusal.code();
    let message = refusal.message();
    if *code == SqlState::INTERNAL_ERROR && (message.starts_with("1023") || message.starts_with("1018")) {
        return ErrorKind::Conflict;
    }
    match (code.code().get(..2).unwrap_or_default(), code) {
        ("28", _) | (_, &SqlState::INSUFFICIENT_PRIVILEGE) => ErrorKind::Denied,
        ("40", _) | (_, &SqlState::LOCK_NOT_AVAILABLE) => ErrorKind::Conflict,
        ("3D" | "3F", _)
        | (
            _,
            &(SqlState::UNDEFINED_TABLE
            | SqlState::UNDEFINED_FUNCTION
            | SqlState::UNDEFINED_COLUMN
            | SqlState::UNDEFINED_OBJECT),
        ) => ErrorKind::NotFound,
        ("0A" | "42", _) => ErrorKind::Unsupported,
        // A full disk stays full for now.
        ("53", code) if *code != SqlState::DISK_FULL => ErrorKind::Throttled,
        ("08" | "57", _) => ErrorKind::Unreachable,
        ("22" | "23" | "53" | "XX", _) => ErrorKind::Data,
        _ => ErrorKind::Internal,
    }
}
