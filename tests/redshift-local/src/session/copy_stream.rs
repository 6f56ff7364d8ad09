//! The data of a running `COPY`, in either direction, chunk by chunk.

use bytes::Bytes;

use super::backend::{Backend, rows_of_tag};
use crate::protocol::Message;
use crate::protocol::message::malformed;
use crate::statement::StatementError;

/// A running `COPY … TO STDOUT`. Read it to its end: the connection is of no use before that.
#[derive(Debug)]
pub struct CopyOut<'a> {
    backend: &'a mut Backend,
    rows: u64,
    finished: bool,
}

impl<'a> CopyOut<'a> {
    pub(super) fn new(backend: &'a mut Backend) -> Self {
        Self { backend, rows: 0, finished: false }
    }

    /// The next chunk (PostgreSQL sends a row a chunk), or `None` at the end.
    pub async fn next(&mut self) -> Result<Option<Bytes>, StatementError> {
        while !self.finished {
            let message = self.backend.receive().await?;
            match message.tag {
                b'd' => return Ok(Some(message.body)),
                b'C' => self.rows = rows_of_tag(message.body)?,
                b'E' => {
                    self.finished = true;
                    return Err(self.backend.failed(message).await?);
                }
                b'Z' => self.finished = true,
                _ => {}
            }
        }
        Ok(None)
    }

    /// The rows that came, known after the end.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Reads what is left and drops it, so that the connection is of use again after a failure on our side.
    pub async fn drain(&mut self) -> Result<(), StatementError> {
        while self.next().await?.is_some() {}
        Ok(())
    }
}

/// A running `COPY … FROM STDIN`. End it with [`CopyIn::finish`] or [`CopyIn::fail`].
#[derive(Debug)]
pub struct CopyIn<'a> {
    backend: &'a mut Backend,
}

impl<'a> CopyIn<'a> {
    pub(super) fn new(backend: &'a mut Backend) -> Self {
        Self { backend }
    }

    /// Hands over a chunk of data; chunks need not end where rows end. An error of PostgreSQL's shows when
    /// the copy is finished.
    pub async fn send(&mut self, data: impl Into<Bytes>) -> Result<(), StatementError> {
        Ok(self.backend.buffer(&Message::new(b'd', data)).await?)
    }

    /// Ends the copy and gives the rows loaded.
    pub async fn finish(self) -> Result<u64, StatementError> {
        self.end(&Message::new(b'c', Bytes::new())).await
    }

    /// Gives the copy up for this reason and gives PostgreSQL's error for it.
    pub async fn fail(self, reason: &str) -> StatementError {
        match self.end(&Message::of_text(b'f', reason)).await {
            Err(error) => error,
            Ok(_) => malformed("the backend finished a COPY that was given up").into(),
        }
    }

    async fn end(self, last: &Message) -> Result<u64, StatementError> {
        self.backend.send(last).await?;
        let mut rows = 0;
        loop {
            let message = self.backend.receive().await?;
            match message.tag {
                b'C' => rows = rows_of_tag(message.body)?,
                b'E' => return Err(self.backend.failed(message).await?),
                b'Z' => return Ok(rows),
                _ => {}
            }
        }
    }
}
