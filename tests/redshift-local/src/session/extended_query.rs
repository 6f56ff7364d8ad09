//! The extended query protocol, message by message: each is passed on and its reply awaited before the next, so that
//! `Flush` has nothing left to do.

use std::collections::HashMap;
use std::io;

use bytes::{Bytes, BytesMut};

use super::{Session, TransactionStatus};
use crate::protocol::Message;
use crate::protocol::message::{malformed, put_text, take_text};
use crate::split::statements;
use crate::statement::{Action, Effect, StatementError, Translation, translate};

/// What is to be remembered between the messages of the extended protocol.
#[derive(Debug, Default)]
pub(super) struct Prepared {
    /// The statements' names, each with what stands in for the tag of `CommandComplete`.
    statements: HashMap<String, Option<&'static str>>,
    /// The same for portals.
    portals: HashMap<String, Option<&'static str>>,
    /// An error was reported: everything up to `Sync` is dropped.
    failed: bool,
}

impl Session<'_> {
    /// Handles any message other than `Query` and `Terminate`.
    pub(super) async fn extended_query(&mut self, message: Message) -> io::Result<()> {
        match message.tag {
            b'S' => self.sync(message).await,
            b'H' => Ok(()),
            _ if self.prepared.failed => Ok(()),
            b'P' => self.parse(message.body).await,
            b'B' => {
                let mut body = message.body.clone();
                let (portal, statement) = (take_text(&mut body)?, take_text(&mut body)?);
                let tag = self.prepared.statements.get(&statement).copied().flatten();
                self.prepared.portals.insert(portal, tag);
                self.pass_on(message, None).await
            }
            b'E' => {
                self.counter.count_statement();
                let portal = take_text(&mut message.body.clone())?;
                let tag = self.prepared.portals.get(&portal).copied().flatten();
                self.pass_on(message, tag).await
            }
            b'D' | b'C' => self.pass_on(message, None).await,
            tag => {
                self.prepared.failed = true;
                let what = format!("protocol message '{}'", char::from(tag));
                self.raise(&StatementError::unsupported(what)).await
            }
        }
    }

    /// Translates the statement of a `Parse` message and passes it on.
    async fn parse(&mut self, mut body: Bytes) -> io::Result<()> {
        let (name, sql) = (take_text(&mut body)?, take_text(&mut body)?);
        let translation = match self.translate_prepared(&sql) {
            Ok(translation) => translation,
            Err(error) => {
                self.prepared.failed = true;
                return self.raise(&error).await;
            }
        };
        let (sql, tag) = translation.map_or((String::new(), None), |found| (found.sql, found.tag));
        let mut rewritten = BytesMut::new();
        put_text(&mut rewritten, &name);
        put_text(&mut rewritten, &sql);
        rewritten.extend_from_slice(&body);
        self.prepared.statements.insert(name, tag);
        self.pass_on(Message::new(b'P', rewritten.freeze()), None).await
    }

    /// The one statement of a `Parse` message; nothing if it is empty.
    fn translate_prepared(&self, sql: &str) -> Result<Option<Translation>, StatementError> {
        let statements = statements(sql).map_err(|error| StatementError::new("42601", error.to_string()))?;
        let [statement] = statements.as_slice() else {
            return match statements.len() {
                0 => Ok(None),
                _ => Err(StatementError::new(
                    "42601",
                    "cannot insert multiple commands into a prepared statement",
                )),
            };
        };
        match translate(statement.text, &self.server.names, self.case_sensitive)? {
            Action::Run(translation)
                if translation.then.is_empty()
                    && matches!(translation.effect, Effect::None | Effect::Begins | Effect::Ends { .. }) =>
            {
                Ok(Some(translation))
            }
            Action::Run(_) | Action::Unload(_) | Action::Copy(_) => {
                Err(StatementError::unsupported("this statement over the extended query protocol")
                    .with_hint("send it over the simple query protocol"))
            }
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
        self.prepared.failed = false;
        let before = self.backend.status();
        self.backend.send(&message).await?;
        while self.backend.receive().await?.tag != b'Z' {}
        if before != TransactionStatus::Idle && self.is_idle() {
            self.transaction_ended(before == TransactionStatus::Open);
        }
        self.ready().await
    }
}
