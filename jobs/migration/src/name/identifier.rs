//! One name of an object or principal, as the catalog holds it.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The longest name that Redshift keeps, in bytes (`r_names`).
const MAX_BYTES: usize = 127;

/// A name exactly as the catalog holds it; its `Display` is a delimited identifier, safe in any statement.
///
/// Delimited identifiers double their quotes (`r_names`). Their case is kept only while
/// `enable_case_sensitive_identifier` is on, which every session of ours sets.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Identifier(String);

/// Why a text cannot be a name on Redshift.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// No characters at all.
    #[error("a name is empty")]
    Empty,
    /// More than 127 bytes, which Redshift does not keep.
    #[error("the name {0} is longer than 127 bytes")]
    TooLong(String),
    /// A NUL character, which no PostgreSQL text can hold.
    #[error("the name {0} holds a NUL character")]
    Nul(String),
}

impl Identifier {
    /// Takes a name verbatim: no folding, no trimming.
    pub fn new(name: impl Into<String>) -> Result<Self, NameError> {
        let name = name.into();
        if name.is_empty() {
            Err(NameError::Empty)
        } else if name.len() > MAX_BYTES {
            Err(NameError::TooLong(name))
        } else if name.contains('\0') {
            Err(NameError::Nul(name.escape_default().to_string()))
        } else {
            Ok(Self(name))
        }
    }

    /// Takes a name as it stands in a statement: of a longer one Redshift keeps the first 127 bytes (`r_CREATE_TABLE_NEW`), and
    /// of a character all or none.
    pub(crate) fn truncated(mut name: String) -> Result<Self, NameError> {
        name.truncate(name.floor_char_boundary(MAX_BYTES));
        Self::new(name)
    }

    /// The name as the catalog holds it, unquoted: for comparison and display, never for SQL.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0.replace('"', "\"\""))
    }
}

impl TryFrom<String> for Identifier {
    type Error = NameError;

    fn try_from(name: String) -> Result<Self, NameError> {
        Self::new(name)
    }
}

impl From<Identifier> for String {
    fn from(name: Identifier) -> String {
        name.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Reads a delimited identifier the way the SQL standard defines it; of another origin than `Display`.
    fn unquote(text: &str) -> Option<String> {
        let mut characters = text.strip_prefix('"')?.strip_suffix('"')?.chars();
        let mut name = String::new();
        while let Some(character) = characters.next() {
            if character == '"' && characters.next() != Some('"') {
                return None;
            }
            name.push(character);
        }
        Some(name)
    }

    proptest! {
        #[test]
        fn quoting_round_trips(name in "[^\0]{1,31}") {
            let identifier = Identifier::new(name.clone()).unwrap();
            prop_assert_eq!(unquote(&identifier.to_string()), Some(name));
        }
    }

    #[test]
    fn what_redshift_cannot_keep_is_refused() {
        assert_eq!(Identifier::new(""), Err(NameError::Empty));
        assert!(Identifier::new("é".repeat(63)).is_ok());
        assert!(matches!(Identifier::new("é".repeat(64)), Err(NameError::TooLong(_))));
        assert!(matches!(Identifier::new("a\0b"), Err(NameError::Nul(_))));
    }
}
