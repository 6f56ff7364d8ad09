//! What a client sends before it is logged in: requests for encryption and cancelling, and its parameters.

use std::io;

use bytes::{Buf, BufMut, Bytes, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt};

use super::message::{malformed, put_text, take_text};

const PROTOCOL_VERSION_3: u32 = 196_608;
const SSL_REQUEST: u32 = 80_877_103;
const GSS_ENCRYPTION_REQUEST: u32 = 80_877_104;
const CANCEL_REQUEST: u32 = 80_877_102;

/// Longest start-up packet, the limit PostgreSQL sets.
const MAX_STARTUP_BYTES: usize = 10_000;

/// A packet of the start-up phase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Startup {
    /// The client asks for TLS.
    Tls,
    /// The client asks for GSSAPI encryption.
    Gss,
    /// The client wants a running statement cancelled: process id and secret key, as they came.
    Cancel(Bytes),
    /// The client logs in with these parameters.
    Parameters(Vec<(String, String)>),
}

impl Startup {
    /// Reads one start-up packet.
    pub async fn read(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Self> {
        let length = stream.read_u32().await? as usize;
        if !(8..=MAX_STARTUP_BYTES).contains(&length) {
            return Err(malformed("the length of a start-up packet"));
        }
        let mut body = vec![0; length - 4];
        stream.read_exact(&mut body).await?;
        let mut body = Bytes::from(body);
        match body.get_u32() {
            SSL_REQUEST => Ok(Self::Tls),
            GSS_ENCRYPTION_REQUEST => Ok(Self::Gss),
            CANCEL_REQUEST => Ok(Self::Cancel(body)),
            PROTOCOL_VERSION_3 => Self::parameters(body),
            version => Err(malformed(&format!("protocol version {}.{}", version >> 16, version & 0xffff))),
        }
    }

    fn parameters(mut body: Bytes) -> io::Result<Self> {
        let mut parameters = Vec::new();
        loop {
            let name = take_text(&mut body)?;
            if name.is_empty() {
                return Ok(Self::Parameters(parameters));
            }
            parameters.push((name, take_text(&mut body)?));
        }
    }
}

/// The bytes of a start-up packet with parameters.
pub fn encode_parameters<'a>(parameters: impl IntoIterator<Item = (&'a str, &'a str)>) -> Bytes {
    let mut body = BytesMut::new();
    body.put_u32(PROTOCOL_VERSION_3);
    for (name, value) in parameters {
        put_text(&mut body, name);
        put_text(&mut body, value);
    }
    body.put_u8(0);
    packet(&body)
}

/// The bytes of a request to cancel.
pub fn encode_cancel(key: &[u8]) -> Bytes {
    let mut body = BytesMut::new();
    body.put_u32(CANCEL_REQUEST);
    body.extend_from_slice(key);
    packet(&body)
}

fn packet(body: &[u8]) -> Bytes {
    let mut packet = BytesMut::with_capacity(body.len() + 4);
    packet.put_u32(u32::try_from(body.len() + 4).unwrap_or(u32::MAX));
    packet.extend_from_slice(body);
    packet.freeze()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn parameters_survive_the_way_through_bytes() {
        let bytes = encode_parameters([("user", "ann"), ("database", "dev")]);
        let parameters = vec![("user".into(), "ann".into()), ("database".into(), "dev".into())];
        assert_eq!(Startup::read(&mut bytes.as_ref()).await.unwrap(), Startup::Parameters(parameters));
    }

    #[tokio::test]
    async fn an_old_protocol_is_refused() {
        let error = Startup::read(&mut &b"\0\0\0\x08\0\x02\0\0"[..]).await.unwrap_err();
        assert!(error.to_string().contains("protocol version 2.0"));
    }
}
