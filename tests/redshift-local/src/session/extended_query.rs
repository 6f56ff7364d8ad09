//! The extended query protocol, message by message: each is passed on and its reply awaited before the next, so that
//! `Flush` has nothing left to do.
//!
//! A statement that this program has a part in (COPY, TRUNCATE, what runs alone, …) is not prepared on the backend: it is
//! kept as text, and runs as over the simple protocol when its portal is executed. None of them has parameters or rows.

use std::collections::HashMap;
use std::io;

use bytes::{Buf, Bytes, BytesMut};

use super::relay::Outcome;
use super::simple_query::Place;
use super::{Session, Struck, TransactionStatus};
use crate::protocol::Message;
use crate::protocol::message::{malformed, put_text, take_text};
use crate::split::statements;
use crate::statement::{Action, Effect, StatementError};

/// What is to be remembered between the messages of the extended protocol.
#[derive(Debug, Default)]
pub(super) struct Prepared {
    statements: HashMap<String, Statement>,
    portals: HashMap<String, Statement>,
    /// An error was reported: everything up to `Sync` is dropped.
    failed: bool,
    /// A statement ran on the backend since the last `Sync`, which commits it.
    executed: bool,
}

/// A prepared statement, also as bound to a portal.
#[derive(Clone, Debug)]
struct Statement {
    /// As the client wrote it.
    text: String,
    runs: Runs,
}

#[derive(Clone, Debug)]
enum Runs {
    /// On the backend, which has it prepared; with what stands in for the tag of `CommandComplete`.
    Prepared(Option<&'static str>),
    /// As a simple query would.
    Simple,
}

impl Session<'_> {
    /// Handles any message other than `Query` and `Terminate`.
    pub(super) async fn extended_query(&mut self, message: Message) -> io::Result<()> {
        match message.tag {
            b'S' => self.sync(message).await,
            b'H' => Ok(()),
            _ if self.prepared.failed => Ok(()),
            b'P' => self.parse(message.body).await,
            b'B' => self.bind(message).await,
            b'E' => self.execute_portal(message).await,
            b'D' | b'C' => self.describe_or_close(message).await,
            tag => {
                self.fail(StatementError::unsupported(format!("protocol message '{}'", char::from(tag))))
                    .await
            }
        }
    }

    async fn fail(&mut self, error: StatementError) -> io::Result<()> {
        self.prepared.failed = true;
        self.raise(&error).await
    }

    /// Translates the statement of a `Parse` message and passes it on, or keeps it.
    async fn parse(&mut self, mut body: Bytes) -> io::Result<()> {
        let (name, text) = (take_text(&mut body)?, take_text(&mut body)?);
        let (sql, runs) = match self.translate_prepared(&text).await {
            Ok(translated) => translated,
            Err(error) => return self.fail(error).await,
        };
        if matches!(runs, Runs::Simple) {
            self.prepared.statements.insert(name, Statement { text, runs });
            return self.client.send(&Message::new(b'1', Bytes::new())).await;
        }
        let mut rewritten = BytesMut::new();
        put_text(&mut rewritten, &name);
        put_text(&mut rewritten, &sql);
        rewritten.extend_from_slice(&body);
        self.pass_on(Message::new(b'P', rewritten.freeze()), None).await?;
        // The backend may have refused the name or the statement.
        if !self.prepared.failed {
            self.prepared.statements.insert(name, Statement { text, runs });
        }
        Ok(())
    }

    /// The one statement of a `Parse` message for the backend, and how it runs; an empty one is left to the backend.
    async fn translate_prepared(&mut self, text: &str) -> Result<(String, Runs), StatementError> {
        let statements = statements(text)?;
        let statement = match statements.as_slice() {
            [] => return Ok((String::new(), Runs::Prepared(None))),
            [statement] => statement,
            _ => {
                let message = "cannot insert multiple commands into a prepared statement";
                return Err(StatementError::new("42601", message));
            }
        };
        Ok(match self.translate(statement.text).await? {
            Action::Run(translation)
                if translation.then.is_empty()
                    && matches!(translation.effect, Effect::None | Effect::Begins | Effect::Ends { .. }) =>
            {
                (translation.sql, Runs::Prepared(translation.tag))
            }
            Action::Call(call) => (self.place_arguments(&call).await?.sql, Runs::Prepared(None)),
            _ => (String::new(), Runs::Simple),
        })
    }

    async fn bind(&mut self, message: Message) -> io::Result<()> {
        let mut body = message.body.clone();
        let (portal, name) = (take_text(&mut body)?, take_text(&mut body)?);
        let statement = self.prepared.statements.get(&name).cloned();
        if matches!(statement, Some(Statement { runs: Runs::Simple, .. })) {
            self.client.send(&Message::new(b'2', Bytes::new())).await?;
        } else {
            self.pass_on(message, None).await?;
        }
        if let Some(statement) = statement.filter(|_| !self.prepared.failed) {
            self.prepared.portals.insert(portal, statement);
        }
        Ok(())
    }

    async fn describe_or_close(&mut self, message: Message) -> io::Result<()> {
        let mut body = message.body.clone();
        let of_portal = body.try_get_u8().map_err(|_| malformed("nothing named"))? == b'P';
        let name = take_text(&mut body)?;
        let named = if of_portal { &mut self.prepared.portals } else { &mut self.prepared.statements };
        let simple = named.get(&name).is_some_and(|statement| matches!(statement.runs, Runs::Simple));
        if message.tag == b'C' {
            named.remove(&name);
        }
        if !simple {
            return self.pass_on(message, None).await;
        }
        if message.tag == b'C' {
            return self.client.send(&Message::new(b'3', Bytes::new())).await;
        }
        if !of_portal {
            // No parameters.
            self.client.send(&Message::new(b't', &[0u8; 2][..])).await?;
        }
        self.client.send(&Message::new(b'n', Bytes::new())).await
    }

    async fn execute_portal(&mut self, message: Message) -> io::Result<()> {
        self.counter.count_statement();
        let portal = take_text(&mut message.body.clone())?;
        match self.prepared.portals.get(&portal).cloned() {
            Some(Statement { text, runs: Runs::Simple }) => {
                let mut place = Place { several: false, implicit: false };
                let outcome = self.execute(&text, &mut place).await?;
                self.prepared.failed = outcome == Outcome::Failed;
                if place.implicit {
                    self.end_implicit(outcome).await?;
                }
                Ok(())
            }
            Some(Statement { text, runs: Runs::Prepared(tag) }) => {
                match self.strike(&text) {
                    Ok(Struck { answer: Some(_), .. }) => {
                        // Its columns may have been described by now.
                        return self
                            .fail(StatementError::unsupported("another answer to a prepared statement"))
                            .await;
                    }
                    // A query of ours would close the portal.
                    Ok(Struck { delay, answer: None }) => tokio::time::sleep(delay).await,
                    Err(error) => return self.fail(error).await,
                }
                self.prepared.executed = true;
                self.pass_on(message, tag).await
            }
            None => self.pass_on(message, None).await,
        }
    }

    /// Sends a message with a `Flush` behind it and passes on the reply.
    async fn pass_on(&mut self, message: Message, tag: Option<&str>) -> io::Result<()> {
        let last: &[u8] = match message.tag {
            b'P' => b"1",
            b'B' => b"2",
            b'C' => b"3",
            b'D' => b"nT",
            _ => b"CIs",
        };
        self.backend.buffer(&message).await?;
        self.backend.send(&Message::new(b'H', Bytes::new())).await?;
        loop {
            let reply = self.backend.receive().await?;
            let reply_tag = reply.tag;
            if matches!(reply_tag, b'G' | b'H' | b'W') {
                return Err(malformed("COPY data over the extended query protocol"));
            }
            self.relay(reply, tag).await?;
            if reply_tag == b'E' {
                self.prepared.failed = true;
                return Ok(());
            }
            if last.contains(&reply_tag) {
                return Ok(());
            }
        }
    }

    async fn sync(&mut self, message: Message) -> io::Result<()> {
        let before = self.backend.status();
        self.backend.send(&message).await?;
        while self.backend.receive().await?.tag != b'Z' {}
        let (executed, failed) = (self.prepared.executed, self.prepared.failed);
        (self.prepared.executed, self.prepared.failed) = (false, false);
        if self.is_idle() && before != TransactionStatus::Idle {
            self.transaction_ended(before == TransactionStatus::Open);
        } else if self.is_idle() && executed && !failed {
            self.counter.count_commit();
        }
        if self.is_idle() {
            // A portal lasts as long as its transaction.
            self.prepared.portals.clear();
        }
        self.ready().await
    }
}
