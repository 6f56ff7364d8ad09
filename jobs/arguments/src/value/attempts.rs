//! How often a statement is tried.

use std::num::NonZeroU32;

use crate::value::ValueError;

/// More attempts than this only hide a fault that does not pass: with waits that double, the tenth comes
/// after minutes.
const MOST: u32 = 10;

/// Reads the number of attempts a statement, the first included: 1 to 10.
///
/// # Errors
/// Anything that is no whole number in that range.
pub fn parse_attempts(text: &str) -> Result<NonZeroU32, ValueError> {
    text.parse::<NonZeroU32>().ok().filter(|attempts| attempts.get() <= MOST).ok_or_else(|| {
        ValueError::new(
            format!("is not a whole number from 1 to {MOST}"),
            "give the number of attempts, 1 for no retry",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::parse_attempts;

    #[test]
    fn keeps_to_its_range() {
        assert_eq!(parse_attempts("1").unwrap().get(), 1);
        assert_eq!(parse_attempts("10").unwrap().get(), 10);
        for text in ["", "0", "11", "-1", "3.0", "three", "99999999999"] {
            assert!(parse_attempts(text).is_err(), "{text}");
        }
    }
}
