//! The sum of a plan.

use std::fmt;
use std::str::FromStr;

use crate::value::ValueError;

/// How many hexadecimal digits a SHA-256 sum has.
const DIGITS: usize = 64;

/// The SHA-256 sum of a plan, in lower case, as `plan.sql` and `schema.json` name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanSum(String);

impl PlanSum {
    /// Its 64 digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PlanSum {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl FromStr for PlanSum {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        if text.len() == DIGITS && text.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            Ok(Self(text.to_ascii_lowercase()))
        } else {
            Err(ValueError::new(
                "is no SHA-256 sum",
                "give the 64 hexadecimal digits of plan_sha256 in schema.json",
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::PlanSum;

    #[test]
    fn takes_64_digits_of_either_case() {
        assert_eq!("0aF9".repeat(16).parse::<PlanSum>().unwrap().as_str(), "0af9".repeat(16));
        for text in ["", &"a".repeat(63), &"a".repeat(65), &"g".repeat(64), &"ä".repeat(32)] {
            assert!(text.parse::<PlanSum>().is_err(), "{text}");
        }
    }
}
