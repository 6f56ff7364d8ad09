//! One segment of an S3 key made from a name.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Any text as a key segment: each byte but `[A-Za-z0-9_-]` as `!` and its two hexadecimal digits, so that different names never share
/// a key and no name can climb out of its prefix. `!` is safe in keys; `%` is a character to avoid (S3 User Guide, `object-keys`), and no
/// page says whether UNLOAD and COPY decode it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct S3KeySegment(String);

impl S3KeySegment {
    /// Encodes a text.
    pub fn encode(text: &str) -> Self {
        use std::fmt::Write;
        let mut segment = String::with_capacity(text.len());
        for byte in text.bytes() {
            if byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-') {
                segment.push(char::from(byte));
            } else {
                write!(segment, "!{byte:02X}").expect("writing to a String cannot fail");
            }
        }
        Self(segment)
    }

    /// The encoded text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for S3KeySegment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn different_names_have_different_segments(a in ".{0,12}", b in ".{0,12}") {
            let (left, right) = (S3KeySegment::encode(&a), S3KeySegment::encode(&b));
            prop_assert_eq!(a == b, left == right);
            let plain = |c: char| c.is_ascii_alphanumeric() || "_-!".contains(c);
            prop_assert!(left.as_str().chars().all(plain));
        }
    }

    #[test]
    fn separators_and_dots_are_encoded() {
        assert_eq!(S3KeySegment::encode("../a b/é").as_str(), "!2E!2E!2Fa!20b!2F!C3!A9");
    }
}
