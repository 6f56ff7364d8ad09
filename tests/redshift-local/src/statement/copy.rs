//! COPY from Amazon S3 (`r_COPY`, `copy-parameters-data-source-s3`, `copy-parameters-data-format`,
//! `copy-parameters-data-conversion`, `copy-parameters-data-load`, `copy-usage_notes-copy-from-columnar`) in CSV or Parquet:
//! read into what is to be done, or refused.

use super::StatementError;
use super::cursor::Cursor;
use super::transfer_options::{
    Allowed, Argument, Compression, Format, Given, Location, Role, Rule, expect_location,
};
use crate::lexer::Token;

/// A COPY.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copy {
    /// The table's schema, if given.
    pub schema: Option<String>,
    /// The table's name.
    pub table: String,
    /// The column list, if given.
    pub columns: Option<Vec<String>>,
    /// A manifest, or what the data files' keys begin with.
    pub source: Location,
    /// Whether `source` is a manifest.
    pub manifest: bool,
    /// Whose rights are used.
    pub role: Role,
    /// How the files are to be read.
    pub format: CopyFormat,
    /// Whether the files bring the values of IDENTITY columns.
    pub explicit_ids: bool,
    /// COMPUPDATE, if given: whether an empty table's encodings are chosen anew.
    pub encodings: Option<bool>,
    /// STATUPDATE, if given.
    pub statistics: Option<bool>,
    /// The buckets' region, if given.
    pub region: Option<String>,
}

/// How the files are to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CopyFormat {
    /// `FORMAT CSV`.
    Csv(CsvInput),
    /// `FORMAT PARQUET`.
    Parquet {
        /// `SERIALIZETOJSON`: SUPER columns may be loaded.
        serialize_to_json: bool,
    },
}

/// The options of CSV.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CsvInput {
    /// Between fields; a comma unless given.
    pub delimiter: u8,
    /// Around fields; a double quotation mark unless given.
    pub quote: u8,
    /// What is loaded as NULL.
    pub null_as: String,
    /// Whether an empty character field is loaded as NULL.
    pub empty_as_null: bool,
    /// How the files are compressed.
    pub compression: Compression,
    /// Rows to skip at the beginning of each file.
    pub ignore_header: u64,
}

/// The options of the pages above. With Parquet only the short list of `copy-usage_notes-copy-from-columnar` may stand.
const RULES: [Rule; 47] = [
    ("csv", Argument::Nothing, Allowed::Always),
    ("parquet", Argument::Nothing, Allowed::Always),
    ("quote", Argument::Character, Allowed::Csv),
    ("delimiter", Argument::Character, Allowed::Csv),
    ("fixedwidth", Argument::Text, Allowed::Never),
    ("bzip2", Argument::Nothing, Allowed::Missing),
    ("gzip", Argument::Nothing, Allowed::Csv),
    ("lzop", Argument::Nothing, Allowed::Missing),
    ("zstd", Argument::Nothing, Allowed::Csv),
    ("manifest", Argument::Nothing, Allowed::Always),
    ("encrypted", Argument::Nothing, Allowed::Missing),
    ("master_symmetric_key", Argument::Text, Allowed::Missing),
    ("region", Argument::Text, Allowed::Csv),
    ("iam_role", Argument::Role, Allowed::Always),
    ("credentials", Argument::Text, Allowed::MissingAlways),
    ("access_key_id", Argument::Text, Allowed::MissingAlways),
    ("secret_access_key", Argument::Text, Allowed::MissingAlways),
    ("session_token", Argument::Text, Allowed::MissingAlways),
    ("acceptanydate", Argument::Nothing, Allowed::Missing),
    ("acceptinvchars", Argument::Nothing, Allowed::MissingAlways),
    ("blanksasnull", Argument::Nothing, Allowed::Missing),
    ("dateformat", Argument::Text, Allowed::Csv),
    ("emptyasnull", Argument::Nothing, Allowed::Csv),
    ("encoding", Argument::Nothing, Allowed::Missing),
    ("escape", Argument::Nothing, Allowed::Never),
    ("explicit_ids", Argument::Nothing, Allowed::Always),
    ("fillrecord", Argument::Nothing, Allowed::MissingAlways),
    ("ignoreblanklines", Argument::Nothing, Allowed::Missing),
    ("ignoreheader", Argument::Count, Allowed::Csv),
    ("null", Argument::Text, Allowed::Csv),
    ("removequotes", Argument::Nothing, Allowed::Never),
    ("roundec", Argument::Nothing, Allowed::Missing),
    ("timeformat", Argument::Text, Allowed::Csv),
    ("trimblanks", Argument::Nothing, Allowed::Missing),
    ("truncatecolumns", Argument::Nothing, Allowed::Missing),
    ("comprows", Argument::Count, Allowed::Missing),
    ("compupdate", Argument::Switch, Allowed::Csv),
    ("ignoreallerrors", Argument::Nothing, Allowed::Missing),
    ("maxerror", Argument::Count, Allowed::Csv),
    ("noload", Argument::Nothing, Allowed::Missing),
    ("statupdate", Argument::Switch, Allowed::Always),
    ("serializetojson", Argument::Nothing, Allowed::Parquet),
    ("ssh", Argument::Nothing, Allowed::Never),
    ("readratio", Argument::Count, Allowed::Never),
    ("job", Argument::Nothing, Allowed::MissingAlways),
    ("json", Argument::Nothing, Allowed::MissingAlways),
    ("avro", Argument::Nothing, Allowed::MissingAlways),
];

/// Files have one format and one compression.
const EXCLUDING: [(&str, &str); 2] = [("gzip", "zstd"), ("csv", "parquet")];

/// MAXERROR's limit (`copy-parameters-data-load`).
const MOST_ERRORS: u64 = 100_000;

/// Reads a COPY statement.
pub fn parse(tokens: &[Token<'_>]) -> Result<Copy, StatementError> {
    let mut cursor = Cursor::new(tokens);
    cursor.expect_word("copy")?;
    let first = cursor.expect_identifier()?;
    let (schema, table) =
        if cursor.take_operator(".") { (Some(first), cursor.expect_identifier()?) } else { (None, first) };
    let columns = if cursor.at_operator("(") { Some(cursor.expect_name_list()?) } else { None };
    cursor.expect_word("from")?;
    let source = expect_location(&mut cursor)?;
    let mut given = Given::read("COPY", &mut cursor, &RULES, &EXCLUDING)?;
    check(&mut given)?;
    Ok(Copy {
        schema,
        table,
        columns,
        source,
        manifest: given.has("manifest"),
        role: given.role(),
        format: match given.format {
            Format::Parquet => CopyFormat::Parquet { serialize_to_json: given.has("serializetojson") },
            Format::Csv => CopyFormat::Csv(csv(&mut given)?),
        },
        explicit_ids: given.has("explicit_ids"),
        encodings: given.switch("compupdate"),
        statistics: given.switch("statupdate"),
        region: given.text("region"),
    })
}

fn check(given: &mut Given) -> Result<(), StatementError> {
    match given.number("maxerror") {
        None | Some(0 | 1) => {}
        Some(2..=MOST_ERRORS) => {
            return Err(StatementError::unsupported("COPY … MAXERROR of more than 1"));
        }
        Some(_) => return Err(StatementError::new("42601", "MAXERROR must not be more than 100000")),
    }
    // Dates and times are recognised by PostgreSQL, in its own formats only.
    for option in ["dateformat", "timeformat"] {
        if given.text(option).is_some_and(|format| format != "auto") {
            let option = option.to_uppercase();
            return Err(StatementError::unsupported(format!("COPY … {option} other than 'auto'")));
        }
    }
    Ok(())
}

fn csv(given: &mut Given) -> Result<CsvInput, StatementError> {
    let delimiter = given.character("delimiter").unwrap_or(b',');
    let quote = given.character("quote").unwrap_or(b'"');
    let null_as = given.text("null").unwrap_or_else(|| r"\N".to_owned());
    if delimiter == quote {
        return Err(StatementError::new("42601", "DELIMITER and QUOTE must differ"));
    }
    // copy-parameters-data-conversion, NULL AS: reserved as the end of a line.
    if null_as.contains('\n') {
        return Err(StatementError::new("42601", "NULL AS cannot hold a line end"));
    }
    Ok(CsvInput {
        delimiter,
        quote,
        null_as,
        empty_as_null: given.has("emptyasnull"),
        compression: given.compression(),
        ignore_header: given.number("ignoreheader").unwrap_or(0),
    })
}

#[cfg(test)]
mod tests {
    use super::{Copy, CopyFormat, CsvInput, parse};
    use crate::lexer::tokenize;
    use crate::statement::StatementError;
    use crate::statement::transfer_options::{Compression, Location, Role};

    const ROLE: &str = "arn:aws:iam::123456789012:role/copy";

    fn copy(options: &str) -> Result<Copy, StatementError> {
        let role = format!("IAM_ROLE '{ROLE},arn:aws:iam::210987654321:role/chained'");
        parse(&tokenize(&format!("COPY t FROM 's3://b/p/manifest' {role} {options}")).unwrap())
    }

    #[test]
    fn the_defaults_are_those_of_the_pages() {
        assert_eq!(
            copy("CSV").unwrap(),
            Copy {
                schema: None,
                table: "t".to_owned(),
                columns: None,
                source: Location { bucket: "b".to_owned(), key: "p/manifest".to_owned() },
                manifest: false,
                role: Role::Arn(ROLE.to_owned()),
                format: CopyFormat::Csv(CsvInput {
                    delimiter: b',',
                    quote: b'"',
                    null_as: r"\N".to_owned(),
                    empty_as_null: false,
                    compression: Compression::None,
                    ignore_header: 0,
                }),
                explicit_ids: false,
                encodings: None,
                statistics: None,
                region: None,
            }
        );
    }

    #[test]
    fn what_a_migration_sends() {
        let sql = r#"COPY "My Schema"."T" ("a""b", c) FROM 's3://b/m' IAM_ROLE default MANIFEST FORMAT AS CSV GZIP
                     NULL AS 'null-1' EXPLICIT_IDS COMPUPDATE OFF STATUPDATE ON REGION 'eu-west-1' TIMEFORMAT 'auto'"#;
        let read = parse(&tokenize(sql).unwrap()).unwrap();
        assert_eq!((read.schema.as_deref(), read.table.as_str()), (Some("My Schema"), "T"));
        assert_eq!(read.columns.as_deref(), Some(&["a\"b".to_owned(), "c".to_owned()][..]));
        assert!(read.manifest && read.explicit_ids && read.role == Role::Default);
        assert_eq!((read.encodings, read.statistics), (Some(false), Some(true)));
        assert_eq!(read.region.as_deref(), Some("eu-west-1"));
        let CopyFormat::Csv(csv) = read.format else { panic!("CSV") };
        assert_eq!((csv.null_as.as_str(), csv.compression), ("null-1", Compression::Gzip));
    }
}
