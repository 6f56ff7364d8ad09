//! A session that answers from a script and remembers what it was asked.

use crate::session::{Batch, ResultSet, Session, SqlError};
use std::collections::VecDeque;

/// Records every message; answers come from the front of a queue, or are empty, one a statement.
#[derive(Debug, Default)]
pub struct RecordingSession {
    /// The messages so far.
    pub sent: Vec<Batch>,
    answers: VecDeque<Result<Vec<ResultSet>, SqlError>>,
}

impl RecordingSession {
    /// A session that gives these answers, in order.
    pub fn answering(answers: impl IntoIterator<Item = Result<Vec<ResultSet>, SqlError>>) -> Self {
        Self { sent: Vec::new(), answers: answers.into_iter().collect() }
    }
}

impl Session for RecordingSession {
    async fn run(&mut self, batch: &Batch) -> Result<Vec<ResultSet>, SqlError> {
        self.sent.push(batch.clone());
        let empty = || Ok(batch.statements().iter().map(|_| ResultSet::default()).collect());
        self.answers.pop_front().unwrap_or_else(empty)
    }

    fn case_sensitive_by_default(&self) -> Option<bool> {
        None
    }
}
