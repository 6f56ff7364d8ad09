//! What UNLOAD and COPY have in common: where the files are, whose rights are used, how files are compressed, and options
//! read by a table of rules ([`Rule`]), each at most once.

use std::collections::HashMap;

use super::StatementError;
use super::cursor::Cursor;
use crate::lexer::Token;

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

/// Whose rights a transfer has in S3 (`copy-parameters-authorization`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// The role that is the warehouse's default.
    Default,
    /// A role's ARN; of a chain the first, which is the one that the warehouse itself assumes.
    Arn(String),
}

/// How text files are compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    /// Not at all.
    None,
    /// `GZIP`.
    Gzip,
    /// `ZSTD`.
    Zstd,
}

/// The formats that a rule tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Csv,
    Parquet,
}

/// What follows an option's name; `AS` may always stand between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Argument {
    Nothing,
    /// This word or nothing.
    Optional(&'static str),
    Text,
    /// A text of one ASCII character.
    Character,
    Count,
    /// `ON`, `TRUE`, `OFF` or `FALSE`, or nothing.
    Switch,
    /// A number of bytes: megabytes unless the unit says so.
    Size,
    Role,
}

/// With which format an option may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Allowed {
    /// With any.
    Always,
    /// With text formats; AWS's page excludes it with Parquet.
    Csv,
    /// With Parquet alone.
    Parquet,
    /// With neither: AWS's page excludes it with CSV and with Parquet.
    Never,
    /// AWS's page allows it, this stand-in does not have it; with Parquet it is excluded as well.
    Missing,
    /// AWS's page allows it whatever the format, this stand-in does not have it.
    MissingAlways,
}

/// An option: its name in lower case, what follows it, with which format.
pub(super) type Rule = (&'static str, Argument, Allowed);

/// An option's value as it is written.
#[derive(Clone, Debug, PartialEq)]
enum Value {
    Given(bool),
    Text(String),
    Character(u8),
    Number(u64),
    Role(Role),
}

/// The options of one statement.
#[derive(Debug)]
pub(super) struct Given {
    values: HashMap<&'static str, Value>,
    pub format: Format,
}

const MEGABYTE: u64 = 1024 * 1024;
const GIGABYTE: u64 = 1024 * MEGABYTE;

/// Formats that are not part of this stand-in.
const MISSING_FORMATS: [&str; 4] = ["json", "avro", "orc", "shapefile"];

impl Given {
    /// Reads options to the statement's end by these rules. `excluding` are pairs that AWS's page says exclude each
    /// other.
    pub fn read(
        statement: &'static str,
        cursor: &mut Cursor<'_, '_>,
        rules: &[Rule],
        excluding: &[(&str, &str)],
    ) -> Result<Self, StatementError> {
        let format = find_format(statement, cursor.clone())?;
        let mut given = Self { values: HashMap::new(), format };
        while cursor.peek().is_some() {
            if cursor.take_word("format") {
                cursor.take_word("as");
                if !(cursor.at_word("csv") || cursor.at_word("parquet")) {
                    return Err(cursor.unexpected());
                }
            }
            given.option(statement, cursor, rules)?;
        }
        for (one, other) in excluding {
            if given.has(one) && given.has(other) {
                return Err(conflict(&one.to_uppercase(), &other.to_uppercase()));
            }
        }
        if !given.has("iam_role") {
            return Err(StatementError::new("42601", format!("{statement} needs an authorization"))
                .with_hint("add IAM_ROLE"));
        }
        Ok(given)
    }

    fn option(
        &mut self,
        statement: &str,
        cursor: &mut Cursor<'_, '_>,
        rules: &[Rule],
    ) -> Result<(), StatementError> {
        let name = cursor.peek().and_then(Token::identifier).ok_or_else(|| cursor.unexpected())?;
        let Some((name, argument, allowed)) = rules.iter().find(|(known, ..)| *known == name) else {
            return Err(cursor.unexpected());
        };
        let shown = name.to_uppercase();
        let parquet = self.format == Format::Parquet;
        match allowed {
            Allowed::Csv | Allowed::Never | Allowed::Missing if parquet => {
                return Err(StatementError::new(
                    "0A000",
                    format!("{shown} argument is not supported for PARQUET based {statement}"),
                ));
            }
            Allowed::Never => return Err(conflict("CSV", &shown)),
            Allowed::Parquet if !parquet => {
                return Err(StatementError::new("0A000", format!("{shown} needs FORMAT PARQUET")));
            }
            Allowed::Missing | Allowed::MissingAlways => {
                return Err(StatementError::unsupported(format!("{statement} … {shown}")));
            }
            Allowed::Always | Allowed::Csv | Allowed::Parquet => {}
        }
        cursor.next();
        let value = read_value(cursor, name, *argument)?;
        if self.values.insert(name, value).is_some() {
            return Err(StatementError::new("42601", format!("option {shown} is given more than once")));
        }
        Ok(())
    }

    pub fn has(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    /// Whether a word followed an option that has one, or what a switch says; nothing if the option is not given.
    pub fn switch(&self, name: &str) -> Option<bool> {
        match self.values.get(name)? {
            Value::Given(on) => Some(*on),
            _ => None,
        }
    }

    pub fn text(&mut self, name: &str) -> Option<String> {
        match self.values.remove(name)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn character(&self, name: &str) -> Option<u8> {
        match self.values.get(name)? {
            Value::Character(character) => Some(*character),
            _ => None,
        }
    }

    pub fn number(&self, name: &str) -> Option<u64> {
        match self.values.get(name)? {
            Value::Number(number) => Some(*number),
            _ => None,
        }
    }

    pub fn role(&mut self) -> Role {
        match self.values.remove("iam_role") {
            Some(Value::Role(role)) => role,
            _ => Role::Default,
        }
    }

    pub fn compression(&self) -> Compression {
        if self.has("gzip") {
            Compression::Gzip
        } else if self.has("zstd") {
            Compression::Zstd
        } else {
            Compression::None
        }
    }
}

/// The format, wherever it stands among the options: which options may stand with it depends on it.
fn find_format(statement: &str, mut cursor: Cursor<'_, '_>) -> Result<Format, StatementError> {
    while let Some(token) = cursor.next() {
        if token.is_word("csv") {
            return Ok(Format::Csv);
        } else if token.is_word("parquet") {
            return Ok(Format::Parquet);
        } else if let Some(format) = MISSING_FORMATS.iter().find(|format| token.is_word(format)) {
            let format = format.to_uppercase();
            return Err(StatementError::unsupported(format!("{statement} … {format}")));
        }
    }
    Err(StatementError::unsupported(format!("{statement} of delimited text")).with_hint("add FORMAT AS CSV"))
}

fn read_value(cursor: &mut Cursor<'_, '_>, name: &str, argument: Argument) -> Result<Value, StatementError> {
    if !matches!(argument, Argument::Nothing | Argument::Optional(_)) {
        cursor.take_word("as");
    }
    let before = cursor.clone();
    Ok(match argument {
        Argument::Nothing => Value::Given(true),
        Argument::Optional(word) => Value::Given(cursor.take_word(word)),
        Argument::Text => Value::Text(cursor.expect_string()?),
        Argument::Character => match cursor.expect_string()?.as_bytes() {
            [byte] if byte.is_ascii() && !matches!(byte, 0 | b'\n' | b'\r') => Value::Character(*byte),
            _ => {
                let name = name.to_uppercase();
                return Err(StatementError::new("42601", format!("{name} must be a single ASCII character")));
            }
        },
        Argument::Count => Value::Number(cursor.expect_number()?.parse().map_err(|_| before.unexpected())?),
        Argument::Switch => {
            let word = cursor.take_any_word(&["on", "true", "off", "false", "preset"]);
            Value::Given(!matches!(word, Some("off" | "false")))
        }
        Argument::Size => {
            let number: f64 = cursor.expect_number()?.parse().map_err(|_| before.unexpected())?;
            let unit = if cursor.take_any_word(&["mb", "gb"]) == Some("gb") { GIGABYTE } else { MEGABYTE };
            #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, clippy::cast_sign_loss)]
            // At most some billions of bytes in what is taken: nothing is lost.
            Value::Number((number * unit as f64).round() as u64)
        }
        Argument::Role => Value::Role(expect_role(cursor)?),
    })
}

/// Takes a quoted `s3://` URL.
pub(super) fn expect_location(cursor: &mut Cursor<'_, '_>) -> Result<Location, StatementError> {
    let url = cursor.expect_string()?;
    Location::parse(&url).ok_or_else(|| {
        StatementError::new("42601", "the location is not of the form s3://bucket/key")
            .with_hint("other sources than Amazon S3 are not part of redshift-local")
    })
}

/// Takes the argument of `IAM_ROLE` (`copy-parameters-authorization`): `default`, or ARNs of roles, chained by commas.
fn expect_role(cursor: &mut Cursor<'_, '_>) -> Result<Role, StatementError> {
    if cursor.take_word("default") {
        return Ok(Role::Default);
    }
    let chain = cursor.expect_string()?;
    match chain.split(',').next() {
        _ if chain == "default" => Ok(Role::Default),
        Some(first) if chain.split(',').all(is_role_arn) => Ok(Role::Arn(first.to_owned())),
        _ => Err(StatementError::new("42601", "IAM_ROLE is not the ARN of a role")
            .with_hint("give arn:aws:iam::<account>:role/<name>, or default")),
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

/// The error for two options that AWS's page says exclude each other.
fn conflict(one: &str, other: &str) -> StatementError {
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
