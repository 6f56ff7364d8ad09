//! The real session: tokio-postgres over TLS.

use super::{Batch, ResultSet, Session, SqlError};
use futures_util::{TryStreamExt, pin_mut};
use migration::statement::{self, Sql, by_case};
use tokio_postgres::{Client, SimpleQueryMessage};

/// A connection to a warehouse.
pub struct PostgresSession {
    client: Client,
    case_sensitive: Option<bool>,
    /// What gives the setting its default back, where that could not be done yet.
    reset: Option<Sql>,
}

impl PostgresSession {
    pub(super) fn new(client: Client) -> Self {
        Self { client, case_sensitive: None, reset: None }
    }

    /// Gives the session its settings, and notes what it would have had in their place.
    pub(super) async fn start(&mut self) -> Result<(), SqlError> {
        let asked = [statement::show_case_sensitivity()];
        let answers = self.run(&Batch::of(asked.into_iter().chain(statement::start_session()))).await?;
        let row = answers.first().and_then(|answer| answer.rows().next());
        // Where the login has describe_field_name_in_uppercase on, the column's name is in capitals.
        let setting = row.and_then(|row| row.first());
        self.case_sensitive = setting.map(|setting| matches!(setting, "on" | "true"));
        Ok(())
    }
}

impl PostgresSession {
    /// Sends a message and reads all of its results, one a statement.
    async fn send(&mut self, batch: &Batch) -> Result<Vec<ResultSet>, (tokio_postgres::Error, usize)> {
        let stream = self.client.simple_query_raw(&batch.text()).await.map_err(|error| (error, 0))?;
        pin_mut!(stream);
        let mut answers = Vec::with_capacity(batch.statements().len());
        let (mut columns, mut rows) = (Vec::new(), Vec::new());
        loop {
            let message = stream.try_next().await.map_err(|error| (error, answers.len()))?;
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

    /// Gives the session's setting its default back. In a transaction that has failed that is refused: it is done behind the
    /// message that ends it.
    async fn reset(&mut self) {
        if let Some(reset) = self.reset.take()
            && let Err((error, _)) = self.send(&Batch::from(reset.clone())).await
        {
            log::debug!("after a message: {error}");
            self.reset = Some(reset);
        }
    }
}

impl Session for PostgresSession {
    async fn run(&mut self, batch: &Batch) -> Result<Vec<ResultSet>, SqlError> {
        let (all, reset) = by_case(batch.statements(), self.case_sensitive);
        self.reset = reset.or(self.reset.take());
        let mut answers = Vec::with_capacity(batch.statements().len());
        for cased in all {
            let sent = match cased.setting {
                Some(setting) => self.send(&setting.into()).await.map_err(|(error, _)| (error, 0)),
                None => Ok(Vec::new()),
            };
            let sent = match sent {
                Ok(_) => self.send(&Batch::of(cased.statements.iter().cloned())).await,
                Err(error) => Err(error),
            };
            match sent {
                Ok(some) => answers.extend(some),
                Err((error, done)) => {
                    let error = SqlError::new(&error, answers.len() + done, batch);
                    if !error.ends_session() {
                        self.reset().await;
                    }
                    return Err(error);
                }
            }
        }
        self.reset().await;
        Ok(answers)
    }

    fn case_sensitive_by_default(&self) -> Option<bool> {
        self.case_sensitive
    }
}
