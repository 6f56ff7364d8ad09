//! Passwords of users that are created: where each comes from, and the hash that is all a statement may hold.
//!
//! A plan names a [`PasswordSource`]; what is in it is found when the plan is applied, and lives in memory only.

use md5::{Digest, Md5};
use serde::Serialize;
use std::fmt::{self, Write};

/// Where the password of a new user comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PasswordSource {
    /// It is made, and kept in a secret of AWS Secrets Manager.
    Generated,
    /// The source's hash: the user's password stays what it is.
    SourceHash,
}

impl fmt::Display for PasswordSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Generated => "one that is generated and kept in a secret",
            Self::SourceHash => "the one it has on the source, as a hash",
        })
    }
}

/// A password as a warehouse keeps it and as CREATE USER takes it in place of the text (`r_CREATE_USER`): `md5` and 32
/// hexadecimal digits, or `sha256|digest|salt` with 64 digits each. Never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

/// Hexadecimal digits of an MD5 sum.
const MD5_DIGITS: usize = 32;

/// Hexadecimal digits of a SHA-256 sum, and of a salt of 256 bits.
const SHA256_DIGITS: usize = 64;

impl PasswordHash {
    /// The hash of a password's text. MD5 over password and name is the form whose every byte the page describes; of
    /// SHA-256 it leaves open how the salt is read. For a password of 40 random characters either is as good.
    pub fn of(password: &str, user: &str) -> Self {
        let sum = Md5::new().chain_update(password).chain_update(user).finalize();
        let mut hash = String::from("md5");
        for byte in sum {
            write!(hash, "{byte:02x}").expect("writing to a String cannot fail");
        }
        Self(hash)
    }

    /// A hash as a catalog shows it; `None` for anything else, such as `********`.
    pub fn parse(text: &str) -> Option<Self> {
        let digits =
            |text: &str, count| text.len() == count && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let known = match text.strip_prefix("sha256|") {
            Some(rest) => rest
                .split_once('|')
                .is_some_and(|(digest, salt)| digits(digest, SHA256_DIGITS) && digits(salt, SHA256_DIGITS)),
            None => text.strip_prefix("md5").is_some_and(|hash| digits(hash, MD5_DIGITS)),
        };
        known.then(|| Self(text.to_owned()))
    }

    /// The hash, for a statement.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_that_of_the_documentation() {
        assert_eq!(PasswordHash::of("ez", "user1").as_str(), "md5153c434b4b77c89e6b94f12c5393af5b");
    }

    #[test]
    fn only_hashes_are_taken_and_none_is_shown() {
        let hash = PasswordHash::parse("md5A1234567890123456780123456789012").unwrap();
        assert_eq!(format!("{hash:?}"), "PasswordHash(…)");
        let sha256 = format!("sha256|{}|{}", "0a".repeat(32), "1B".repeat(32));
        assert_eq!(PasswordHash::parse(&sha256).unwrap().as_str(), sha256);
        for other in
            ["", "********", "md5", "Mypassword1", "sha256|Mypassword1", &sha256[..100], "md5'; DROP"]
        {
            assert_eq!(PasswordHash::parse(other), None, "{other}");
        }
    }
}
