//! What kind of thing went wrong, and what follows from it.

use serde::{Deserialize, Serialize};

/// The kinds of error of the whole project; one exhaustive match each gives retry and exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorKind {
    /// A job argument is unknown, missing or malformed.
    Arguments,
    /// A secret, role or setting does not hold what it should.
    Configuration,
    /// A warehouse or an AWS service could not be reached.
    Unreachable,
    /// A login or a right was refused.
    Denied,
    /// An object that was named does not exist.
    NotFound,
    /// Somebody else changed the same thing at the same time: serialization conflicts, locks.
    Conflict,
    /// The warehouse, or this version of the tool, does not support what was asked.
    Unsupported,
    /// The data does not fit: load errors, constraint violations, counts that differ.
    Data,
    /// The warehouse ended a statement before its end: a person cancelled it, or it ran into a limit of time.
    Canceled,
    /// Too many requests.
    Throttled,
    /// Rows or a warehouse that nobody asked to touch stand where the work was to be done.
    Protected,
    /// The connection was lost during COMMIT: it may or may not have happened.
    OutcomeUnknown,
    /// A defect of this tool.
    Internal,
}

/// What to do after an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// The same attempt may succeed a moment later.
    Again,
    /// Look first whether it happened, then perhaps again.
    AfterLooking,
    /// Only a person can help.
    Never,
}

impl ErrorKind {
    /// Whether an attempt that ended this way is worth another.
    pub fn retry(self) -> Retry {
        match self {
            Self::Conflict | Self::Throttled | Self::Unreachable => Retry::Again,
            Self::OutcomeUnknown => Retry::AfterLooking,
            Self::Arguments
            | Self::Configuration
            | Self::Denied
            | Self::NotFound
            | Self::Unsupported
            | Self::Data
            | Self::Canceled
            | Self::Protected
            | Self::Internal => Retry::Never,
        }
    }

    /// Whether a new start of the job may end otherwise.
    pub fn may_pass(self) -> bool {
        self.exit_status() == 3
    }

    /// The exit status of a job that this error ended: 2 bad arguments or configuration, 3 a warehouse or
    /// AWS could not be reached, was busy, or refused the login, 1 anything else. The state machine starts a job once more
    /// after 3 alone.
    pub fn exit_status(self) -> u8 {
        match self {
            Self::Arguments | Self::Configuration => 2,
            Self::Unreachable | Self::Denied | Self::OutcomeUnknown | Self::Conflict | Self::Throttled => 3,
            Self::NotFound
            | Self::Unsupported
            | Self::Data
            | Self::Canceled
            | Self::Protected
            | Self::Internal => 1,
        }
    }
}
