//! The official redshift_connector, in a Python process of its own (`connector.py`). It speaks the extended protocol: each
//! statement is prepared, and a record of several goes one by one.

use super::{Answer, Refusal};
use crate::endpoint::Endpoint;
use serde_json::Value;
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

/// The client's name.
pub const NAME: &str = "redshift_connector";

/// A running driver.
pub struct Session {
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
    _process: Child,
}

/// Starts the driver, which connects with verification of chain and host name.
pub async fn connect(endpoint: &Endpoint) -> Result<Session, Refusal> {
    let python = std::env::var_os("CONNECTOR_PYTHON").ok_or_else(|| {
        Refusal::Connection("CONNECTOR_PYTHON is not set: run it through ./build.sh".to_owned())
    })?;
    let mut process = Command::new(python)
        .args(["-c", include_str!("connector.py")])
        .env("REDSHIFT_HOST", &endpoint.host)
        .env("REDSHIFT_PORT", endpoint.port.to_string())
        .env("REDSHIFT_DATABASE", &endpoint.database)
        .env("REDSHIFT_USER", &endpoint.user)
        .env("REDSHIFT_PASSWORD", &endpoint.password)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| lost(&error))?;
    let (Some(input), Some(output)) = (process.stdin.take(), process.stdout.take()) else {
        return Err(Refusal::Connection("a process without pipes".to_owned()));
    };
    let mut session = Session { input, output: BufReader::new(output).lines(), _process: process };
    session.answer().await.map(|_| session)
}

impl Session {
    /// Sends the statements one after another, up to the first that fails.
    pub async fn run(&mut self, statements: &[&str]) -> Result<Answer, Refusal> {
        let line = format!("{}\n", Value::from(statements));
        self.input.write_all(line.as_bytes()).await.map_err(|error| lost(&error))?;
        self.answer().await
    }

    async fn answer(&mut self) -> Result<Answer, Refusal> {
        let line = self.output.next_line().await.map_err(|error| lost(&error))?;
        let answer: Value = line
            .and_then(|line| serde_json::from_str(&line).ok())
            .ok_or_else(|| Refusal::Connection("the driver's process ended".to_owned()))?;
        let text = |value: &Value| value.as_str().map(str::to_owned);
        if let Some(message) = text(&answer["message"]) {
            return Err(match text(&answer["sqlstate"]) {
                Some(sqlstate) => Refusal::Warehouse { sqlstate, message },
                None => Refusal::Connection(message),
            });
        }
        let rows = answer["rows"].as_array().into_iter().flatten();
        Ok(Answer {
            columns: answer["columns"]
                .as_u64()
                .and_then(|columns| usize::try_from(columns).ok())
                .unwrap_or(0),
            rows: rows.map(|row| row.as_array().into_iter().flatten().map(text).collect()).collect(),
        })
    }
}

fn lost(error: &std::io::Error) -> Refusal {
    Refusal::Connection(format!("{NAME}: {error}"))
}
