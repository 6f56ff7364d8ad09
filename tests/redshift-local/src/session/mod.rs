//! One client's session: login, the loop over its messages, and the backend connection behind it.

pub mod backend;
pub mod certificate;
mod client;
mod copy_stream;
mod errors;
mod execute;
mod extended_query;
mod guards;
mod login;
pub mod password;
mod relay;
mod simple_query;
mod snapshots;
mod temporary_login;
mod vacuums;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use bytes::Bytes;
use tokio::net::TcpStream;
use tokio_rustls::rustls::ServerConfig;

pub use backend::{Backend, Row, TransactionStatus};
pub use copy_stream::{CopyIn, CopyOut};
pub use errors::serialization_conflict;
pub use vacuums::Vacuums;

use crate::counters::{Counters, SessionCounter};
use crate::faults::{Due, Effect, Faults, Point, When};
use crate::protocol::message::take_text;
use crate::protocol::{Fields, Message};
use crate::statement::{Names, StatementError};
use crate::transfer::Transfers;
use client::Client;
use extended_query::Prepared;

/// What all sessions of a warehouse share.
#[derive(Debug)]
pub struct Server {
    /// Takes a client's connection into TLS.
    pub tls: Arc<ServerConfig>,
    /// Where PostgreSQL's unix socket is.
    pub socket_directory: PathBuf,
    /// The one database.
    pub database: String,
    /// What the AWS endpoint knows this warehouse by.
    pub identifier: Option<String>,
    /// What stands in the compatibility catalog.
    pub names: Names,
    /// UNLOAD and COPY.
    pub transfers: Transfers,
    /// The faults that a test has set.
    pub faults: Arc<Faults>,
    /// What the sessions have done.
    pub counters: Counters,
    /// The tables that are being vacuumed.
    pub vacuums: Vacuums,
    /// Whether a relation may have policies: as long as none ever had, nobody looks for guards.
    pub guarded: AtomicBool,
}

/// A session that is logged in.
struct Session<'a> {
    server: &'a Server,
    client: Client,
    backend: Backend,
    counter: Arc<SessionCounter>,
    /// `enable_case_sensitive_identifier` now, as it was when the open transaction began, and at login.
    case_sensitive: bool,
    case_sensitive_before: bool,
    case_sensitive_by_default: bool,
    prepared: Prepared,
    /// The last statement that was read, as the client wrote it.
    statement: String,
}

/// Whether a session goes on.
#[derive(PartialEq, Eq)]
enum Connection {
    Open,
    Dropped,
}

/// The SQL of a `Query` or `Parse` message; nothing of any other.
fn sql_of(message: &Message) -> String {
    let mut body = message.body.clone();
    if message.tag == b'P' {
        // The statement's name comes first.
        drop(take_text(&mut body));
    }
    if [b'Q', b'P'].contains(&message.tag) { take_text(&mut body).unwrap_or_default() } else { String::new() }
}

/// Serves one client to its end.
pub async fn serve(stream: TcpStream, server: &Server) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let Some(mut session) = login::login(stream, server).await? else { return Ok(()) };
    session.run().await
}

/// What faults do to a statement that does not fail.
#[derive(Default)]
struct Struck {
    /// How much longer it is to run.
    delay: Duration,
    /// What PostgreSQL is to run in its place.
    answer: Option<Arc<str>>,
}

impl Session<'_> {
    /// The loop over the client's messages. Ends with the connection of either side, or at a fault.
    async fn run(&mut self) -> io::Result<()> {
        loop {
            self.client.flush().await?;
            let message = tokio::select! {
                message = self.client.next() => message?,
                // Between statements PostgreSQL speaks only to say that it ends the session.
                message = self.backend.receive() => {
                    self.relay_unasked(message?).await?;
                    continue;
                }
            };
            let Some(message) = message else { return Ok(()) };
            if message.tag == b'X' {
                return Ok(());
            }
            self.counter.count_message();
            if self.receive(message).await? == Connection::Dropped {
                return Ok(());
            }
            self.counter.set_bytes(self.client.received(), self.client.sent());
        }
    }

    /// Handles a message, with the faults that strike it.
    async fn receive(&mut self, message: Message) -> io::Result<Connection> {
        let faults = self.server.faults.due(Point::Message, Some(&self.counter.info()), &sql_of(&message));
        let mut drop: Option<Due> = None;
        for due in faults {
            match due.effect {
                Effect::Delay(delay) => {
                    due.fire();
                    tokio::time::sleep(delay).await;
                }
                Effect::Drop(When::BeforeForwarding) => {
                    due.fire();
                    return Ok(Connection::Dropped);
                }
                Effect::Drop(When::AfterForwarding) => drop = Some(due),
                Effect::Error(_) | Effect::Busy | Effect::Answer(_) => {}
            }
        }
        let Some(due) = drop else { return self.handle(message).await.map(|()| Connection::Open) };
        // The client never hears of what follows.
        self.client.mute();
        self.handle(message).await?;
        due.fire();
        Ok(Connection::Dropped)
    }

    /// What faults do to a statement, or the error that it is to fail with.
    fn strike(&self, sql: &str) -> Result<Struck, StatementError> {
        let faults = self.server.faults.due(Point::Statement, Some(&self.counter.info()), sql.trim());
        faults.iter().for_each(Due::fire);
        let mut struck = Struck::default();
        for fault in faults {
            match fault.effect {
                Effect::Delay(more) => struck.delay += more,
                Effect::Answer(instead) => struck.answer = Some(instead),
                Effect::Error(error) => return Err(error),
                Effect::Drop(_) | Effect::Busy => {}
            }
        }
        Ok(struck)
    }

    /// Runs on PostgreSQL for this long, where the session's timeout holds and the statement can be cancelled.
    async fn linger(&mut self, delay: Duration) -> Result<(), StatementError> {
        if delay.is_zero() || self.backend.status() == TransactionStatus::Failed {
            return Ok(());
        }
        let sql = format!("SELECT pg_catalog.pg_sleep({})", delay.as_secs_f64());
        self.backend.query(&sql).await.map(drop).map_err(errors::canceled)
    }

    async fn handle(&mut self, message: Message) -> io::Result<()> {
        match message.tag {
            b'Q' => self.simple_query(message.body).await,
            _ => self.extended_query(message).await,
        }
    }

    /// Passes on what PostgreSQL says between statements.
    async fn relay_unasked(&mut self, message: Message) -> io::Result<()> {
        match message.tag {
            b'S' => self.relay_parameter(message).await,
            b'E' | b'N' => self.client.send(&errors::translate(message, &self.server.names, "")?).await,
            _ => Ok(()),
        }
    }

    /// Tells the client of an error that this program raises, and aborts the open transaction as an error of
    /// PostgreSQL's would have.
    async fn raise(&mut self, error: &StatementError) -> io::Result<()> {
        if self.backend.status() == TransactionStatus::Open {
            // Any statement that cannot be parsed does.
            drop(self.backend.query("rs_abort").await);
        }
        self.client.send(&Fields::of_error("ERROR", error).encode(b'E')).await
    }

    async fn ready(&mut self) -> io::Result<()> {
        let letter = self.backend.status().letter();
        self.client.send(&Message::new(b'Z', Bytes::copy_from_slice(&[letter]))).await
    }
}
