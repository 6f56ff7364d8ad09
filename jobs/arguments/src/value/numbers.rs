//! Whole numbers in a range.

use std::num::NonZeroU32;

use crate::value::ValueError;

/// More attempts than this only hide a fault that does not pass: with waits that double, the tenth comes
/// after minutes.
const MOST_ATTEMPTS: u32 = 10;

/// More at a time than this wait for each other in a warehouse's queue, which runs at most 50 queries (Redshift Management
/// Guide, quotas: "query slots").
const MOST_THREADS: u32 = 32;

/// Reads the number of attempts a statement, the first included: 1 to 10.
///
/// # Errors
/// Anything that is no whole number in that range.
pub fn parse_attempts(text: &str) -> Result<NonZeroU32, ValueError> {
    up_to(MOST_ATTEMPTS, text, "give the number of attempts, 1 for no retry")
}

/// Reads how many tables are under way at a time: 1 to 32.
///
/// # Errors
/// Anything that is no whole number in that range.
pub fn parse_threads(text: &str) -> Result<NonZeroU32, ValueError> {
    up_to(MOST_THREADS, text, "give the number of tables that move at a time")
}

fn up_to(most: u32, text: &str, remedy: &'static str) -> Result<NonZeroU32, ValueError> {
    let number = text.parse::<NonZeroU32>().ok().filter(|number| number.get() <= most);
    number.ok_or_else(|| ValueError::new(format!("is not a whole number from 1 to {most}"), remedy))
}

#[cfg(test)]
mod tests {
    use super::{parse_attempts, parse_threads};

    #[test]
    fn keeps_to_its_range() {
        assert_eq!(parse_attempts("1").unwrap().get(), 1);
        assert_eq!(parse_attempts("10").unwrap().get(), 10);
        assert_eq!(parse_threads("32").unwrap().get(), 32);
        for text in ["", "0", "11", "-1", "3.0", "three", "99999999999"] {
            assert!(parse_attempts(text).is_err(), "{text}");
        }
        assert!(parse_threads("33").is_err() && parse_threads("0").is_err());
    }
}
