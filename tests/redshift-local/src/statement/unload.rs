//! UNLOAD (`r_UNLOAD`): read into what is to be done, or refused. CSV is the only format so far.

use super::StatementError;
use super::cursor::Cursor;
use super::transfer_options::{
    Location, conflict, expect_character, expect_iam_role, expect_location, set_once, take_switch,
};
use crate::lexer::{Token, tokenize};

const MEGABYTE: u64 = 1024 * 1024;
const GIGABYTE: u64 = 1024 * MEGABYTE;

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

/// An UNLOAD in CSV format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unload {
    /// The text of the SELECT, out of its literal.
    pub query: String,
    /// What the files' keys begin with.
    pub target: Location,
    /// Between fields; a comma unless given.
    pub delimiter: u8,
    /// What stands for NULL, except in SUPER columns.
    pub null_as: String,
    /// Whether each file begins with the columns' names.
    pub header: bool,
    /// Whether files are compressed.
    pub gzip: bool,
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

/// Options of `r_UNLOAD` that are not part of this stand-in yet.
const UNSUPPORTED: [&str; 15] = [
    "parquet",
    "json",
    "partition",
    "fixedwidth",
    "bzip2",
    "zstd",
    "addquotes",
    "escape",
    "rowgroupsize",
    "extension",
    "master_symmetric_key",
    "credentials",
    "access_key_id",
    "secret_access_key",
    "session_token",
];

/// UNLOAD's options as they are read, each at most once.
#[derive(Debug, Default)]
struct Given {
    csv: Option<()>,
    delimiter: Option<u8>,
    null_as: Option<String>,
    header: Option<()>,
    gzip: Option<()>,
    manifest: Option<ManifestDetail>,
    overwrite: Option<()>,
    clean: Option<()>,
    parallel: Option<bool>,
    max_file_size: Option<u64>,
    region: Option<String>,
    encrypted: Option<bool>,
    kms_key: Option<String>,
    iam_role: Option<()>,
}

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
    let mut given = Given::default();
    while cursor.peek().is_some() {
        read_option(&mut cursor, &mut given)?;
    }
    given.check()?;
    Ok(Unload {
        query,
        target,
        delimiter: given.delimiter.unwrap_or(b','),
        null_as: given.null_as.unwrap_or_default(),
        header: given.header.is_some(),
        gzip: given.gzip.is_some(),
        manifest: given.manifest,
        existing: match (given.overwrite, given.clean) {
            (Some(()), _) => Existing::Overwrite,
            (_, Some(())) => Existing::Clean,
            _ => Existing::Refuse,
        },
        parallel: given.parallel.unwrap_or(true),
        max_file_size: given.max_file_size.unwrap_or(LARGEST_FILE),
        region: given.region,
        encryption: match (given.encrypted, given.kms_key) {
            (_, Some(key)) => Encryption::Kms(key),
            (Some(true), None) => Encryption::Bucket,
            _ => Encryption::S3,
        },
    })
}

fn read_option(cursor: &mut Cursor<'_, '_>, given: &mut Given) -> Result<(), StatementError> {
    if cursor.take_word("format") {
        cursor.take_word("as");
        return match cursor.take_any_word(&["csv", "parquet", "json"]) {
            Some("csv") => set_once(&mut given.csv, "FORMAT", ()),
            Some(format) => Err(StatementError::unsupported(format!("UNLOAD … {}", format.to_uppercase()))),
            None => Err(cursor.unexpected()),
        };
    }
    if let Some(option) = cursor.take_any_word(&UNSUPPORTED) {
        return Err(StatementError::unsupported(format!("UNLOAD … {}", option.to_uppercase())));
    }
    let option = cursor.peek().and_then(Token::identifier).ok_or_else(|| cursor.unexpected())?;
    let before = cursor.clone();
    cursor.next();
    match &*option {
        "csv" => set_once(&mut given.csv, "CSV", ()),
        "delimiter" => set_once(&mut given.delimiter, "DELIMITER", expect_character(cursor, "DELIMITER")?),
        "null" => {
            cursor.take_word("as");
            set_once(&mut given.null_as, "NULL", cursor.expect_string()?)
        }
        "header" => set_once(&mut given.header, "HEADER", ()),
        "gzip" => set_once(&mut given.gzip, "GZIP", ()),
        "manifest" => {
            let verbose = cursor.take_word("verbose");
            let detail = if verbose { ManifestDetail::Verbose } else { ManifestDetail::Urls };
            set_once(&mut given.manifest, "MANIFEST", detail)
        }
        "allowoverwrite" => set_once(&mut given.overwrite, "ALLOWOVERWRITE", ()),
        "cleanpath" => set_once(&mut given.clean, "CLEANPATH", ()),
        "parallel" => {
            let parallel = take_switch(cursor).unwrap_or(true);
            set_once(&mut given.parallel, "PARALLEL", parallel)
        }
        "maxfilesize" => set_once(&mut given.max_file_size, "MAXFILESIZE", expect_file_size(cursor)?),
        "region" => {
            cursor.take_word("as");
            set_once(&mut given.region, "REGION", cursor.expect_string()?)
        }
        "encrypted" => {
            let auto = cursor.take_word("auto");
            set_once(&mut given.encrypted, "ENCRYPTED", auto)
        }
        "kms_key_id" => set_once(&mut given.kms_key, "KMS_KEY_ID", cursor.expect_string()?),
        "iam_role" => {
            expect_iam_role(cursor)?;
            set_once(&mut given.iam_role, "IAM_ROLE", ())
        }
        _ => Err(before.unexpected()),
    }
}

impl Given {
    /// What must and what cannot go together, as `r_UNLOAD` says.
    fn check(&self) -> Result<(), StatementError> {
        if self.iam_role.is_none() {
            return Err(
                StatementError::new("42601", "UNLOAD needs an authorization").with_hint("add IAM_ROLE")
            );
        }
        if self.csv.is_none() {
            return Err(
                StatementError::unsupported("UNLOAD as delimited text").with_hint("add FORMAT AS CSV")
            );
        }
        if self.overwrite.is_some() && self.clean.is_some() {
            return Err(conflict("CLEANPATH", "ALLOWOVERWRITE"));
        }
        match (self.encrypted, &self.kms_key) {
            (Some(true), Some(_)) => Err(conflict("ENCRYPTED AUTO", "KMS_KEY_ID")),
            (None, Some(_)) => Err(StatementError::new("42601", "KMS_KEY_ID needs ENCRYPTED")),
            (Some(false), None) => Err(StatementError::new("42601", "ENCRYPTED needs KMS_KEY_ID or AUTO")),
            _ => Ok(()),
        }
    }
}

/// `MAXFILESIZE [AS] size [MB|GB]`: megabytes unless it says so.
fn expect_file_size(cursor: &mut Cursor<'_, '_>) -> Result<u64, StatementError> {
    cursor.take_word("as");
    let number: f64 = cursor.expect_number()?.parse().map_err(|_| cursor.unexpected())?;
    let unit = if cursor.take_any_word(&["mb", "gb"]) == Some("gb") { GIGABYTE } else { MEGABYTE };
    // At most some billions of bytes either way: nothing is lost.
    #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, clippy::cast_sign_loss)]
    let bytes = (number * unit as f64).round() as u64;
    if (SMALLEST_FILE..=LARGEST_FILE).contains(&bytes) {
        Ok(bytes)
    } else {
        Err(StatementError::new("42601", "MAXFILESIZE must lie between 5 MB and 6.2 GB"))
    }
}

const SMALLEST_FILE: u64 = 5 * MEGABYTE;

/// 6.2 GB, also the size of a file when none is asked for.
const LARGEST_FILE: u64 = 62 * GIGABYTE / 10;

/// The query is one SELECT, and has no LIMIT of its own (`r_UNLOAD`, "Limit clause").
fn check_query(query: &str) -> Result<(), StatementError> {
    let tokens = tokenize(query).map_err(|error| StatementError::new("42601", error.to_string()))?;
    let mut depth = 0_u32;
    for token in &tokens {
        if token.is_operator("(") {
            depth += 1;
        } else if token.is_operator(")") {
            depth = depth.saturating_sub(1);
        } else if depth == 0 && token.is_word("limit") {
            return Err(StatementError::new("0A000", "LIMIT is not supported in the outer SELECT of UNLOAD")
                .with_hint("nest it: SELECT … FROM (SELECT … LIMIT n)"));
        } else if depth == 0 && token.is_operator(";") {
            return Err(StatementError::new("42601", "UNLOAD takes one query, without a semicolon"));
        }
    }
    match tokens.iter().find(|token| token.is_significant()) {
        Some(first) if first.is_word("select") || first.is_word("with") || first.is_operator("(") => Ok(()),
        _ => Err(StatementError::new("42601", "UNLOAD takes a SELECT")),
    }
}

#[cfg(test)]
#[path = "unload_tests.rs"]
mod tests;
