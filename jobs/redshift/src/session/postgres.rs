//! The real session: tokio-postgres over TLS.

use super::{Batch, ResultSet, Session, SqlError};
use futures_util::{TryStreamExt, pin_mut};
use tokio_postgres::{Client, SimpleQueryMessage};

/// A connection to a warehouse.
pub struct PostgresSession {
    client: Client,
}

impl PostgresSession {
    pub(super) fn new(client: Client) -> Self {
        Self { client }
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
}
