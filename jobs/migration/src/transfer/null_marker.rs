//! What stands for NULL in a text file.

use super::MarkedValue;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The least number of 38 digits, as many as a DECIMAL has (`r_Numeric_types201`).
const LEAST: u128 = 10_u128.pow(37);

/// How many numbers of 38 digits there are: 2^126.
const COUNT: u128 = 9 * LEAST;

/// A number of 38 random digits, which no value equals but by a chance of one in 2^126: a fixed marker would turn values that
/// happen to equal it into NULL.
///
/// It is a number because a SUPER value can be one: UNLOAD ignores NULL AS for SUPER and writes `null`, as it writes JSON null
/// (`r_UNLOAD`). So the query puts this number in NULL's place, which COPY then finds in the field like that of any other column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NullMarker(String);

impl NullMarker {
    /// The marker of 128 random bits, which the caller draws: this crate holds no randomness.
    pub fn from_bits(bits: u128) -> Self {
        Self((LEAST + bits % COUNT).to_string())
    }

    /// The marker as the files hold it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The marker as a SUPER value, in SQL.
    pub(crate) fn as_super(&self) -> String {
        format!("CAST(CAST({} AS DECIMAL(38, 0)) AS SUPER)", self.0)
    }

    /// The marker as a VARBYTE value, in SQL: its last 36 digits as hexadecimal ones. The field that UNLOAD writes of it is not that
    /// of NULL.
    pub(crate) fn as_varbyte(&self) -> String {
        let digits = 2 * MarkedValue::VARBYTE_BYTES as usize;
        format!("TO_VARBYTE('{}', 'hex')", &self.0[self.0.len() - digits..])
    }

    /// The marker as a number, in SQL.
    pub(crate) fn as_number(&self) -> String {
        format!("CAST({} AS DECIMAL(38, 0))", self.0)
    }
}

impl fmt::Display for NullMarker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::NullMarker;

    #[test]
    fn a_marker_is_a_decimal_of_38_digits() {
        for bits in [0, 7, u128::MAX] {
            let marker = NullMarker::from_bits(bits);
            assert_eq!(marker.as_str().len(), 38);
            assert!(marker.as_str().bytes().all(|byte| byte.is_ascii_digit()));
        }
        assert_ne!(NullMarker::from_bits(0), NullMarker::from_bits(1));
    }
}
