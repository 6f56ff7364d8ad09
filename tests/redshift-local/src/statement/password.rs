//! Passwords of CREATE USER and ALTER USER (`r_CREATE_USER`): in clear text, hashed, or disabled. No error repeats one.

use std::fmt;

use super::StatementError;
use super::cursor::Cursor;
use super::names::{quote_literal, quote_optional};
use super::principal::Principal;

/// Length of a password in clear text.
const LENGTH: std::ops::RangeInclusive<usize> = 8..=64;

/// Characters that a password in clear text may not hold, besides those that do not print. The page forbids `@`, too,
/// although one of its own examples begins with it.
const FORBIDDEN: [char; 5] = ['\'', '"', '\\', '/', '@'];

/// Hexadecimal digits of a SHA-256 digest, and of a salt of 256 bits.
const SHA256_DIGITS: usize = 64;

/// Hexadecimal digits of an MD5 hash.
const MD5_DIGITS: usize = 32;

/// How a password was given.
pub enum Password {
    /// DISABLE: nobody logs in with one.
    Disabled,
    /// For PostgreSQL: clear text, which it hashes with MD5 and the user's name, or such a hash.
    Md5(String),
    /// `sha256|password`: hashed with a salt of the warehouse's choice.
    Sha256(String),
    /// `sha256|digest|salt`.
    Sha256Digest {
        /// The hash of password and salt, in hexadecimal.
        digest: String,
        /// The salt, in hexadecimal.
        salt: String,
    },
}

impl Password {
    /// Takes a password's literal or DISABLE.
    pub fn expect(cursor: &mut Cursor<'_, '_>) -> Result<Self, StatementError> {
        if cursor.take_word("disable") {
            return Ok(Self::Disabled);
        }
        let given = cursor.expect_string()?;
        if let Some(sha256) = given.strip_prefix("sha256|") {
            return match sha256.split_once('|') {
                Some((digest, salt))
                    if is_hexadecimal(digest, SHA256_DIGITS) && is_hexadecimal(salt, SHA256_DIGITS) =>
                {
                    Ok(Self::Sha256Digest { digest: digest.to_owned(), salt: salt.to_owned() })
                }
                Some(_) => Err(refusal("a SHA-256 digest and its salt have 64 hexadecimal digits each")),
                None => check_clear_text(sha256).map(|()| Self::Sha256(sha256.to_owned())),
            };
        }
        if given.strip_prefix("md5").is_some_and(|hash| is_hexadecimal(hash, MD5_DIGITS)) {
            // The page's examples have capitals, too, which PostgreSQL would take for clear text.
            return Ok(Self::Md5(given.to_ascii_lowercase()));
        }
        check_clear_text(&given).map(|()| Self::Md5(given))
    }

    /// Whether it is kept as SHA-256.
    pub fn is_sha256(&self) -> bool {
        matches!(self, Self::Sha256(_) | Self::Sha256Digest { .. })
    }

    /// What PostgreSQL keeps of it.
    pub fn sql(&self) -> String {
        match self {
            Self::Md5(password) => quote_literal(password),
            Self::Disabled | Self::Sha256(_) | Self::Sha256Digest { .. } => "NULL".to_owned(),
        }
    }

    /// Keeps what PostgreSQL does not, and asks whether the session may set this user's password.
    pub fn store(&self, user: &Principal) -> String {
        let (clear, digest, salt) = match self {
            Self::Disabled | Self::Md5(_) => (None, None, None),
            Self::Sha256(password) => (Some(password), None, None),
            Self::Sha256Digest { digest, salt } => (None, Some(digest), Some(salt)),
        };
        let [clear, digest, salt] = [clear, digest, salt].map(quote_optional);
        format!("CALL redshift_catalog.rs_set_password({}, {clear}, {digest}, {salt})", user.literal())
    }
}

/// Never the password itself.
impl fmt::Debug for Password {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Password")
    }
}

fn is_hexadecimal(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn check_clear_text(password: &str) -> Result<(), StatementError> {
    let has = |kind: fn(&u8) -> bool| password.bytes().any(|byte| kind(&byte));
    if !LENGTH.contains(&password.len()) {
        Err(refusal("password must be from 8 to 64 characters long"))
    } else if !(has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase) && has(u8::is_ascii_digit)) {
        Err(refusal("password must contain an uppercase letter, a lowercase letter and a number"))
    } else if password.contains(FORBIDDEN) || !password.bytes().all(|byte| byte.is_ascii_graphic()) {
        Err(refusal("password holds a character that is not allowed"))
    } else {
        Ok(())
    }
}

fn refusal(message: &str) -> StatementError {
    StatementError::new("22023", message)
}
