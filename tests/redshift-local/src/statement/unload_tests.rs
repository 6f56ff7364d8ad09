//! UNLOAD is read as `r_UNLOAD` describes it. What is refused is in `tests/conformance/unload_options.slt`.

use super::{CsvOutput, Encryption, Existing, ManifestDetail, Unload, UnloadFormat, parse};
use crate::lexer::tokenize;
use crate::statement::transfer_options::{Compression, Location, Role};

const ROLE: &str = "IAM_ROLE 'arn:aws:iam::123456789012:role/copy'";

fn unload(options: &str) -> Unload {
    let sql = format!("UNLOAD ('select 1') TO 's3://b/p/' {ROLE} {options}");
    parse(&tokenize(&sql).unwrap()).unwrap()
}

#[test]
fn the_defaults_are_those_of_the_page() {
    assert_eq!(
        unload("CSV"),
        Unload {
            query: "select 1".to_owned(),
            target: Location { bucket: "b".to_owned(), key: "p/".to_owned() },
            role: Role::Arn("arn:aws:iam::123456789012:role/copy".to_owned()),
            format: UnloadFormat::Csv(CsvOutput {
                delimiter: b',',
                null_as: String::new(),
                header: false,
                compression: Compression::None,
            }),
            manifest: None,
            existing: Existing::Refuse,
            parallel: true,
            max_file_size: 6_657_199_308,
            region: None,
            encryption: Encryption::S3,
        }
    );
    assert_eq!(unload("FORMAT PARQUET").format, UnloadFormat::Parquet);
}

#[test]
fn every_option_in_any_order() {
    let read = unload(
        r"manifest verbose null as 'N\\A' zstd region as 'eu-west-1' format as csv delimiter '\t' header
          cleanpath parallel off maxfilesize as 5.5 mb kms_key_id 'key' encrypted",
    );
    assert_eq!(read.manifest, Some(ManifestDetail::Verbose));
    assert_eq!(
        read.format,
        UnloadFormat::Csv(CsvOutput {
            delimiter: b'\t',
            null_as: r"N\A".to_owned(),
            header: true,
            compression: Compression::Zstd,
        })
    );
    assert_eq!((read.parallel, read.region.as_deref()), (false, Some("eu-west-1")));
    assert_eq!(read.existing, Existing::Clean);
    assert_eq!(read.max_file_size, 11 * 1024 * 1024 / 2);
    assert_eq!(read.encryption, Encryption::Kms("key".to_owned()));
}

#[test]
fn the_query_is_taken_out_of_its_literal() {
    let sql = format!(r#"unload ('select ''it\\''s'', "a" from t') to 's3://b/p' {ROLE} csv"#);
    assert_eq!(parse(&tokenize(&sql).unwrap()).unwrap().query, r#"select 'it\'s', "a" from t"#);
}
