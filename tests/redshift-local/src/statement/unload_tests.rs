//! UNLOAD is read as `r_UNLOAD` describes it, and nothing else is taken for one.

use super::{Encryption, Existing, ManifestDetail, Unload, parse};
use crate::lexer::tokenize;
use crate::statement::StatementError;
use crate::statement::transfer_options::Location;

const ROLE: &str = "IAM_ROLE 'arn:aws:iam::123456789012:role/copy'";

fn unload(options: &str) -> Result<Unload, StatementError> {
    let sql = format!("UNLOAD ('select 1') TO 's3://b/p/' {ROLE} {options}");
    parse(&tokenize(&sql).unwrap())
}

#[test]
fn the_defaults_are_those_of_the_page() {
    assert_eq!(
        unload("CSV").unwrap(),
        Unload {
            query: "select 1".to_owned(),
            target: Location { bucket: "b".to_owned(), key: "p/".to_owned() },
            delimiter: b',',
            null_as: String::new(),
            header: false,
            gzip: false,
            manifest: None,
            existing: Existing::Refuse,
            parallel: true,
            max_file_size: 6_657_199_308,
            region: None,
            encryption: Encryption::S3,
        }
    );
}

#[test]
fn every_option_in_any_order() {
    let read = unload(
        r"manifest verbose null as 'N\\A' gzip region as 'eu-west-1' format as csv delimiter '\t' header
          cleanpath parallel off maxfilesize as 5.5 mb kms_key_id 'key' encrypted",
    )
    .unwrap();
    assert_eq!(read.manifest, Some(ManifestDetail::Verbose));
    assert_eq!((read.null_as.as_str(), read.delimiter), (r"N\A", b'\t'));
    assert!(read.gzip && read.header && !read.parallel);
    assert_eq!(read.region.as_deref(), Some("eu-west-1"));
    assert_eq!(read.existing, Existing::Clean);
    assert_eq!(read.max_file_size, 11 * 1024 * 1024 / 2);
    assert_eq!(read.encryption, Encryption::Kms("key".to_owned()));
}

#[test]
fn the_query_is_taken_out_of_its_literal() {
    let sql = format!(r#"unload ('select ''it\\''s'', "a" from t') to 's3://b/p' {ROLE} csv"#);
    assert_eq!(parse(&tokenize(&sql).unwrap()).unwrap().query, r#"select 'it\'s', "a" from t"#);
}

#[test]
fn what_the_page_excludes_is_refused() {
    for (options, message) in [
        ("", "redshift-local: UNLOAD as delimited text is not supported"),
        ("FORMAT PARQUET", "redshift-local: UNLOAD … PARQUET is not supported"),
        ("CSV PARTITION BY (a)", "redshift-local: UNLOAD … PARTITION is not supported"),
        ("CSV CLEANPATH ALLOWOVERWRITE", "CLEANPATH cannot be used with ALLOWOVERWRITE"),
        ("CSV ENCRYPTED AUTO KMS_KEY_ID 'k'", "ENCRYPTED AUTO cannot be used with KMS_KEY_ID"),
        ("CSV KMS_KEY_ID 'k'", "KMS_KEY_ID needs ENCRYPTED"),
        ("CSV ENCRYPTED", "ENCRYPTED needs KMS_KEY_ID or AUTO"),
        ("CSV GZIP GZIP", "option GZIP is given more than once"),
        ("CSV MAXFILESIZE 4 MB", "MAXFILESIZE must lie between 5 MB and 6.2 GB"),
        ("CSV MAXFILESIZE 7 GB", "MAXFILESIZE must lie between 5 MB and 6.2 GB"),
        ("CSV DELIMITER 'ab'", "DELIMITER must be a single ASCII character"),
        ("CSV VERBOSE", "syntax error at or near \"VERBOSE\""),
        ("CSV 'secret'", "syntax error at or near a quoted string"),
        ("CSV NULL", "syntax error at end of input"),
    ] {
        assert_eq!(unload(options).unwrap_err().message, message, "{options}");
    }
}

#[test]
fn what_is_no_unload_is_refused() {
    for (sql, message) in [
        (
            "unload ('select 1 limit 1') to 's3://b/p' csv",
            "LIMIT is not supported in the outer SELECT of UNLOAD",
        ),
        ("unload ('select 1; select 2') to 's3://b/p' csv", "UNLOAD takes one query, without a semicolon"),
        ("unload ('delete from t') to 's3://b/p' csv", "UNLOAD takes a SELECT"),
        ("unload (select 1) to 's3://b/p' csv", "UNLOAD takes its query as a quoted string"),
        ("unload ('select 1') to 'file' csv", "the location is not of the form s3://bucket/key"),
        ("unload ('select 1') to 's3://b/p' csv", "UNLOAD needs an authorization"),
        ("unload ('select 1') to 's3://b/p' iam_role 'x' csv", "IAM_ROLE is not the ARN of a role"),
    ] {
        assert_eq!(parse(&tokenize(sql).unwrap()).unwrap_err().message, message, "{sql}");
    }
    let nested = format!("unload ('select * from (select 1 limit 1)') to 's3://b/p' {ROLE} csv");
    assert!(parse(&tokenize(&nested).unwrap()).is_ok());
}
