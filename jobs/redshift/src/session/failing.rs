//! A session that fails where it is told to.

use super::{Batch, ResultSet, Session, SqlError};

/// Passes messages on to another session, and refuses those that hold a given text.
#[derive(Debug)]
pub struct FailingSession<S> {
    /// Where messages go.
    pub inner: S,
    needle: String,
    error: SqlError,
}

impl<S> FailingSession<S> {
    /// A session that answers `error` to every message that holds `needle`.
    pub fn on(inner: S, needle: &str, error: SqlError) -> Self {
        Self { inner, needle: needle.to_owned(), error }
    }
}

impl<S: Session> Session for FailingSession<S> {
    async fn run(&mut self, batch: &Batch) -> Result<Vec<ResultSet>, SqlError> {
        let at = batch.statements().iter().position(|statement| statement.as_str().contains(&self.needle));
        match at {
            Some(at) => Err(SqlError { statement_index: Some(at), ..self.error.clone() }),
            None => self.inner.run(batch).await,
        }
    }
}
