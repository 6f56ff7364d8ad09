//! What stands for NULL in a text file.

use std::fmt;

/// A text that no value equals but by a chance of one in 2^128: a fixed marker would turn values that
/// happen to equal it into NULL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NullMarker(String);

impl NullMarker {
    /// The marker of 128 random bits, which the caller draws: this crate holds no randomness.
    pub fn from_bits(bits: u128) -> Self {
        Self(format!("null-{bits:032x}"))
    }

    /// The marker as the files hold it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for NullMarker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
