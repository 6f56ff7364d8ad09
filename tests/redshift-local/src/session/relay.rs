//! The way back: PostgreSQL's replies to one message, as the client gets to see them.

use std::io;

use super::login::HIDDEN_PARAMETERS;
use super::{Session, errors};
use crate::protocol::Message;
use crate::protocol::message::take_text;

/// How PostgreSQL took what was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It ran.
    Done,
    /// It failed; the client has been told.
    Failed,
}

impl Session<'_> {
    /// Passes on the replies to a `Query` message, all but `ReadyForQuery`. `tag` stands in for the tag of
    /// `CommandComplete`.
    pub(super) async fn relay_query(&mut self, tag: Option<&str>) -> io::Result<Outcome> {
        let mut outcome = Outcome::Done;
        loop {
            let message = self.backend.receive().await?;
            match message.tag {
                b'Z' => return Ok(outcome),
                b'E' => outcome = Outcome::Failed,
                _ => {}
            }
            self.relay(message, tag).await?;
        }
    }

    /// Passes on one reply.
    pub(super) async fn relay(&mut self, message: Message, tag: Option<&str>) -> io::Result<()> {
        match (message.tag, tag) {
            (b'E' | b'N', _) => {
                self.client.send(&errors::translate(message, &self.server.names, &self.statement)?).await
            }
            (b'S', _) => self.relay_parameter(message).await,
            (b'C', Some(tag)) => self.client.send(&Message::of_text(b'C', tag)).await,
            _ => self.client.send(&message).await,
        }
    }

    /// Passes on a `ParameterStatus`, if it is one that Redshift reports, under Redshift's name.
    pub(super) async fn relay_parameter(&mut self, message: Message) -> io::Result<()> {
        let mut body = message.body;
        let (name, value) = (take_text(&mut body)?, take_text(&mut body)?);
        if name == "application_name" {
            self.counter.set_application_name(&value);
        }
        let (name, value) = match name.as_str() {
            hidden if HIDDEN_PARAMETERS.contains(&hidden) => return Ok(()),
            "DateStyle" => ("datestyle", value.as_str()),
            "server_encoding" => ("server_encoding", "UNICODE"),
            other => (other, value.as_str()),
        };
        self.client.send(&Message::parameter_status(name, value)).await
    }
}
