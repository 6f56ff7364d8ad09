//! Numbers and lists of things, for people to read.

use std::fmt::Display;

/// A number with its thousands apart: `1,234,567`.
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .map(|group| std::str::from_utf8(group).unwrap_or_default())
        .collect();
    groups.join(",")
}

/// `1 table`, `2,000 tables`.
pub fn number_of(number: impl TryInto<u64>, thing: &str) -> String {
    let number = number.try_into().unwrap_or(u64::MAX);
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {thing}{plural}", count(number))
}

/// `a, b`.
pub fn list(things: impl IntoIterator<Item: Display>) -> String {
    let things: Vec<String> = things.into_iter().map(|thing| thing.to_string()).collect();
    things.join(", ")
}

#[cfg(test)]
mod tests {
    use super::{count, number_of};

    #[test]
    fn thousands_are_apart_and_one_is_no_plural() {
        assert_eq!([0, 12, 999, 1000, 1_234_567].map(count), ["0", "12", "999", "1,000", "1,234,567"]);
        assert_eq!(
            [0_usize, 1, 2, 1_000].map(|number| number_of(number, "row")),
            ["0 rows", "1 row", "2 rows", "1,000 rows"]
        );
    }
}
