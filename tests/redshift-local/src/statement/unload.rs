//! UNLOAD (`r_UNLOAD`) in CSV or Parquet: read into what is to be done, or refused.

use super::StatementError;
use super::cursor::Cursor;
use super::transfer_options::{
    Allowed, Argument, Compression, Format, Given, Location, Role, Rule, expect_location,
};
use crate::lexer::{Token, tokenize};

/// What is done about files that are there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// The UNLOAD fails.
    Refuse,
    /// `ALLOWOVERWRITE`: files of the same name are replaced.
    Overwrite,
    /// `CLEANPATH`: everything below the path is removed first.
    Clean,
}

/// The manifest that is written, if any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ManifestDetail {
    /// `MANIFEST`: the files' URLs.
    Urls,
    /// `MANIFEST VERBOSE`: sizes, rows and columns too.
    Verbose,
}

/// How S3 encrypts the files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Encryption {
    /// Amazon S3 managed keys, the default.
    S3,
    /// `ENCRYPTED AUTO`: as the bucket says.
    Bucket,
    /// `KMS_KEY_ID … ENCRYPTED`.
    Kms(String),
}

/// How the files are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnloadFormat {
    /// `FORMAT CSV`.
    Csv(CsvOutput),
    /// `FORMAT PARQUET`.
    Parquet,
}

/// The options of CSV.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CsvOutput {
    /// Between fields; a comma unless given.
    pub delimiter: u8,
    /// What stands for NULL, except in SUPER columns.
    pub null_as: String,
    /// Whether each file begins with the columns' names.
    pub header: bool,
    /// How the files are compressed.
    pub compression: Compression,
}

/// An UNLOAD.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unload {
    /// The text of the SELECT, out of its literal.
    pub query: String,
    /// What the files' keys begin with.
    pub target: Location,
    /// Whose rights are used.
    pub role: Role,
    /// How the files are written.
    pub format: UnloadFormat,
    /// The manifest, if one is written.
    pub manifest: Option<ManifestDetail>,
    /// What is done about files that are there already.
    pub existing: Existing,
    /// One file or more for each slice, or one after another.
    pub parallel: bool,
    /// The size in bytes at which the next file begins.
    pub max_file_size: u64,
    /// The bucket's region, if given.
    pub region: Option<String>,
    /// How S3 encrypts the files.
    pub encryption: Encryption,
}

/// The options of `r_UNLOAD`.
const RULES: [Rule; 28] = [
    ("csv", Argument::Nothing, Allowed::Always),
    ("parquet", Argument::Nothing, Allowed::Always),
    ("partition", Argument::Nothing, Allowed::MissingAlways),
    ("manifest", Argument::Optional("verbose"), Allowed::Always),
    ("header", Argument::Nothing, Allowed::Csv),
    ("delimiter", Argument::Character, Allowed::Csv),
    ("fixedwidth", Argument::Text, Allowed::Never),
    ("encrypted", Argument::Optional("auto"), Allowed::Always),
    ("bzip2", Argument::Nothing, Allowed::Missing),
    ("gzip", Argument::Nothing, Allowed::Csv),
    ("zstd", Argument::Nothing, Allowed::Csv),
    ("addquotes", Argument::Nothing, Allowed::Missing),
    ("null", Argument::Text, Allowed::Csv),
    ("escape", Argument::Nothing, Allowed::Missing),
    ("allowoverwrite", Argument::Nothing, Allowed::Always),
    ("cleanpath", Argument::Nothing, Allowed::Always),
    ("parallel", Argument::Switch, Allowed::Always),
    ("maxfilesize", Argument::Size, Allowed::Always),
    ("rowgroupsize", Argument::Size, Allowed::MissingAlways),
    ("region", Argument::Text, Allowed::Always),
    ("extension", Argument::Text, Allowed::MissingAlways),
    ("iam_role", Argument::Role, Allowed::Always),
    ("kms_key_id", Argument::Text, Allowed::Always),
    ("master_symmetric_key", Argument::Text, Allowed::MissingAlways),
    ("credentials", Argument::Text, Allowed::MissingAlways),
    ("access_key_id", Argument::Text, Allowed::MissingAlways),
    ("secret_access_key", Argument::Text, Allowed::MissingAlways),
    ("session_token", Argument::Text, Allowed::MissingAlways),
];

/// What `r_UNLOAD` says excludes each other; files have one compression.
const EXCLUDING: [(&str, &str); 3] = [("cleanpath", "allowoverwrite"), ("gzip", "zstd"), ("csv", "parquet")];

/// Between 5 MB and 6.2 GB, the latter also being the size of a file when none is asked for (`r_UNLOAD`, MAXFILESIZE).
const FILE_SIZES: std::ops::RangeInclusive<u64> = 5 * 1024 * 1024..=62 * 1024 * 1024 * 1024 / 10;

/// Reads an UNLOAD statement.
pub fn parse(tokens: &[Token<'_>]) -> Result<Unload, StatementError> {
    let mut cursor = Cursor::new(tokens);
    cursor.expect_word("unload")?;
    cursor.expect_operator("(")?;
    let query = match cursor.next().and_then(Token::string_value) {
        Some(query) => query.into_owned(),
        None => return Err(StatementError::new("42601", "UNLOAD takes its query as a quoted string")),
    };
    cursor.expect_operator(")")?;
    check_query(&query)?;
    cursor.expect_word("to")?;
    let target = expect_location(&mut cursor)?;
    let mut given = Given::read("UNLOAD", &mut cursor, &RULES, &EXCLUDING)?;
    let max_file_size = given.number("maxfilesize").unwrap_or(*FILE_SIZES.end());
    if !FILE_SIZES.contains(&max_file_size) {
        return Err(StatementError::new("42601", "MAXFILESIZE must lie between 5 MB and 6.2 GB"));
    }
    Ok(Unload {
        query,
        target,
        role: given.role(),
        encryption: encryption(&mut given)?,
        format: match given.format {
            Format::Parquet => UnloadFormat::Parquet,
            Format::Csv => UnloadFormat::Csv(CsvOutput {
                delimiter: given.character("delimiter").unwrap_or(b','),
                null_as: given.text("null").unwrap_or_default(),
                header: given.has("header"),
                compression: given.compression(),
            }),
        },
        manifest: given
            .switch("manifest")
            .map(|verbose| if verbose { ManifestDetail::Verbose } else { ManifestDetail::Urls }),
        existing: match (given.has("allowoverwrite"), given.has("cleanpath")) {
            (true, _) => Existing::Overwrite,
            (_, true) => Existing::Clean,
            _ => Existing::Refuse,
        },
        parallel: given.switch("parallel").unwrap_or(true),
        max_file_size,
        region: given.text("region"),
    })
}

/// KMS_KEY_ID needs ENCRYPTED, and ENCRYPTED a key or AUTO (`r_UNLOAD`, ENCRYPTED).
fn encryption(given: &mut Given) -> Result<Encryption, StatementError> {
    match (given.switch("encrypted"), given.text("kms_key_id")) {
        (None, None) => Ok(Encryption::S3),
        (Some(true), None) => Ok(Encryption::Bucket),
        (Some(false), Some(key)) => Ok(Encryption::Kms(key)),
        (Some(true), Some(_)) => {
            Err(StatementError::new("42601", "ENCRYPTED AUTO cannot be used with KMS_KEY_ID"))
        }
        (None, Some(_)) => Err(StatementError::new("42601", "KMS_KEY_ID needs ENCRYPTED")),
        (Some(false), None) => Err(StatementError::new("42601", "ENCRYPTED needs KMS_KEY_ID or AUTO")),
    }
}

/// The query is one SELECT, and has no LIMIT of its own (`r_UNLOAD`, "Limit clause").
fn check_query(query: &str) -> Result<(), StatementError> {
    let tokens = tokenize(query)?;
    let outer =
        tokens.iter().filter(|token| token.is_significant()).take_while(|token| token.is_operator("("));
    let (outer, mut depth) = (outer.count(), 0_usize);
    for token in &tokens {
        if token.is_operator("(") {
            depth += 1;
        } else if token.is_operator(")") {
            depth = depth.saturating_sub(1);
        } else if depth <= outer && token.is_word("limit") {
            return Err(StatementError::new("0A000", "LIMIT is not supported in the outer SELECT of UNLOAD")
                .with_hint("nest it: SELECT … FROM (SELECT … LIMIT n)"));
        } else if token.is_operator(";") {
            return Err(StatementError::new("42601", "UNLOAD takes one query, without a semicolon"));
        }
    }
    match tokens.iter().find(|token| token.is_significant() && !token.is_operator("(")) {
        Some(first) if first.is_word("select") || first.is_word("with") => Ok(()),
        _ => Err(StatementError::new("42601", "UNLOAD takes a SELECT")),
    }
}

#[cfg(test)]
#[path = "unload_tests.rs"]
mod tests;
