//! The session's own connection to PostgreSQL. What runs here takes part in the client's transaction.

use std::io;
use std::path::Path;

use bytes::{Buf, Bytes};
use tokio::io::{AsyncWriteExt, BufWriter};
use tokio::net::UnixStream;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};

use super::copy_stream::{CopyIn, CopyOut};
use crate::protocol::message::{malformed, take_text};
use crate::protocol::startup::{encode_cancel, encode_parameters};
use crate::protocol::{Fields, Message, MessageReader};
use crate::statement::StatementError;

/// The socket's file in PostgreSQL's socket directory. There is no TCP listener; the number is only a name.
const SOCKET_FILE: &str = ".s.PGSQL.5432";

/// A row of text values, in the order of the select list.
pub type Row = Vec<Option<String>>;

/// What `ReadyForQuery` says about the session's transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransactionStatus {
    /// Outside a transaction.
    Idle,
    /// Inside a transaction.
    Open,
    /// Inside a transaction that an error aborted.
    Failed,
}

impl TransactionStatus {
    /// The letter of `ReadyForQuery`.
    pub fn letter(self) -> u8 {
        match self {
            Self::Idle => b'I',
            Self::Open => b'T',
            Self::Failed => b'E',
        }
    }

    fn of_letter(letter: Option<&u8>) -> io::Result<Self> {
        match letter {
            Some(b'I') => Ok(Self::Idle),
            Some(b'T') => Ok(Self::Open),
            Some(b'E') => Ok(Self::Failed),
            _ => Err(malformed("a transaction status")),
        }
    }
}

/// An open connection to PostgreSQL over its unix socket.
#[derive(Debug)]
pub struct Backend {
    reader: MessageReader<OwnedReadHalf>,
    writer: BufWriter<OwnedWriteHalf>,
    status: TransactionStatus,
}

impl Backend {
    /// Connects and waits until PostgreSQL takes queries. Gives the connection and what PostgreSQL said
    /// before `ReadyForQuery` (parameters and the key for cancelling).
    ///
    /// The inner error is PostgreSQL's refusal, for instance of a database that does not exist.
    pub async fn connect(
        socket_directory: &Path,
        parameters: &[(&str, &str)],
    ) -> io::Result<Result<(Self, Vec<Message>), Fields>> {
        let (reader, writer) = UnixStream::connect(socket_directory.join(SOCKET_FILE)).await?.into_split();
        let mut backend = Self {
            reader: MessageReader::new(reader),
            writer: BufWriter::new(writer),
            status: TransactionStatus::Idle,
        };
        backend.writer.write_all(&encode_parameters(parameters.iter().copied())).await?;
        backend.writer.flush().await?;
        let mut greeting = Vec::new();
        loop {
            let message = backend.receive().await?;
            match message.tag {
                b'R' if message.body.as_ref() == [0, 0, 0, 0] => {}
                b'R' => return Err(malformed("the backend asks for a password on its trusted socket")),
                b'E' => return Ok(Err(Fields::decode(message.body)?)),
                b'Z' => return Ok(Ok((backend, greeting))),
                _ => greeting.push(message),
            }
        }
    }

    /// Asks PostgreSQL to cancel what the connection with this key runs.
    pub async fn cancel(socket_directory: &Path, key: &[u8]) -> io::Result<()> {
        let mut stream = UnixStream::connect(socket_directory.join(SOCKET_FILE)).await?;
        stream.write_all(&encode_cancel(key)).await?;
        stream.shutdown().await
    }

    /// The transaction's state as of the last `ReadyForQuery`.
    pub fn status(&self) -> TransactionStatus {
        self.status
    }

    /// Sends a message at once.
    pub async fn send(&mut self, message: &Message) -> io::Result<()> {
        message.write_to(&mut self.writer).await?;
        self.writer.flush().await
    }

    /// Writes a message that may wait in the buffer for the next [`Backend::send`].
    pub(super) async fn buffer(&mut self, message: &Message) -> io::Result<()> {
        message.write_to(&mut self.writer).await
    }

    /// The next message. May be cancelled without losing one. A closed connection is an error.
    pub async fn receive(&mut self) -> io::Result<Message> {
        let message = self.reader.next().await?.ok_or(io::ErrorKind::UnexpectedEof)?;
        if message.tag == b'Z' {
            self.status = TransactionStatus::of_letter(message.body.first())?;
        }
        Ok(message)
    }

    /// Runs one statement and collects its rows, if it has any.
    ///
    /// Fails with PostgreSQL's error; an open transaction is then aborted.
    pub async fn query(&mut self, sql: &str) -> Result<Vec<Row>, StatementError> {
        self.send(&Message::of_text(b'Q', sql)).await?;
        let mut rows = Vec::new();
        let mut failure = None;
        loop {
            let message = self.receive().await?;
            match message.tag {
                b'D' => rows.push(decode_row(message.body)?),
                b'E' => failure = Some(StatementError::from(&Fields::decode(message.body)?)),
                b'Z' => return failure.map_or(Ok(rows), Err),
                _ => {}
            }
        }
    }

    /// Starts a `COPY … TO STDOUT`, whose data the result hands out.
    pub async fn copy_out(&mut self, sql: &str) -> Result<CopyOut<'_>, StatementError> {
        self.start_copy(sql, b'H').await?;
        Ok(CopyOut::new(self))
    }

    /// Starts a `COPY … FROM STDIN`, which the result feeds.
    pub async fn copy_in(&mut self, sql: &str) -> Result<CopyIn<'_>, StatementError> {
        self.start_copy(sql, b'G').await?;
        Ok(CopyIn::new(self))
    }

    async fn start_copy(&mut self, sql: &str, expected: u8) -> Result<(), StatementError> {
        self.send(&Message::of_text(b'Q', sql)).await?;
        loop {
            let message = self.receive().await?;
            match message.tag {
                tag if tag == expected => return Ok(()),
                b'E' => return Err(self.failed(message).await?),
                b'Z' => return Err(malformed("the backend finished a COPY before it began").into()),
                _ => {}
            }
        }
    }

    /// Reads on to `ReadyForQuery` after an `ErrorResponse` and gives its error.
    pub(super) async fn failed(&mut self, message: Message) -> io::Result<StatementError> {
        let error = StatementError::from(&Fields::decode(message.body)?);
        while self.receive().await?.tag != b'Z' {}
        Ok(error)
    }
}

/// The values of a `DataRow` in text format.
fn decode_row(mut body: Bytes) -> io::Result<Row> {
    let count = body.try_get_i16().map_err(|_| malformed("a row without a count"))?;
    (0..count)
        .map(|_| {
            let length = body.try_get_i32().map_err(|_| malformed("a value without a length"))?;
            let Ok(length) = usize::try_from(length) else { return Ok(None) };
            if body.len() < length {
                return Err(malformed("a value that is cut off"));
            }
            String::from_utf8(body.split_to(length).to_vec())
                .map(Some)
                .map_err(|_| malformed("a value that is not UTF-8"))
        })
        .collect()
}

/// The rows a statement touched, from the tag of its `CommandComplete`.
pub(super) fn rows_of_tag(mut body: Bytes) -> io::Result<u64> {
    let tag = take_text(&mut body)?;
    tag.rsplit(' ')
        .next()
        .and_then(|count| count.parse().ok())
        .ok_or_else(|| malformed("a tag without a count"))
}
