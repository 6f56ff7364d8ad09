//! The clients: each opens a session with the warehouse over TLS that verifies it, and sends a record's text.

mod direct;

use crate::endpoint::Endpoint;
use anyhow::{Result, bail};
use async_trait::async_trait;
use sqllogictest::{AsyncDB, DBOutput, DefaultColumnType};
use std::fmt;
use std::time::Duration;

/// Every client's name, which is a label for `onlyif` and `skipif`, too.
pub const NAMES: [&str; 1] = [direct::NAME];

/// Which client connects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// tokio-postgres, simple protocol.
    Direct,
}

impl Kind {
    /// The client of this name; without one, the first.
    pub fn named(name: &str) -> Result<Self> {
        match name {
            "" | direct::NAME => Ok(Self::Direct),
            _ => bail!("CONFORMANCE_CLIENT is {name}: it must be one of {}", NAMES.join(", ")),
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Direct => direct::NAME,
        })
    }
}

/// An open session.
pub enum Client {
    /// Of tokio-postgres.
    Direct(direct::Session),
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
    }
}

#[async_trait]
impl AsyncDB for Client {
    type Error = Refusal;
    type ColumnType = DefaultColumnType;

    async fn run(&mut self, sql: &str) -> Result<DBOutput<DefaultColumnType>, Refusal> {
        let answer = match self {
            Self::Direct(session) => session.run(sql).await?,
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
        }
    }

    async fn sleep(duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}
