//! The name of a tenant.

use std::fmt;
use std::str::FromStr;

use crate::value::ValueError;

/// The longest name in bytes. Encoded it is a segment of S3 keys, which hold at most 1,024 bytes in all (S3
/// User Guide, `object-keys`).
const MAX_BYTES: usize = 127;

/// The name of a tenant, verbatim: any text of 1 to 127 bytes without control characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TenantName(String);

impl TenantName {
    /// The name as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TenantName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl FromStr for TenantName {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        if text.trim().is_empty() {
            Err(ValueError::new("is empty", "give a name of 1 to 127 bytes"))
        } else if text.len() > MAX_BYTES {
            Err(ValueError::new("is longer than 127 bytes", "give a shorter name"))
        } else if text.chars().any(char::is_control) {
            Err(ValueError::new("holds a control character", "give a name without line breaks and tabs"))
        } else {
            Ok(Self(text.to_owned()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::TenantName;

    #[test]
    fn keeps_any_printable_name() {
        for text in ["acme", "Ä & Söhne / 2", "-"] {
            assert_eq!(text.parse::<TenantName>().unwrap().as_str(), text);
        }
        for text in ["", "  ", "a\nb", &"x".repeat(128)] {
            assert!(text.parse::<TenantName>().is_err(), "{text}");
        }
    }
}
