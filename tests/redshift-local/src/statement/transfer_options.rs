//! What UNLOAD and COPY have in common: where the files are, who may touch them, and options that are given once.

use super::StatementError;
use super::cursor::Cursor;

/// A place in S3: `s3://bucket/key`, the key being an object's or the beginning of several objects' keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The bucket's name.
    pub bucket: String,
    /// The key or key prefix.
    pub key: String,
}

impl Location {
    /// Reads an `s3://` URL. Nothing in it is encoded: the key is taken as it stands.
    pub fn parse(url: &str) -> Option<Self> {
        let (bucket, key) = url.strip_prefix("s3://")?.split_once('/')?;
        (!bucket.is_empty() && !key.is_empty())
            .then(|| Self { bucket: bucket.to_owned(), key: key.to_owned() })
    }

    /// The place whose key has `suffix` behind it.
    #[must_use]
    pub fn with_suffix(&self, suffix: &str) -> Self {
        Self { bucket: self.bucket.clone(), key: format!("{}{suffix}", self.key) }
    }
}

impl std::fmt::Display for Location {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "s3://{}/{}", self.bucket, self.key)
    }
}

/// Takes a quoted `s3://` URL.
pub(super) fn expect_location(cursor: &mut Cursor<'_, '_>) -> Result<Location, StatementError> {
    let url = cursor.expect_string()?;
    Location::parse(&url).ok_or_else(|| {
        StatementError::new("42601", "the location is not of the form s3://bucket/key")
            .with_hint("other sources than Amazon S3 are not part of redshift-local")
    })
}

/// Takes the argument of `IAM_ROLE` (copy-parameters-authorization): `default`, or ARNs of roles, chained by commas.
/// Which roles the warehouse may assume is not known here, so that any well-formed one passes.
pub(super) fn expect_iam_role(cursor: &mut Cursor<'_, '_>) -> Result<(), StatementError> {
    if cursor.take_word("default") {
        return Ok(());
    }
    let chain = cursor.expect_string()?;
    if chain == "default" || chain.split(',').all(is_role_arn) {
        Ok(())
    } else {
        Err(StatementError::new("42601", "IAM_ROLE is not the ARN of a role")
            .with_hint("give arn:aws:iam::<account>:role/<name>, or default"))
    }
}

fn is_role_arn(text: &str) -> bool {
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    matches!(parts[..], ["arn", partition, "iam", "", account, resource]
        if partition.starts_with("aws")
            && account.len() == 12
            && account.bytes().all(|byte| byte.is_ascii_digit())
            && resource.strip_prefix("role/").is_some_and(|name| !name.is_empty()))
}

/// Takes `ON`, `TRUE`, `OFF` or `FALSE`; nothing if none follows.
pub(super) fn take_switch(cursor: &mut Cursor<'_, '_>) -> Option<bool> {
    cursor.take_any_word(&["on", "true", "off", "false"]).map(|word| matches!(word, "on" | "true"))
}

/// Takes a quoted string of one ASCII character (`DELIMITER`, `QUOTE`), after an optional `AS`.
pub(super) fn expect_character(cursor: &mut Cursor<'_, '_>, option: &str) -> Result<u8, StatementError> {
    cursor.take_word("as");
    match cursor.expect_string()?.as_bytes() {
        [character] if character.is_ascii() && !matches!(character, 0 | b'\n' | b'\r') => Ok(*character),
        _ => Err(StatementError::new("42601", format!("{option} must be a single ASCII character"))),
    }
}

/// Notes an option's value; an option given twice is an error.
pub(super) fn set_once<T>(slot: &mut Option<T>, option: &str, value: T) -> Result<(), StatementError> {
    if slot.replace(value).is_some() {
        return Err(StatementError::new("42601", format!("option {option} is given more than once")));
    }
    Ok(())
}

/// The error for two options that AWS's page says exclude each other.
pub(super) fn conflict(one: &str, other: &str) -> StatementError {
    StatementError::new("42601", format!("{one} cannot be used with {other}"))
}

#[cfg(test)]
mod tests {
    use super::{Location, is_role_arn};

    #[test]
    fn a_location_needs_a_bucket_and_a_key() {
        let location = Location::parse("s3://b/p/a%2Fb c").unwrap();
        assert_eq!((location.bucket.as_str(), location.key.as_str()), ("b", "p/a%2Fb c"));
        assert_eq!(location.with_suffix("manifest").to_string(), "s3://b/p/a%2Fb cmanifest");
        for url in ["s3://b", "s3:///k", "s3://b/", "https://b/k", "b/k"] {
            assert_eq!(Location::parse(url), None, "{url}");
        }
    }

    #[test]
    fn a_role_is_named_by_its_arn() {
        assert!(is_role_arn("arn:aws:iam::123456789012:role/path/name"));
        assert!(is_role_arn("arn:aws-cn:iam::123456789012:role/name"));
        for text in [
            "",
            "name",
            "arn:aws:iam::1:role/x",
            "arn:aws:iam::123456789012:user/x",
            "arn:aws:iam::123456789012:role/",
        ] {
            assert!(!is_role_arn(text), "{text}");
        }
    }
}
