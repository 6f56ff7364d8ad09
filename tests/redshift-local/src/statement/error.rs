//! The error of one statement, as Redshift would report it to the client.

use std::fmt;
use std::io;

use crate::lexer::LexError;

/// What is sent to a client as an `ErrorResponse` of severity `ERROR`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementError {
    /// Five-character SQLSTATE.
    pub sqlstate: String,
    /// One line: what failed, and on which object.
    pub message: String,
    /// More about the cause, where there is more.
    pub detail: Option<String>,
    /// What to do about it, where something can be done.
    pub hint: Option<String>,
    /// Where PostgreSQL was when it failed, a `COPY`'s line and column for instance. It may quote values, so
    /// that it stays on this side: clients are not sent it.
    pub context: Option<String>,
}

const MISSING_FUNCTION: &str = "function ";
const MISSING: &str = " does not exist";

impl StatementError {
    /// An error with a message alone.
    pub fn new(sqlstate: &str, message: impl Into<String>) -> Self {
        Self {
            sqlstate: sqlstate.to_owned(),
            message: message.into(),
            detail: None,
            hint: None,
            context: None,
        }
    }

    /// Something that is not part of this stand-in (`feature_not_supported`). The message says so with the
    /// prefix `redshift-local:`, so that nobody takes it for an answer of Redshift's.
    pub fn unsupported(what: impl fmt::Display) -> Self {
        Self::new("0A000", format!("redshift-local: {what} is not supported"))
    }

    /// A statement that Redshift would not parse either, or that is not recognised (`syntax_error`).
    pub fn syntax(what: impl fmt::Display) -> Self {
        Self::new("42601", format!("redshift-local: {what}"))
    }

    /// A call of a function that does not exist (`undefined_function`).
    pub fn missing_function(name: &str) -> Self {
        Self::new("42883", format!("{MISSING_FUNCTION}{name}{MISSING}"))
            .with_hint("redshift-local: it exists in PostgreSQL, but not in Redshift")
    }

    /// An error of COPY from Parquet, which Redshift Spectrum reads: the message says no more than that, and DETAIL has the cause
    /// (a whole one is in rudder-server, pull request 3178; the causes in `c-spectrum-troubleshooting`).
    pub fn spectrum(cause: impl fmt::Display) -> Self {
        let line = "-".repeat(47);
        Self::new("XX000", "Spectrum Scan Error").with_detail(format!(
            "\n  {line}\n  error:  Spectrum Scan Error\n  code:      15007\n  context:   {cause}\n  query:     0\n  \
             location:  dory_util.cpp:1226\n  process:   fetchtask_thread [pid=0]\n  {line}\n"
        ))
    }

    /// The function's name, if that is the error.
    pub fn function(&self) -> Option<&str> {
        self.message.strip_prefix(MISSING_FUNCTION)?.strip_suffix(MISSING)
    }

    /// The same error with a detail.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// The same error with a hint.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for StatementError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.message, self.sqlstate)
    }
}

impl std::error::Error for StatementError {}

/// A text that cannot be cut into tokens (`syntax_error`).
impl From<LexError> for StatementError {
    fn from(error: LexError) -> Self {
        Self::new("42601", error.to_string())
    }
}

/// The connection to PostgreSQL broke in the middle of a statement (`connection_failure`).
impl From<io::Error> for StatementError {
    fn from(error: io::Error) -> Self {
        Self::new("08006", format!("redshift-local: connection to the backend lost: {error}"))
    }
}
