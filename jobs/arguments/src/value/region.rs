//! An AWS Region.

use std::fmt;
use std::str::FromStr;

use crate::value::ValueError;

/// The code of an AWS Region, such as `eu-central-1`. Whether there is such a Region is not checked: new ones
/// appear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region(String);

impl Region {
    /// The code.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Region {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl FromStr for Region {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        if is_region(text) {
            Ok(Self(text.to_owned()))
        } else {
            Err(ValueError::new(
                "is not the code of an AWS Region",
                "give it as in eu-central-1 or us-gov-west-1",
            ))
        }
    }
}

/// Whether a text has the form of a Region's code: words of lower-case letters, two at least, then a number.
pub(super) fn is_region(text: &str) -> bool {
    let mut words: Vec<&str> = text.split('-').collect();
    let is_number = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    let is_word = |word: &&str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase());
    words.pop().is_some_and(is_number) && words.len() >= 2 && words.iter().all(is_word)
}

#[cfg(test)]
mod tests {
    use super::Region;

    #[test]
    fn knows_the_form_of_a_region() {
        for text in ["eu-central-1", "us-gov-west-1", "cn-north-1", "ap-southeast-12"] {
            assert_eq!(text.parse::<Region>().unwrap().as_str(), text);
        }
        for text in
            ["", "eu", "1", "eu-1", "eu-central", "EU-central-1", "eu--1", "eu-central-1 ", "eu-central-1a"]
        {
            assert!(text.parse::<Region>().is_err(), "{text}");
        }
    }
}
