//! The clients: each opens a session with the warehouse over TLS that verifies it, and sends a record's text.

mod connector;
pub mod direct;
pub mod jobs;
mod psql;

use crate::endpoint::Endpoint;
use anyhow::{Result, bail};
use async_trait::async_trait;
use sqllogictest::{AsyncDB, DBOutput, DefaultColumnType};
use std::fmt;
use std::time::Duration;

/// The clients that run files; the name of each is a label for `onlyif` and `skipif`, too.
pub const NAMES: [&str; 3] = [direct::NAME, psql::NAME, connector::NAME];

/// Which client connects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// tokio-postgres, simple protocol.
    Direct,
    /// Stock psql.
    Psql,
    /// The official driver for Python, extended protocol.
    Connector,
    /// The jobs' own session, which runs their queries instead of files.
    Jobs,
}

impl Kind {
    /// The client of this name; without one, the first.
    pub fn named(name: &str) -> Result<Self> {
        match name {
            "" | direct::NAME => Ok(Self::Direct),
            psql::NAME => Ok(Self::Psql),
            connector::NAME => Ok(Self::Connector),
            jobs::NAME => Ok(Self::Jobs),
            _ => {
                bail!("CONFORMANCE_CLIENT is {name}: it must be one of {}, {}", NAMES.join(", "), jobs::NAME)
            }
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Direct => direct::NAME,
            Self::Psql => psql::NAME,
            Self::Connector => connector::NAME,
            Self::Jobs => jobs::NAME,
        })
    }
}

/// An open session.
pub enum Client {
    /// Of tokio-postgres.
    Direct(direct::Session),
    /// Of psql.
    Psql(psql::Session),
    /// Of redshift_connector.
    Connector(connector::Session),
}

/// Why a record's text did not run.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The warehouse said no. Expected errors are matched with this text.
    #[error("{sqlstate}: {message}")]
    Warehouse {
        /// Five letters or digits.
        sqlstate: String,
        /// The message alone.
        message: String,
    },
    /// There is no session (any more).
    #[error("no answer: {0}")]
    Connection(String),
}

/// The rows of all statements of a record, as text.
#[derive(Debug, Default)]
pub struct Answer {
    /// Columns of the last statement that has any.
    pub columns: usize,
    /// Rows.
    pub rows: Vec<Vec<Option<String>>>,
}

/// Opens a session.
pub async fn connect(endpoint: &Endpoint) -> Result<Client, Refusal> {
    match endpoint.client {
        Kind::Direct => direct::connect(endpoint).await.map(Client::Direct),
        Kind::Psql => psql::connect(endpoint).map(Client::Psql),
        Kind::Connector => connector::connect(endpoint).await.map(Client::Connector),
        Kind::Jobs => Err(Refusal::Connection("the jobs run no files".to_owned())),
    }
}

#[async_trait]
impl AsyncDB for Client {
    type Error = Refusal;
    type ColumnType = DefaultColumnType;

    async fn run(&mut self, sql: &str) -> Result<DBOutput<DefaultColumnType>, Refusal> {
        let answer = match self {
            Self::Direct(session) => session.run(sql).await?,
            Self::Psql(session) => session.run(&redshift_local::split(sql)).await?,
            Self::Connector(session) => session.run(&redshift_local::split(sql)).await?,
        };
        if answer.columns == 0 {
            return Ok(DBOutput::StatementComplete(0));
        }
        let shown = |value: Option<String>| match value {
            None => "NULL".to_owned(),
            Some(text) if text.is_empty() => "(empty)".to_owned(),
            Some(text) => text,
        };
        Ok(DBOutput::Rows {
            types: vec![DefaultColumnType::Any; answer.columns],
            rows: answer.rows.into_iter().map(|row| row.into_iter().map(shown).collect()).collect(),
        })
    }

    async fn shutdown(&mut self) {}

    fn engine_name(&self) -> &'static str {
        match self {
            Self::Direct(_) => direct::NAME,
            Self::Psql(_) => psql::NAME,
            Self::Connector(_) => connector::NAME,
        }
    }

    async fn sleep(duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}
