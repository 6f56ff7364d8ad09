//! The real session: tokio-postgres over TLS.

use super::{Batch, ResultSet, Session, SqlError};
use futures_util::{TryStreamExt, pin_mut};
use migration::statement;
use tokio_postgres::{Client, SimpleQueryMessage};

/// A connection to a warehouse.
pub struct PostgresSession {
    client: Client,
    case_sensitive: Option<bool>,
}

impl PostgresSession {
    pub(super) fn new(client: Client) -> Self {
        Self { client, case_sensitive: None }
    }

    /// Gives the session its settings, and notes what it would have had in their place.
    pub(super) async fn start(&mut self) -> Result<(), SqlError> {
        let asked = [statement::show_case_sensitivity()];
        let answers = self.run(&Batch::of(asked.into_iter().chain(statement::start_session()))).await?;
        let row = answers.first().and_then(|answer| answer.rows().next());
        let setting = row.and_then(|row| row.optional("enable_case_sensitive_identifier").ok().flatten());
        self.case_sensitive = setting.map(|setting| matches!(setting, "on" | "true"));
        Ok(())
    }
}

impl Session for PostgresSession {
    async fn run(&mut self, batch: &Batch) -> Result<Vec<ResultSet>, SqlError> {
        let text = batch.text();
        let fail = |error: &tokio_postgres::Error, done: usize| SqlError::new(error, done, batch);
        let stream = self.client.simple_query_raw(&text).await.map_err(|error| fail(&error, 0))?;
        pin_mut!(stream);
        let mut answers = Vec::with_capacity(batch.statements().len());
        let (mut columns, mut rows) = (Vec::new(), Vec::new());
        loop {
            let message = stream.try_next().await.map_err(|error| fail(&error, answers.len()))?;
            match message {
                None => return Ok(answers),
                Some(SimpleQueryMessage::RowDescription(description)) => {
                    columns = description.iter().map(|column| column.name().to_owned()).collect();
                }
                Some(SimpleQueryMessage::Row(row)) => {
                    rows.push((0..row.len()).map(|at| row.get(at).map(str::to_owned)).collect());
                }
                Some(SimpleQueryMessage::CommandComplete(_)) => {
                    answers.push(ResultSet::new(std::mem::take(&mut columns), std::mem::take(&mut rows)));
                }
                Some(_) => {}
            }
        }
    }
    fn case_sensitive_by_default(&self) -> Option<bool> {
        self.case_sensitive
    }
}
