//! What is wrong with a value.

use std::borrow::Cow;

/// What is wrong with a value, and how to write it. Reads on from the argument's name: "--RETRY is not a
/// number; …". It never holds the value itself.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem}; {remedy}")]
pub struct ValueError {
    problem: Cow<'static, str>,
    remedy: Cow<'static, str>,
}

impl ValueError {
    /// Puts a problem ("is empty") and its remedy ("give …") together.
    pub(crate) fn new(problem: impl Into<Cow<'static, str>>, remedy: impl Into<Cow<'static, str>>) -> Self {
        Self { problem: problem.into(), remedy: remedy.into() }
    }
}
