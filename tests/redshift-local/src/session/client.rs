//! The client's side of a session: messages over TLS.

use std::io;

use tokio::io::{AsyncWriteExt, BufWriter, ReadHalf, WriteHalf};
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;

use crate::protocol::{Message, MessageReader};

/// A client's encrypted connection after start-up.
#[derive(Debug)]
pub struct Client {
    reader: MessageReader<ReadHalf<TlsStream<TcpStream>>>,
    writer: BufWriter<WriteHalf<TlsStream<TcpStream>>>,
    muted: bool,
    received: u64,
    sent: u64,
}

impl Client {
    /// A connection whose next bytes are a message with a tag.
    pub fn new(stream: TlsStream<TcpStream>) -> Self {
        let (reader, writer) = tokio::io::split(stream);
        Self {
            reader: MessageReader::new(reader),
            writer: BufWriter::new(writer),
            muted: false,
            received: 0,
            sent: 0,
        }
    }

    /// The next message; nothing at the end. May be cancelled without losing one.
    pub async fn next(&mut self) -> io::Result<Option<Message>> {
        let message = self.reader.next().await?;
        self.received += message.as_ref().map_or(0, Message::bytes);
        Ok(message)
    }

    /// Sends a message with the next flush, or earlier when the buffer is full.
    pub async fn send(&mut self, message: &Message) -> io::Result<()> {
        if self.muted {
            return Ok(());
        }
        self.sent += message.bytes();
        message.write_to(&mut self.writer).await
    }

    /// Sends what waits in the buffer.
    pub async fn flush(&mut self) -> io::Result<()> {
        self.writer.flush().await
    }

    /// The bytes of all messages that came so far, without those of TLS.
    pub fn received(&self) -> u64 {
        self.received
    }

    /// The bytes of all messages sent so far, without those of TLS.
    pub fn sent(&self) -> u64 {
        self.sent
    }

    /// From here on, whatever is sent is dropped.
    pub fn mute(&mut self) {
        self.muted = true;
    }
}
