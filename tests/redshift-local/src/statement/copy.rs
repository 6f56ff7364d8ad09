//! COPY from Amazon S3 (`r_COPY`, `copy-parameters-data-source-s3`, `copy-parameters-data-format`,
//! `copy-parameters-data-conversion`, `copy-parameters-data-load`): read into what is to be done, or refused. CSV is the
//! format.

use super::StatementError;
use super::cursor::Cursor;
use super::transfer_options::{
    Location, expect_character, expect_iam_role, expect_location, set_once, take_switch,
};
use crate::lexer::Token;

/// A COPY of CSV files.
#[expect(clippy::struct_excessive_bools, reason = "each is an option of the statement by its own name")]
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
    /// Between fields; a comma unless given.
    pub delimiter: u8,
    /// Around fields; a double quotation mark unless given.
    pub quote: u8,
    /// What is loaded as NULL.
    pub null_as: String,
    /// Whether an empty character field is loaded as NULL.
    pub empty_as_null: bool,
    /// Whether files are compressed.
    pub gzip: bool,
    /// Rows to skip at the beginning of each file.
    pub ignore_header: u64,
    /// Whether the files bring the values of IDENTITY columns.
    pub explicit_ids: bool,
    /// The buckets' region, if given.
    pub region: Option<String>,
}

/// Options of COPY that are not part of this stand-in yet.
const UNSUPPORTED: [&str; 33] = [
    "parquet",
    "orc",
    "avro",
    "json",
    "fixedwidth",
    "shapefile",
    "bzip2",
    "lzop",
    "zstd",
    "encrypted",
    "master_symmetric_key",
    "credentials",
    "access_key_id",
    "secret_access_key",
    "session_token",
    "acceptanydate",
    "acceptinvchars",
    "blanksasnull",
    "encoding",
    "escape",
    "fillrecord",
    "ignoreblanklines",
    "removequotes",
    "roundec",
    "trimblanks",
    "truncatecolumns",
    "comprows",
    "ignoreallerrors",
    "noload",
    "ssh",
    "readratio",
    "serializetojson",
    "job",
];

/// COPY's options as they are read, each at most once.
#[derive(Debug, Default)]
struct Given {
    csv: Option<()>,
    manifest: Option<()>,
    delimiter: Option<u8>,
    quote: Option<u8>,
    null_as: Option<String>,
    empty_as_null: Option<()>,
    gzip: Option<()>,
    ignore_header: Option<u64>,
    explicit_ids: Option<()>,
    region: Option<String>,
    iam_role: Option<()>,
    compupdate: Option<()>,
    statupdate: Option<()>,
    max_error: Option<()>,
    date_format: Option<()>,
    time_format: Option<()>,
}

/// Reads a COPY statement.
pub fn parse(tokens: &[Token<'_>]) -> Result<Copy, StatementError> {
    let mut cursor = Cursor::new(tokens);
    cursor.expect_word("copy")?;
    let first = cursor.expect_identifier()?;
    let (schema, table) =
        if cursor.take_operator(".") { (Some(first), cursor.expect_identifier()?) } else { (None, first) };
    let columns = read_columns(&mut cursor)?;
    cursor.expect_word("from")?;
    let source = expect_location(&mut cursor)?;
    let mut given = Given::default();
    while cursor.peek().is_some() {
        read_option(&mut cursor, &mut given)?;
    }
    given.check()?;
    Ok(Copy {
        schema,
        table,
        columns,
        source,
        manifest: given.manifest.is_some(),
        delimiter: given.delimiter.unwrap_or(b','),
        quote: given.quote.unwrap_or(b'"'),
        null_as: given.null_as.unwrap_or_else(|| r"\N".to_owned()),
        empty_as_null: given.empty_as_null.is_some(),
        gzip: given.gzip.is_some(),
        ignore_header: given.ignore_header.unwrap_or(0),
        explicit_ids: given.explicit_ids.is_some(),
        region: given.region,
    })
}

fn read_columns(cursor: &mut Cursor<'_, '_>) -> Result<Option<Vec<String>>, StatementError> {
    if !cursor.take_operator("(") {
        return Ok(None);
    }
    let mut columns = vec![cursor.expect_identifier()?];
    while cursor.take_operator(",") {
        columns.push(cursor.expect_identifier()?);
    }
    cursor.expect_operator(")")?;
    Ok(Some(columns))
}

fn read_option(cursor: &mut Cursor<'_, '_>, given: &mut Given) -> Result<(), StatementError> {
    if cursor.take_word("format") {
        cursor.take_word("as");
        if !cursor.peek().is_some_and(|token| token.is_word("csv")) {
            let format = cursor.take_any_word(&UNSUPPORTED).ok_or_else(|| cursor.unexpected())?;
            return Err(StatementError::unsupported(format!("COPY … FORMAT {}", format.to_uppercase())));
        }
    }
    if let Some(option) = cursor.take_any_word(&UNSUPPORTED) {
        return Err(StatementError::unsupported(format!("COPY … {}", option.to_uppercase())));
    }
    let option = cursor.peek().and_then(Token::identifier).ok_or_else(|| cursor.unexpected())?;
    let before = cursor.clone();
    cursor.next();
    match &*option {
        "csv" => {
            set_once(&mut given.csv, "CSV", ())?;
            if cursor.take_word("quote") {
                set_once(&mut given.quote, "QUOTE", expect_character(cursor, "QUOTE")?)?;
            }
            Ok(())
        }
        "manifest" => set_once(&mut given.manifest, "MANIFEST", ()),
        "delimiter" => set_once(&mut given.delimiter, "DELIMITER", expect_character(cursor, "DELIMITER")?),
        "null" => {
            cursor.take_word("as");
            set_once(&mut given.null_as, "NULL", cursor.expect_string()?)
        }
        "emptyasnull" => set_once(&mut given.empty_as_null, "EMPTYASNULL", ()),
        "gzip" => set_once(&mut given.gzip, "GZIP", ()),
        "ignoreheader" => set_once(&mut given.ignore_header, "IGNOREHEADER", expect_count(cursor)?),
        "explicit_ids" => set_once(&mut given.explicit_ids, "EXPLICIT_IDS", ()),
        "region" => {
            cursor.take_word("as");
            set_once(&mut given.region, "REGION", cursor.expect_string()?)
        }
        "iam_role" => {
            expect_iam_role(cursor)?;
            set_once(&mut given.iam_role, "IAM_ROLE", ())
        }
        // Encodings and statistics are not chosen by loads here, so that these change nothing.
        "compupdate" => {
            if !cursor.take_word("preset") {
                take_switch(cursor);
            }
            set_once(&mut given.compupdate, "COMPUPDATE", ())
        }
        "statupdate" => {
            take_switch(cursor);
            set_once(&mut given.statupdate, "STATUPDATE", ())
        }
        "maxerror" => match expect_count(cursor)? {
            0 | 1 => set_once(&mut given.max_error, "MAXERROR", ()),
            _ => Err(StatementError::unsupported("COPY … MAXERROR of more than 1")),
        },
        "dateformat" => expect_auto(cursor, &mut given.date_format, "DATEFORMAT"),
        "timeformat" => expect_auto(cursor, &mut given.time_format, "TIMEFORMAT"),
        _ => Err(before.unexpected()),
    }
}

impl Given {
    fn check(&self) -> Result<(), StatementError> {
        if self.iam_role.is_none() {
            return Err(StatementError::new("42601", "COPY needs an authorization").with_hint("add IAM_ROLE"));
        }
        if self.csv.is_none() {
            return Err(StatementError::unsupported("COPY of delimited text").with_hint("add FORMAT AS CSV"));
        }
        if self.delimiter.unwrap_or(b',') == self.quote.unwrap_or(b'"') {
            return Err(StatementError::new("42601", "DELIMITER and QUOTE must differ"));
        }
        if self.null_as.as_deref().is_some_and(|text| text.contains('\n')) {
            return Err(StatementError::new("42601", "NULL AS cannot hold a line end"));
        }
        Ok(())
    }
}

/// A whole number after an optional `AS`.
fn expect_count(cursor: &mut Cursor<'_, '_>) -> Result<u64, StatementError> {
    cursor.take_word("as");
    let before = cursor.clone();
    cursor.expect_number()?.parse().map_err(|_| before.unexpected())
}

/// `'auto'` after an optional `AS`: dates and times are recognised by PostgreSQL, in its own formats only.
fn expect_auto(
    cursor: &mut Cursor<'_, '_>,
    slot: &mut Option<()>,
    option: &str,
) -> Result<(), StatementError> {
    cursor.take_word("as");
    if cursor.expect_string()? != "auto" {
        return Err(StatementError::unsupported(format!("COPY … {option} other than 'auto'")));
    }
    set_once(slot, option, ())
}

#[cfg(test)]
mod tests {
    use super::{Copy, parse};
    use crate::lexer::tokenize;
    use crate::statement::StatementError;
    use crate::statement::transfer_options::Location;

    fn copy(options: &str) -> Result<Copy, StatementError> {
        let role = "IAM_ROLE 'arn:aws:iam::123456789012:role/copy'";
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
                delimiter: b',',
                quote: b'"',
                null_as: r"\N".to_owned(),
                empty_as_null: false,
                gzip: false,
                ignore_header: 0,
                explicit_ids: false,
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
        assert!(read.manifest && read.gzip && read.explicit_ids);
        assert_eq!((read.null_as.as_str(), read.region.as_deref()), ("null-1", Some("eu-west-1")));
    }

    #[test]
    fn what_is_not_supported_or_contradicts_itself_is_refused() {
        for (options, message) in [
            ("", "redshift-local: COPY of delimited text is not supported"),
            ("FORMAT AS PARQUET", "redshift-local: COPY … FORMAT PARQUET is not supported"),
            ("CSV MAXERROR AS 10", "redshift-local: COPY … MAXERROR of more than 1 is not supported"),
            (
                "CSV DATEFORMAT 'MM-DD-YYYY'",
                "redshift-local: COPY … DATEFORMAT other than 'auto' is not supported",
            ),
            ("CSV NOLOAD", "redshift-local: COPY … NOLOAD is not supported"),
            ("CSV CSV", "option CSV is given more than once"),
            ("CSV QUOTE AS ','", "DELIMITER and QUOTE must differ"),
            ("CSV VERBOSE", "syntax error at or near \"VERBOSE\""),
            ("CSV IGNOREHEADER 1.5", "syntax error at or near \"1.5\""),
            ("FORMAT AS XML", "syntax error at or near \"XML\""),
        ] {
            assert_eq!(copy(options).unwrap_err().message, message, "{options}");
        }
    }
}
