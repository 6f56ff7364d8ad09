//! A bucket, and the prefix in it below which everything lies.

use std::fmt;
use std::str::FromStr;

use crate::value::ValueError;

/// The lengths of a bucket's name (S3 User Guide, `bucketnamingrules`).
const BUCKET_CHARACTERS: std::ops::RangeInclusive<usize> = 3..=63;

/// The longest prefix in bytes: a key has 1,024 (S3 User Guide, `object-keys`), and most of them are for what
/// comes below.
const PREFIX_MAX_BYTES: usize = 256;

/// `s3://bucket` or `s3://bucket/prefix`: every key that we write lies below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BucketPrefix {
    bucket: String,
    /// Empty, or segments that end with a slash, so that a key is this and what follows.
    prefix: String,
}

impl BucketPrefix {
    /// The bucket's name.
    pub fn bucket(&self) -> &str {
        &self.bucket
    }

    /// The whole key of what lies at `below`, a key relative to the prefix.
    pub fn key(&self, below: &str) -> String {
        format!("{}{below}", self.prefix)
    }

    /// The key, relative to the prefix, of what lies at an `s3://` URI.
    ///
    /// # Errors
    /// It does not lie below the prefix.
    pub fn below(&self, uri: &str) -> Result<String, ValueError> {
        let below = uri.strip_prefix(&self.uri("")).filter(|key| !key.is_empty());
        let remedy = "give the s3:// URI of a document there";
        below.map(str::to_owned).ok_or_else(|| ValueError::new("does not lie below --S3_BUCKET", remedy))
    }

    /// The `s3://` URI of what lies at `below`, a key relative to the prefix.
    pub fn uri(&self, below: &str) -> String {
        format!("s3://{}/{}{below}", self.bucket, self.prefix)
    }
}

impl fmt::Display for BucketPrefix {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.uri("").trim_end_matches('/'))
    }
}

impl FromStr for BucketPrefix {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let Some(rest) = text.strip_prefix("s3://") else {
            return Err(ValueError::new(
                "does not begin with s3://",
                "give it as s3://bucket or s3://bucket/prefix",
            ));
        };
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        if !is_bucket(bucket) {
            return Err(ValueError::new(
                "does not hold the name of a bucket after s3://",
                "a bucket has 3 to 63 lower-case letters, digits, dots and hyphens",
            ));
        }
        let prefix = prefix.strip_suffix('/').unwrap_or(prefix);
        if prefix.is_empty() {
            return Ok(Self { bucket: bucket.to_owned(), prefix: String::new() });
        }
        if prefix.len() > PREFIX_MAX_BYTES {
            return Err(ValueError::new("has a prefix of more than 256 bytes", "give a shorter prefix"));
        }
        let is_segment =
            |segment: &str| !matches!(segment, "" | "." | "..") && !segment.chars().any(char::is_control);
        if !prefix.split('/').all(is_segment) {
            return Err(ValueError::new(
                "has a prefix with an empty part, . or .., or a control character",
                "give it as s3://bucket/part/part",
            ));
        }
        Ok(Self { bucket: bucket.to_owned(), prefix: format!("{prefix}/") })
    }
}

/// Whether a text is a bucket's name (S3 User Guide, `bucketnamingrules`; of its rules those that catch a
/// mistake).
fn is_bucket(text: &str) -> bool {
    let is_edge =
        |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    let bytes = text.as_bytes();
    BUCKET_CHARACTERS.contains(&bytes.len())
        && is_edge(bytes.first())
        && is_edge(bytes.last())
        && bytes.iter().all(|byte| is_edge(Some(byte)) || matches!(byte, b'.' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::BucketPrefix;

    #[test]
    fn a_key_lies_below_the_prefix_with_or_without_slash() {
        for text in ["s3://my-bucket/a/b", "s3://my-bucket/a/b/"] {
            let place: BucketPrefix = text.parse().unwrap();
            assert_eq!(place.bucket(), "my-bucket");
            assert_eq!(place.key("runs/x"), "a/b/runs/x");
            assert_eq!(place.uri("runs/x"), "s3://my-bucket/a/b/runs/x");
            assert_eq!(place.to_string(), "s3://my-bucket/a/b");
            assert_eq!(place.below("s3://my-bucket/a/b/runs/x"), Ok("runs/x".to_owned()));
            for elsewhere in ["s3://my-bucket/a/b/", "s3://my-bucket/a/bc/x", "s3://other/a/b/x", "runs/x"] {
                assert!(place.below(elsewhere).is_err(), "{elsewhere}");
            }
        }
    }

    #[test]
    fn a_bucket_alone_is_a_place() {
        for text in ["s3://my-bucket", "s3://my-bucket/"] {
            let place: BucketPrefix = text.parse().unwrap();
            assert_eq!(place.key("runs/x"), "runs/x");
            assert_eq!(place.to_string(), "s3://my-bucket");
        }
    }

    #[test]
    fn refuses_what_is_no_place() {
        for text in [
            "",
            "my-bucket",
            "https://my-bucket/a",
            "s3://",
            "s3://My-Bucket",
            "s3://ab",
            "s3://-abc",
            "s3://a_b_c",
            "s3://my-bucket//a",
            "s3://my-bucket/a//b",
            "s3://my-bucket/../b",
            "s3://my-bucket/a\nb",
        ] {
            assert!(text.parse::<BucketPrefix>().is_err(), "{text}");
        }
    }
}
