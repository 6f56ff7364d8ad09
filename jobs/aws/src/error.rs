//! The one error of this crate.

use migration::outcome::ErrorKind;

/// What failed on AWS: one line with the cause and the remedy, without any value of a secret.
///
/// The SDK's error is not kept as a source: its useful part is in the message, the rest is for the SDK's
/// authors.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct AwsError {
    /// What kind of failure it is: decides on a retry and on the exit status.
    pub kind: ErrorKind,
    /// Cause and remedy.
    pub message: String,
}

impl AwsError {
    /// Makes an error; the message names what failed, on which object, and what to do.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }

    /// An error that a change of the deployment, a secret or an argument makes go away.
    pub(crate) fn configuration(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Configuration, message)
    }
}
