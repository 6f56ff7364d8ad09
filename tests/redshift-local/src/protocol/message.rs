//! Framing: a tag, a length, a body.

use std::io;

use bytes::{Buf, BufMut, Bytes, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// Longest message accepted. Redshift takes 16 MB of SQL; rows and COPY data may be longer than that.
const MAX_MESSAGE_BYTES: usize = 256 * 1024 * 1024;

/// Bytes of the length word, which counts itself.
const LENGTH_BYTES: usize = 4;

/// One protocol message after start-up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The message's type.
    pub tag: u8,
    /// Everything after the length.
    pub body: Bytes,
}

impl Message {
    /// A message from a tag and a body.
    pub fn new(tag: u8, body: impl Into<Bytes>) -> Self {
        Self { tag, body: body.into() }
    }

    /// A message whose body is one null-terminated string: `Query`, `CommandComplete`, `CopyFail`.
    pub fn of_text(tag: u8, text: &str) -> Self {
        let mut body = BytesMut::with_capacity(text.len() + 1);
        put_text(&mut body, text);
        Self { tag, body: body.freeze() }
    }

    /// A `ParameterStatus` message.
    pub fn parameter_status(name: &str, value: &str) -> Self {
        let mut body = BytesMut::new();
        put_text(&mut body, name);
        put_text(&mut body, value);
        Self { tag: b'S', body: body.freeze() }
    }

    /// Its length on the wire.
    pub fn bytes(&self) -> u64 {
        (1 + LENGTH_BYTES + self.body.len()) as u64
    }

    /// Writes the message without flushing.
    pub async fn write_to(&self, writer: &mut (impl AsyncWrite + Unpin)) -> io::Result<()> {
        let mut head = BytesMut::with_capacity(1 + LENGTH_BYTES);
        head.put_u8(self.tag);
        head.put_u32(u32::try_from(self.body.len() + LENGTH_BYTES).unwrap_or(u32::MAX));
        writer.write_all(&head).await?;
        writer.write_all(&self.body).await
    }
}

/// Appends a null-terminated string.
pub fn put_text(out: &mut BytesMut, text: &str) {
    out.extend_from_slice(text.as_bytes());
    out.put_u8(0);
}

/// Takes a null-terminated string off the front of `body`.
pub fn take_text(body: &mut Bytes) -> io::Result<String> {
    let end = body.iter().position(|byte| *byte == 0).ok_or_else(|| malformed("a string without an end"))?;
    let text = body.split_to(end);
    body.advance(1);
    String::from_utf8(text.to_vec()).map_err(|_| malformed("a string that is not UTF-8"))
}

/// An error for bytes that are not protocol 3.0.
pub fn malformed(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("malformed message: {what}"))
}

/// Reads messages from a stream. [`MessageReader::next`] may be cancelled without losing bytes.
#[derive(Debug)]
pub struct MessageReader<R> {
    stream: R,
    buffer: BytesMut,
}

impl<R: AsyncRead + Unpin> MessageReader<R> {
    /// A reader whose first message starts at the stream's next byte.
    pub fn new(stream: R) -> Self {
        Self { stream, buffer: BytesMut::with_capacity(64 * 1024) }
    }

    /// The next message, or `None` when the other side closed the stream between two messages.
    pub async fn next(&mut self) -> io::Result<Option<Message>> {
        loop {
            if let Some(message) = self.take()? {
                return Ok(Some(message));
            }
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return if self.buffer.is_empty() {
                    Ok(None)
                } else {
                    Err(io::ErrorKind::UnexpectedEof.into())
                };
            }
        }
    }

    /// The first message of the buffer, if it is there as a whole.
    fn take(&mut self) -> io::Result<Option<Message>> {
        if self.buffer.len() < 1 + LENGTH_BYTES {
            return Ok(None);
        }
        let tag = self.buffer[0];
        let length = (&self.buffer[1..=LENGTH_BYTES]).get_u32() as usize;
        if !(LENGTH_BYTES..=MAX_MESSAGE_BYTES).contains(&length) {
            return Err(malformed("a length out of range"));
        }
        if self.buffer.len() < 1 + length {
            self.buffer.reserve(1 + length - self.buffer.len());
            return Ok(None);
        }
        let mut message = self.buffer.split_to(1 + length);
        message.advance(1 + LENGTH_BYTES);
        Ok(Some(Message { tag, body: message.freeze() }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn messages_survive_the_way_through_bytes() {
        let sent = [Message::of_text(b'Q', "select 1"), Message::new(b'S', Bytes::new())];
        let mut bytes = Vec::new();
        for message in &sent {
            message.write_to(&mut bytes).await.unwrap();
        }
        let mut reader = MessageReader::new(bytes.as_slice());
        assert_eq!(reader.next().await.unwrap().as_ref(), Some(&sent[0]));
        assert_eq!(reader.next().await.unwrap().as_ref(), Some(&sent[1]));
        assert_eq!(reader.next().await.unwrap(), None);
    }

    #[tokio::test]
    async fn half_a_message_is_an_error() {
        let mut reader = MessageReader::new(&b"Q\0\0\0\x09sel"[..]);
        assert_eq!(reader.next().await.unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
    }

    #[tokio::test]
    async fn a_length_that_cannot_be_is_refused() {
        let mut reader = MessageReader::new(&b"Q\0\0\0\x01"[..]);
        assert_eq!(reader.next().await.unwrap_err().kind(), io::ErrorKind::InvalidData);
    }
}
