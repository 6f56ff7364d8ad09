//! Redshift's digest login: authentication request 13, which a warehouse makes of users whose password is kept as SHA-256
//! (`r_CREATE_USER`) and which tokio-postgres does not know.
//!
//! [`DigestConnect`] wraps a TLS connector; the stream it gives reads along until the login is decided, answers that
//! one request itself, and from then on is the stream below. No AWS page describes the exchange: it is that of AWS's
//! own drivers (amazon-redshift-jdbc-driver, amazon-redshift-python-driver), in the messages' big-endian integers:
//!
//! - request: `R`, 13, algorithm (0 is SHA-256), length and bytes of the salt, length and bytes of the server's nonce
//! - answer: `d`, length and bytes of the digest, length and bytes of the client's nonce
//! - digest: SHA-256(SHA-256(password, salt), server's nonce, client's nonce)

use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_postgres::tls::{ChannelBinding, MakeTlsConnect, TlsConnect, TlsStream};

const REQUEST_OK: u32 = 0;
const REQUEST_DIGEST: u32 = 13;
const ALGORITHM_SHA256: u32 = 0;

/// A tag and a length.
const HEADER_BYTES: usize = 5;

/// Longest message of a login that is looked into; a longer one is no request for a password.
const MAX_LOGIN_MESSAGE_BYTES: usize = 64 * 1024;

/// Makes TLS connections that know the digest login.
#[derive(Clone)]
pub(super) struct DigestConnect<C> {
    /// What makes the connection below.
    pub(super) tls: C,
    /// The user's password.
    pub(super) password: SecretString,
}

impl<S, C: MakeTlsConnect<S>> MakeTlsConnect<S> for DigestConnect<C>
where
    C::TlsConnect: Send,
    <C::TlsConnect as TlsConnect<S>>::Future: Send + 'static,
    C::Stream: Send,
{
    type Stream = DigestStream<C::Stream>;
    type TlsConnect = DigestConnect<C::TlsConnect>;
    type Error = C::Error;

    fn make_tls_connect(&mut self, domain: &str) -> Result<Self::TlsConnect, Self::Error> {
        Ok(DigestConnect { tls: self.tls.make_tls_connect(domain)?, password: self.password.clone() })
    }
}

impl<S, C: TlsConnect<S>> TlsConnect<S> for DigestConnect<C>
where
    C::Future: Send + 'static,
{
    type Stream = DigestStream<C::Stream>;
    type Error = C::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Stream, Self::Error>> + Send>>;

    fn connect(self, stream: S) -> Self::Future {
        let (connecting, password) = (self.tls.connect(stream), self.password);
        Box::pin(async move { Ok(DigestStream::new(connecting.await?, password)) })
    }
}

/// A stream that answers the request for a digest that comes through it.
pub(super) struct DigestStream<S> {
    inner: S,
    /// `None` once the login is decided.
    password: Option<SecretString>,
    /// Read from below, not yet a whole message.
    incoming: Vec<u8>,
    /// For the reader above.
    readable: Vec<u8>,
    /// The answer, as far as it is not written yet; flushed when it is empty.
    answer: Option<Vec<u8>>,
}

impl<S> DigestStream<S> {
    fn new(inner: S, password: SecretString) -> Self {
        Self { inner, password: Some(password), incoming: Vec::new(), readable: Vec::new(), answer: None }
    }

    /// Passes on what is whole, up to and without a request for a digest, which leaves an answer behind.
    fn sort(&mut self) -> io::Result<()> {
        while let Some(password) = &self.password {
            let Some(length) = message_length(&self.incoming) else { return Ok(()) };
            if length > MAX_LOGIN_MESSAGE_BYTES {
                self.password = None;
            } else if self.incoming.len() < length {
                return Ok(());
            } else {
                let message: Vec<u8> = self.incoming.drain(..length).collect();
                let mut body = message.get(HEADER_BYTES..).unwrap_or_default();
                match (message.first(), take_number(&mut body)) {
                    (Some(b'R'), Some(REQUEST_DIGEST)) => {
                        #[allow(clippy::disallowed_methods, reason = "behind the door: part of a session")]
                        // Letters and digits: AWS's JDBC driver sends no other bytes.
                        let nonce = format!("{:032x}", rand::random::<u128>());
                        self.answer = Some(answer(body, password, nonce.as_bytes())?);
                        return Ok(());
                    }
                    (Some(b'R'), Some(REQUEST_OK)) | (Some(b'E'), _) => self.password = None,
                    _ => {}
                }
                self.readable.extend_from_slice(&message);
            }
        }
        self.readable.append(&mut self.incoming);
        Ok(())
    }
}

/// Bytes of the message at the beginning, header included, once they can be told.
fn message_length(bytes: &[u8]) -> Option<usize> {
    let mut length = bytes.get(1..HEADER_BYTES)?;
    // The length counts itself and not the tag.
    take_number(&mut length).and_then(|length| usize::try_from(length).ok()).map(|length| length.max(4) + 1)
}

/// The answer to a request whose body, behind its number, is this.
fn answer(mut request: &[u8], password: &SecretString, nonce: &[u8]) -> io::Result<Vec<u8>> {
    let invalid = |message: &str| io::Error::new(io::ErrorKind::InvalidData, message.to_owned());
    let malformed = || invalid("the server's request for a digest is malformed");
    if take_number(&mut request).ok_or_else(malformed)? != ALGORITHM_SHA256 {
        return Err(invalid("the server asks for a digest other than SHA-256"));
    }
    let salt = take_bytes(&mut request).ok_or_else(malformed)?;
    let server_nonce = take_bytes(&mut request).ok_or_else(malformed)?;
    let kept = Sha256::new().chain_update(password.expose_secret()).chain_update(salt).finalize();
    let digest = Sha256::new().chain_update(kept).chain_update(server_nonce).chain_update(nonce).finalize();
    let mut body = Vec::new();
    for part in [&digest[..], nonce] {
        body.extend_from_slice(&number(part.len()).to_be_bytes());
        body.extend_from_slice(part);
    }
    let mut message = vec![b'd'];
    message.extend_from_slice(&number(4 + body.len()).to_be_bytes());
    message.append(&mut body);
    Ok(message)
}

/// A length of this exchange, some dozens of bytes, as the protocol writes it.
fn number(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

fn take_number(bytes: &mut &[u8]) -> Option<u32> {
    let (number, rest) = bytes.split_first_chunk::<4>()?;
    *bytes = rest;
    Some(u32::from_be_bytes(*number))
}

fn take_bytes<'a>(bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = usize::try_from(take_number(bytes)?).ok()?;
    let (taken, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    Some(taken)
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for DigestStream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        loop {
            if let Some(answer) = &mut this.answer {
                while !answer.is_empty() {
                    let written = ready!(Pin::new(&mut this.inner).poll_write(context, answer))?;
                    if written == 0 {
                        return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
                    }
                    answer.drain(..written);
                }
                ready!(Pin::new(&mut this.inner).poll_flush(context))?;
                this.answer = None;
                this.sort()?;
            } else if !this.readable.is_empty() {
                let count = this.readable.len().min(buffer.remaining());
                buffer.put_slice(this.readable.drain(..count).as_slice());
                return Poll::Ready(Ok(()));
            } else if this.password.is_none() {
                return Pin::new(&mut this.inner).poll_read(context, buffer);
            } else {
                let mut bytes = [0; 1024];
                let mut part = ReadBuf::new(&mut bytes);
                ready!(Pin::new(&mut this.inner).poll_read(context, &mut part))?;
                if part.filled().is_empty() {
                    // The end: what came of a message is the reader's to judge.
                    this.password = None;
                }
                this.incoming.extend_from_slice(part.filled());
                this.sort()?;
            }
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for DigestStream<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}

impl<S: TlsStream + Unpin> TlsStream for DigestStream<S> {
    fn channel_binding(&self) -> ChannelBinding {
        self.inner.channel_binding()
    }
}

#[cfg(test)]
mod tests;
