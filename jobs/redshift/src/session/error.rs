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
    /// The cause, where the warehouse puts it into the error's DETAIL, as it does for COPY from Parquet. It may quote values as well.
    pub context: Option<String>,
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
                context: refusal.detail().and_then(context_of).map(str::to_owned),
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
            context: None,
        }
    }

    /// The same error for statements whose messages may quote values: only its code is kept.
    #[must_use]
    pub fn without_values(self, statement: &str) -> Self {
        match &self.sqlstate {
            Some(code) => Self {
                message: format!("{statement} was refused with SQLSTATE {code}"),
                context: None,
                ..self
            },
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

    /// What may be told of a refused UNLOAD or COPY; none where only its code may be told.
    pub fn tellable_of_transfer(&self) -> Option<String> {
        self.told_by(tellable)
    }

    fn telling(self, statement: &str, tellable: fn(&str, &str) -> Option<String>) -> Self {
        let Some(code) = &self.sqlstate else { return self };
        let told = self.told_by(tellable).map(|told| format!(": {told}")).unwrap_or_default();
        Self { message: format!("{statement} was refused with SQLSTATE {code}{told}"), context: None, ..self }
    }

    /// What of the cause or, failing that, of the message may be told.
    fn told_by(&self, tellable: fn(&str, &str) -> Option<String>) -> Option<String> {
        let code = self.sqlstate.as_deref()?;
        let of_context = self.context.as_deref().and_then(|context| tellable(code, context));
        of_context.or_else(|| tellable(code, &self.message))
    }

    /// Whether the object that was to be created is there by now: another session has made it since the target was read, such as the job
    /// of a tenant that shares users, groups or roles.
    pub fn is_there_already(&self) -> bool {
        self.sqlstate.as_deref().is_some_and(|code| THERE_ALREADY.iter().any(|state| state.code() == code))
    }

    /// Whether the session is gone: the connection was lost, or the warehouse ended it (57P01 to 57P03).
    pub fn ends_session(&self) -> bool {
        self.sqlstate.as_deref().is_none_or(|code| code.starts_with("57P0"))
    }
}

/// What is said of a user, group or role, a schema, a relation and a function that exist.
const THERE_ALREADY: [SqlState; 4] = [
    SqlState::DUPLICATE_OBJECT,
    SqlState::DUPLICATE_SCHEMA,
    SqlState::DUPLICATE_TABLE,
    SqlState::DUPLICATE_FUNCTION,
];

/// How the messages of Redshift's internal errors begin that another transaction caused. Errors 1023 and 1018 are serialization
/// conflicts (`c_serial_isolation`). The others come from catalog reads and DDL while an object is dropped or changed elsewhere: the
/// catalog's functions see what was committed meanwhile (dbt-adapters, pull request 1873; dbt-redshift, issue 928; sqlalchemy-redshift,
/// issue 104).
const CONFLICTS: [&str; 6] = [
    "1023",
    "1018",
    "could not complete because of conflict with concurrent transaction",
    "could not open relation with OID",
    "cache lookup failed",
    "could not find tuple",
];

/// The same where it stands behind the name of a table.
const DROPPED_MEANWHILE: &str = "dropped by concurrent transaction";

/// What a COPY or UNLOAD says whose requests S3 answered with a status that passes (S3's "Error responses"): such a request
/// may be sent again. `CanRetry 1` says nothing: it stands beside `Status 403`, too.
const S3_IS_BUSY: [&str; 4] = ["Status 503", "Status 500", "SlowDown", "InternalError"];

/// What DETAIL says in the line `context`, among lines like `error:`, `code:` and `query:`: Redshift prints its internal errors so.
fn context_of(detail: &str) -> Option<&str> {
    let is_field = |line: &str| {
        line.trim_start()
            .split_once(':')
            .is_some_and(|(name, _)| ["query", "location", "process"].contains(&name))
    };
    let start = detail.split_inclusive('\n').scan(0, |at, line| {
        let begin = *at;
        *at += line.len();
        Some((begin, line))
    });
    let (begin, line) = start.into_iter().find(|(_, line)| line.trim_start().starts_with("context:"))?;
    let value = begin + line.find(':')? + 1;
    let rest = &detail[value..];
    let end = rest.split_inclusive('\n').take_while(|line| !is_field(line)).map(str::len).sum();
    Some(rest[..end].trim())
}

/// SQLSTATE classes are PostgreSQL's.
fn kind_of(refusal: &DbError) -> ErrorKind {
    let code = refusal.code();
    let message = refusal.message();
    if *code == SqlState::INTERNAL_ERROR {
        let conflicts = CONFLICTS.iter().any(|start| message.starts_with(start));
        if conflicts || message.contains(DROPPED_MEANWHILE) {
            return ErrorKind::Conflict;
        }
        let of_s3 = [Some(message), refusal.detail()].into_iter().flatten();
        let mut of_s3 = of_s3.filter(|text| text.contains("S3ServiceException"));
        if of_s3.any(|text| S3_IS_BUSY.iter().any(|sign| text.contains(sign))) {
            return ErrorKind::Throttled;
        }
    }
    match (code.code().get(..2).unwrap_or_default(), code) {
        (_, code) if THERE_ALREADY.contains(code) => ErrorKind::Conflict,
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
        (_, &SqlState::QUERY_CANCELED) => ErrorKind::Canceled,
        ("08" | "57", _) => ErrorKind::Unreachable,
        ("22" | "23" | "53" | "XX", _) => ErrorKind::Data,
        _ => ErrorKind::Internal,
    }
}
