//! Yes or no.

use crate::value::ValueError;

/// Reads `true` or `false` in any letter case: Glue's console and Step Functions write a boolean either way.
///
/// # Errors
/// Any other text.
pub fn parse_boolean(text: &str) -> Result<bool, ValueError> {
    match text.to_ascii_lowercase().as_str() {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(ValueError::new("is neither true nor false", "give one of the two")),
    }
}

#[cfg(test)]
mod tests {
    use super::parse_boolean;

    #[test]
    fn reads_both_words_and_nothing_else() {
        assert_eq!(parse_boolean("true"), Ok(true));
        assert_eq!(parse_boolean("False"), Ok(false));
        for text in ["", "yes", "1", "true "] {
            assert!(parse_boolean(text).is_err(), "{text}");
        }
    }
}
