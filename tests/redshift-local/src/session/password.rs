//! Passwords as Redshift keeps them (`r_CREATE_USER`), and what a client must answer to show that it knows one.
//!
//! Plain ones are kept as an MD5 hash salted with the user's name, and compared by the `md5` exchange. Those given with
//! `sha256|` are kept as a digest with its salt, and compared by an exchange of Redshift's own, the authentication request
//! 13: AWS's drivers are its documentation (`core.py` and `utils/extensible_digest.py` of amazon-redshift-python-driver).

use std::fmt::Write;

use bytes::{Buf, BufMut, Bytes, BytesMut};
use md5::{Digest, Md5};
use sha2::Sha256;

/// The number of the authentication request for the `md5` exchange.
const MD5_REQUEST: u32 = 5;

/// The number of the authentication request for the digest exchange.
const DIGEST_REQUEST: u32 = 13;

/// The digest exchange's number for SHA-256, the only algorithm there is.
const SHA256_ALGORITHM: u32 = 0;

/// What the catalog keeps of a user's password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stored {
    /// `md5` and the hash.
    Md5(String),
    /// SHA-256 of password and salt.
    Sha256 {
        /// The digest.
        digest: Vec<u8>,
        /// The salt.
        salt: Vec<u8>,
    },
}

impl Stored {
    /// From `pg_authid.rolpassword` and from digest and salt of `rs_password`, in hexadecimal.
    pub fn of_row(row: &[Option<String>]) -> Option<Self> {
        match row {
            [_, Some(digest), Some(salt)] => {
                Some(Self::Sha256 { digest: unhexed(digest)?, salt: unhexed(salt)? })
            }
            [Some(hash), ..] => Some(Self::Md5(hash.clone())),
            _ => None,
        }
    }
}

fn unhexed(text: &str) -> Option<Vec<u8>> {
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}

/// A question to a client and the answer that opens the session.
#[derive(Debug)]
pub enum Challenge {
    /// `md5`.
    Md5 {
        /// New for each login.
        salt: [u8; 4],
        /// The answer; nothing where no answer is right.
        expected: Option<String>,
    },
    /// Digest.
    Digest {
        /// SHA-256 of password and salt.
        digest: Vec<u8>,
        /// The password's.
        salt: Vec<u8>,
        /// New for each login.
        nonce: [u8; 32],
    },
}

impl Challenge {
    /// The challenge for what is kept. A user that is not there, or has no password, gets one as well, so that nobody can
    /// tell by that.
    pub fn of(stored: Option<Stored>) -> Self {
        let salt = rand::random();
        match stored {
            Some(Stored::Sha256 { digest, salt }) => Self::Digest { digest, salt, nonce: rand::random() },
            Some(Stored::Md5(hash)) => Self::Md5 { salt, expected: expected_answer(&hash, salt) },
            None => Self::Md5 { salt, expected: None },
        }
    }

    /// The body of the authentication request.
    pub fn request(&self) -> Bytes {
        let mut body = BytesMut::new();
        match self {
            Self::Md5 { salt, .. } => {
                body.put_u32(MD5_REQUEST);
                body.extend_from_slice(salt);
            }
            Self::Digest { salt, nonce, .. } => {
                body.put_u32(DIGEST_REQUEST);
                body.put_u32(SHA256_ALGORITHM);
                put_counted(&mut body, salt);
                put_counted(&mut body, nonce);
            }
        }
        body.freeze()
    }

    /// The type of the message that answers.
    pub fn answered_by(&self) -> u8 {
        match self {
            Self::Md5 { .. } => b'p',
            Self::Digest { .. } => b'd',
        }
    }

    /// Whether the body of the answer shows that the client knows the password.
    pub fn is_met_by(&self, mut answer: Bytes) -> bool {
        match self {
            Self::Md5 { expected, .. } => expected
                .as_ref()
                .is_some_and(|expected| answer.strip_suffix(b"\0") == Some(expected.as_bytes())),
            Self::Digest { digest, nonce, .. } => {
                let (Some(given), Some(client_nonce)) =
                    (take_counted(&mut answer), take_counted(&mut answer))
                else {
                    return false;
                };
                let mut expected = Sha256::new();
                expected.update(digest);
                expected.update(nonce);
                expected.update(&client_nonce);
                given == expected.finalize().as_slice()
            }
        }
    }
}

fn put_counted(body: &mut BytesMut, bytes: &[u8]) {
    body.put_u32(u32::try_from(bytes.len()).unwrap_or(u32::MAX));
    body.extend_from_slice(bytes);
}

fn take_counted(body: &mut Bytes) -> Option<Bytes> {
    let length = body.try_get_u32().ok()? as usize;
    (length <= body.len()).then(|| body.split_to(length))
}

/// What the catalog keeps of a plain password: `md5` and the hash of password and user name.
pub fn stored_hash(password: &str, user: &str) -> String {
    format!("md5{}", hex_digest(&[password.as_bytes(), user.as_bytes()]))
}

fn expected_answer(stored: &str, salt: [u8; 4]) -> Option<String> {
    Some(format!("md5{}", hex_digest(&[stored.strip_prefix("md5")?.as_bytes(), &salt])))
}

fn hex_digest(parts: &[&[u8]]) -> String {
    let mut digest = Md5::new();
    for part in parts {
        digest.update(part);
    }
    hexadecimal(&digest.finalize())
}

/// Bytes as hexadecimal digits.
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_that_of_the_documentation() {
        assert_eq!(stored_hash("ez", "user1"), "md5153c434b4b77c89e6b94f12c5393af5b");
    }

    #[test]
    fn a_password_kept_otherwise_or_not_at_all_has_no_answer() {
        assert_eq!(expected_answer("SCRAM-SHA-256$4096", [0; 4]), None);
        assert!(!Challenge::of(None).is_met_by(Bytes::from_static(b"md5\0")));
    }

    #[test]
    fn only_the_digest_over_both_nonces_is_right() {
        let challenge = Challenge::Digest { digest: vec![7; 32], salt: vec![1], nonce: [2; 32] };
        let answer = |digest: &[u8], nonce: &[u8]| {
            let mut body = BytesMut::new();
            put_counted(&mut body, digest);
            put_counted(&mut body, nonce);
            body.freeze()
        };
        let right = Sha256::digest([&[7; 32][..], &[2; 32], b"1763"].concat());
        assert!(challenge.is_met_by(answer(&right, b"1763")));
        assert!(!challenge.is_met_by(answer(&right, b"1764")));
        assert!(!challenge.is_met_by(answer(&[7; 32], b"")));
        assert!(!challenge.is_met_by(Bytes::from_static(b"\0\0\0\xffshort")));
    }
}
