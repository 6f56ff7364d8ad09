//! Numbers in a range.

use std::num::NonZeroU32;

use crate::value::ValueError;

/// More attempts than this only hide a fault that does not pass: with waits that double, the tenth comes
/// after minutes.
pub(crate) const MOST_ATTEMPTS: u32 = 10;

/// More at a time than this wait for each other in a warehouse's queue, which runs at most 50 queries (Redshift Management
/// Guide, quotas: "query slots").
pub(crate) const MOST_THREADS: u32 = 32;

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

/// Reads a share in percent: 0 to 100, whole.
///
/// # Errors
/// Anything that is no whole number in that range.
pub fn parse_percentage(text: &str) -> Result<u8, ValueError> {
    let number = text.parse::<u8>().ok().filter(|number| *number <= 100);
    number.ok_or_else(|| ValueError::new("is not a whole number from 0 to 100", "give a percentage"))
}

/// Reads a price: a decimal number that is not negative.
///
/// # Errors
/// Anything else.
pub fn parse_price(text: &str) -> Result<f64, ValueError> {
    let price = text.parse::<f64>().ok().filter(|price| price.is_finite() && *price >= 0.0);
    price.ok_or_else(|| ValueError::new("is no price", "give a number, such as 0.44"))
}

fn up_to(most: u32, text: &str, remedy: &'static str) -> Result<NonZeroU32, ValueError> {
    let number = text.parse::<NonZeroU32>().ok().filter(|number| number.get() <= most);
    number.ok_or_else(|| ValueError::new(format!("is not a whole number from 1 to {most}"), remedy))
}

#[cfg(test)]
mod tests {
    use super::{parse_attempts, parse_percentage, parse_price, parse_threads};

    #[test]
    fn keeps_to_its_range() {
        assert_eq!(parse_attempts("1").unwrap().get(), 1);
        assert_eq!(parse_attempts("10").unwrap().get(), 10);
        assert_eq!(parse_threads("32").unwrap().get(), 32);
        for text in ["", "0", "11", "-1", "3.0", "three", "99999999999"] {
            assert!(parse_attempts(text).is_err(), "{text}");
        }
        assert!(parse_threads("33").is_err() && parse_threads("0").is_err());
        assert_eq!((parse_percentage("0").unwrap(), parse_percentage("100").unwrap()), (0, 100));
        assert!(parse_percentage("101").is_err() && parse_percentage("-1").is_err());
        assert!(parse_price("0.44").is_ok() && parse_price("-1").is_err() && parse_price("inf").is_err());
    }
}
