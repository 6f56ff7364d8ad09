//! Arguments that are one word of a few.

use migration::plan::{Interleaved, Owners, Superusers};
use migration::verify::Verify;

use crate::value::ValueError;

/// Which password the users have that are created on the target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordPolicy {
    /// None.
    Disable,
    /// A new one each, in a secret of its own.
    Generate,
    /// That of the source, by its hash.
    Hash,
}

/// When a table whose rows were replaced is vacuumed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vacuum {
    /// By `refresh-views`, once every table is loaded.
    Later,
    /// By the data job, after the table's load.
    Now,
    /// By no job.
    Never,
}

/// The words of `--PASSWORDS`.
pub(crate) const PASSWORDS: &str = "disable|generate|hash";

/// The words of `--SUPERUSERS`.
pub(crate) const SUPERUSERS: &str = "ordinary|keep";

/// The words of `--INTERLEAVED`.
pub(crate) const INTERLEAVED: &str = "compound|block";

/// Reads `--INTERLEAVED`.
///
/// # Errors
/// Any other word.
pub fn parse_interleaved(text: &str) -> Result<Interleaved, ValueError> {
    match text {
        "compound" => Ok(Interleaved::Compound),
        "block" => Ok(Interleaved::Block),
        _ => Err(ValueError::new("is not one of the words that it takes", "give compound or block")),
    }
}

/// The words of `--VERIFY`.
pub(crate) const VERIFY: &str = "none|count|checksum";

/// Reads `--VERIFY`.
///
/// # Errors
/// Any other word.
pub fn parse_verify(text: &str) -> Result<Verify, ValueError> {
    match text {
        "none" => Ok(Verify::None),
        "count" => Ok(Verify::Count),
        "checksum" => Ok(Verify::Checksum),
        _ => Err(ValueError::new("is not one of the words that it takes", "give none, count or checksum")),
    }
}

/// The words of `--VACUUM`.
pub(crate) const VACUUM: &str = "later|now|never";

/// Reads `--VACUUM`.
///
/// # Errors
/// Any other word.
pub fn parse_vacuum(text: &str) -> Result<Vacuum, ValueError> {
    match text {
        "later" => Ok(Vacuum::Later),
        "now" => Ok(Vacuum::Now),
        "never" => Ok(Vacuum::Never),
        _ => Err(ValueError::new("is not one of the words that it takes", "give later, now or never")),
    }
}

/// The words of `--OWNERS`.
pub(crate) const OWNERS: &str = "keep|target-admin";

/// Reads `--PASSWORDS`.
///
/// # Errors
/// Any other word.
pub fn parse_passwords(text: &str) -> Result<PasswordPolicy, ValueError> {
    match text {
        "disable" => Ok(PasswordPolicy::Disable),
        "generate" => Ok(PasswordPolicy::Generate),
        "hash" => Ok(PasswordPolicy::Hash),
        _ => Err(ValueError::new("is not one of the words that it takes", "give disable, generate or hash")),
    }
}

/// Reads `--SUPERUSERS`.
///
/// # Errors
/// Any other word.
pub fn parse_superusers(text: &str) -> Result<Superusers, ValueError> {
    match text {
        "ordinary" => Ok(Superusers::Ordinary),
        "keep" => Ok(Superusers::Keep),
        _ => Err(ValueError::new("is neither ordinary nor keep", "give one of the two")),
    }
}

/// Reads `--OWNERS`.
///
/// # Errors
/// Any other word.
pub fn parse_owners(text: &str) -> Result<Owners, ValueError> {
    match text {
        "keep" => Ok(Owners::Keep),
        "target-admin" => Ok(Owners::TargetAdmin),
        _ => Err(ValueError::new("is neither keep nor target-admin", "give one of the two")),
    }
}

#[cfg(test)]
mod tests {
    use super::{
        INTERLEAVED, OWNERS, PASSWORDS, SUPERUSERS, VACUUM, VERIFY, parse_interleaved, parse_owners,
        parse_passwords, parse_superusers, parse_vacuum, parse_verify,
    };

    #[test]
    fn every_word_of_the_help_is_read_and_no_other() {
        assert!(PASSWORDS.split('|').all(|word| parse_passwords(word).is_ok()));
        assert!(OWNERS.split('|').all(|word| parse_owners(word).is_ok()));
        assert!(SUPERUSERS.split('|').all(|word| parse_superusers(word).is_ok()));
        assert!(INTERLEAVED.split('|').all(|word| parse_interleaved(word).is_ok()));
        assert!(VACUUM.split('|').all(|word| parse_vacuum(word).is_ok()));
        assert!(VERIFY.split('|').all(|word| parse_verify(word).is_ok()));
        for text in ["", "Generate", "disable|hash", "none"] {
            assert!(parse_passwords(text).is_err() && parse_superusers(text).is_err(), "{text}");
            assert!(parse_owners(text).is_err() && parse_interleaved(text).is_err(), "{text}");
        }
        assert!(parse_vacuum("").is_err() && parse_vacuum("none").is_err());
        assert!(parse_verify("").is_err() && parse_verify("Count").is_err());
    }
}
