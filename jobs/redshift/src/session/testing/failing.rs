//! A session that fails where it is told to.

use crate::session::{Batch, ResultSet, Session, SqlError};
use migration::name::QualifiedName;

/// On which side of a call something happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// The call never arrives.
    Before,
    /// The call has done its work, and nobody hears of it.
    After,
}

/// Where a session fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum At {
    /// At the message of this number, from 1.
    Message(u64, When),
    /// At each statement that names this table.
    Naming(QualifiedName),
}

/// Passes messages on to another session, and fails at one point.
#[derive(Debug)]
pub struct FailingSession<S> {
    /// Where messages go.
    pub inner: S,
    at: At,
    error: SqlError,
    messages: u64,
}

impl<S> FailingSession<S> {
    /// A session that answers `error` at this point.
    pub fn at(inner: S, at: At, error: SqlError) -> Self {
        Self { inner, at, error, messages: 0 }
    }

    /// Whether a message fails, and which of its statements the warehouse refuses.
    fn strikes(&self, batch: &Batch) -> Option<(When, Option<usize>)> {
        match &self.at {
            At::Message(number, when) => (self.messages == *number).then_some((*when, None)),
            At::Naming(table) => {
                let name = table.to_string();
                let at = batch.statements().iter().position(|statement| statement.as_str().contains(&name));
                at.map(|at| (When::Before, Some(at)))
            }
        }
    }
}

impl<S: Session> Session for FailingSession<S> {
    async fn run(&mut self, batch: &Batch) -> Result<Vec<ResultSet>, SqlError> {
        self.messages += 1;
        let Some((when, statement_index)) = self.strikes(batch) else { return self.inner.run(batch).await };
        if when == When::After {
            self.inner.run(batch).await?;
        }
        Err(SqlError { statement_index, ..self.error.clone() })
    }

    fn case_sensitive_by_default(&self) -> Option<bool> {
        self.inner.case_sensitive_by_default()
    }
}

#[cfg(test)]
mod tests {
    use super::{At, FailingSession, When};
    use crate::session::testing::RecordingSession;
    use crate::session::{Session, SqlError};
    use migration::outcome::ErrorKind;
    use migration::statement;

    #[tokio::test]
    async fn the_message_before_which_it_fails_never_arrives() {
        for (when, arrived) in [(When::Before, 1), (When::After, 2)] {
            let lost = SqlError {
                kind: ErrorKind::Unreachable,
                sqlstate: None,
                statement_index: None,
                message: "gone".into(),
                context: None,
            };
            let mut session =
                FailingSession::at(RecordingSession::default(), At::Message(2, when), lost.clone());
            assert!(session.run(&statement::begin().into()).await.is_ok());
            assert_eq!(session.run(&statement::commit().into()).await, Err(lost));
            assert_eq!(session.inner.sent.len(), arrived, "{when:?}");
        }
    }
}
