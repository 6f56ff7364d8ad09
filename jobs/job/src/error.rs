//! Why a job ended before it could finish.

use aws::AwsError;
use migration::outcome::{ErrorKind, Failure};
use migration::scope::MissingSchema;
use redshift::measure::MeasureError;
use redshift::read_catalog::ReadError;
use redshift::session::{ConnectError, SqlError};

/// One line that names the cause and the remedy, and the kind that gives the exit status.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct JobError {
    /// What kind of error.
    pub kind: ErrorKind,
    /// Cause and remedy.
    pub message: String,
}

impl JobError {
    /// The error of something that was done to an object or a warehouse: `what: cause`.
    pub fn of(kind: ErrorKind, what: impl std::fmt::Display, cause: impl std::fmt::Display) -> Self {
        Self { kind, message: format!("{what}: {cause}") }
    }

    /// The same for the ledger.
    pub fn failure(&self) -> Failure {
        let remedy = "put right what the message names, and start the job again";
        Failure { kind: self.kind, message: self.message.clone(), remedy: remedy.to_owned() }
    }

    /// The error of a session that is gone while it worked.
    pub fn lost(warehouse: &str, error: &SqlError) -> Self {
        let message = format!(
            "{warehouse} warehouse: {error}; what was committed stays, and a new start goes on from there"
        );
        Self { kind: error.kind, message }
    }

    /// The error of a catalog that cannot be read.
    pub fn reading(warehouse: &str, error: &ReadError) -> Self {
        Self::of(error.kind(), format_args!("{warehouse} warehouse"), error)
    }

    /// The error of something that cannot be measured.
    pub fn measuring(warehouse: &str, error: &MeasureError) -> Self {
        Self::of(error.kind(), format_args!("{warehouse} warehouse"), error)
    }
}

impl From<AwsError> for JobError {
    fn from(error: AwsError) -> Self {
        Self { kind: error.kind, message: error.to_string() }
    }
}

impl From<ConnectError> for JobError {
    fn from(error: ConnectError) -> Self {
        Self { kind: error.kind, message: error.message }
    }
}

impl From<MissingSchema> for JobError {
    fn from(error: MissingSchema) -> Self {
        Self { kind: ErrorKind::Arguments, message: error.to_string() }
    }
}
