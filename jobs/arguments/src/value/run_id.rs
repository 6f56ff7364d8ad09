//! The name of a run.

use std::fmt;
use std::str::FromStr;

use crate::value::ValueError;

/// The longest name in characters.
const MAX_CHARACTERS: usize = 80;

/// Brackets, wildcards and special characters that a name must not hold.
const FORBIDDEN: &str = "<>{}[]?*\"#%\\^|~`$&,;:/";

/// The name of a run: a name that an execution may have by the rules of Step Functions' `StartExecution` (API
/// Reference), so that whatever one starts by hand could be a state machine's as well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunId(String);

impl RunId {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RunId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl FromStr for RunId {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        if text.is_empty() {
            return Err(ValueError::new("is empty", "give a name, or leave the argument out"));
        }
        if text.chars().count() > MAX_CHARACTERS {
            return Err(ValueError::new("is longer than 80 characters", "give a shorter name"));
        }
        let forbidden = |(_, character): &(usize, char)| {
            character.is_whitespace() || character.is_control() || FORBIDDEN.contains(*character)
        };
        if let Some((position, _)) = text.chars().enumerate().find(forbidden) {
            return Err(ValueError::new(
                format!(
                    "holds a character at position {} that the name of an execution may not hold",
                    position + 1
                ),
                "give letters, digits, - and _",
            ));
        }
        Ok(Self(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::RunId;

    #[test]
    fn follows_the_rules_of_step_functions() {
        for text in ["2026-01-31T10-00-00Z-4f2a", "a.b_c", "0", &"é".repeat(80)] {
            assert_eq!(text.parse::<RunId>().unwrap().as_str(), text);
        }
        for text in ["", "a b", "a/b", "arn:x", "a\u{7f}", "100%", &"x".repeat(81)] {
            assert!(text.parse::<RunId>().is_err(), "{text}");
        }
    }
}
