//! UNLOAD to S3 (`r_UNLOAD`).

use super::Sql;
use crate::catalog::Column;
use crate::name::{Literal, QualifiedName};
use crate::transfer::{DataType, Format, MarkedValue, MaxFileSize, NullMarker, varbyte_length};

/// What one UNLOAD writes.
#[derive(Clone, Debug)]
pub struct Unload<'a> {
    /// The table on the source.
    pub table: &'a QualifiedName,
    /// Its columns, in the order of the files' fields.
    pub columns: &'a [Column],
    /// How the files are written.
    pub format: &'a Format,
    /// The URL that the files' names begin with, ending in a slash: the attempt's own prefix.
    pub prefix_url: &'a str,
    /// The role that the warehouse writes S3 with.
    pub iam_role: &'a str,
    /// The key that encrypts the files; without one S3's own does.
    pub kms_key: Option<&'a str>,
    /// The bucket's Region, where it is not the source's.
    pub region: Option<&'a str>,
    /// Where a file ends and the next begins.
    pub max_file_size: Option<MaxFileSize>,
}

/// Writes a table's rows, with a manifest that counts rows and bytes a file.
///
/// It may share a message and a transaction with others (`r_SVL_MULTI_STATEMENT_VIOLATIONS`), so that what is asked beside it
/// sees the same rows.
pub fn unload(unload: &Unload) -> Sql {
    let format = match unload.format {
        Format::Parquet => "FORMAT AS PARQUET".to_owned(),
        Format::Csv { null_marker } => {
            format!("FORMAT AS CSV ZSTD\nNULL AS {}", Literal::text(null_marker.as_str()))
        }
    };
    let options: String = [
        unload.max_file_size.map(|size| format!("\nMAXFILESIZE {} MB", size.megabytes())),
        unload.region.map(|region| format!("\nREGION {}", Literal::text(region))),
        unload.kms_key.map(|key| format!("\nKMS_KEY_ID {} ENCRYPTED", Literal::text(key))),
    ]
    .into_iter()
    .flatten()
    .collect();
    let query = query(unload);
    let text = format!(
        "UNLOAD ({})\nTO {}\nIAM_ROLE {}\n{format}\nMANIFEST VERBOSE{options}",
        Literal::of_query(&query),
        Literal::text(unload.prefix_url),
        Literal::text(unload.iam_role),
    );
    Sql::rendered(text).with(query.name_case())
}

/// Asks how many rows the session's last UNLOAD wrote, in column `rows` (`PG_LAST_UNLOAD_COUNT`): what an UNLOAD of no rows leaves in S3
/// differs, from nothing at all to a manifest of files without rows.
pub fn last_unload() -> Sql {
    Sql::constant("SELECT pg_last_unload_count() AS rows")
}

fn query(unload: &Unload) -> Sql {
    let fields: Vec<String> = unload
        .columns
        .iter()
        .enumerate()
        .map(|(at, column)| match unload.format {
            // COPY goes by the order of columns. Names that hold anything would be the files', for no use.
            Format::Parquet => format!("{} AS c{}", column.name, at + 1),
            Format::Csv { null_marker } => csv_field(column, null_marker),
        })
        .collect();
    Sql::rendered(format!("SELECT {} FROM {}", fields.join(", "), unload.table))
}

/// What CSV would not carry as it is: see [`DataType::carriage`].
fn csv_field(column: &Column, null_marker: &NullMarker) -> String {
    let name = &column.name;
    match (DataType::of(&column.data_type), MarkedValue::of(column)) {
        (Some(DataType::Real), _) => format!("CAST({name} AS DOUBLE PRECISION)"),
        (_, Some(MarkedValue::NullSuper)) => {
            format!("CASE WHEN {name} IS NULL THEN {} ELSE {name} END", null_marker.as_super())
        }
        (_, Some(MarkedValue::EmptyVarbyte)) => {
            // One type for both: of the marker's own no page tells the length.
            let length = varbyte_length(&column.data_type);
            let marker = format!("CAST({} AS VARBYTE({length}))", null_marker.as_varbyte());
            format!("CASE WHEN OCTET_LENGTH({name}) = 0 THEN {marker} ELSE {name} END")
        }
        (_, Some(MarkedValue::EmptyShortVarbyte) | None) => name.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{column, id, qualified};
    use super::*;

    fn rendered(columns: &[Column], format: &Format, elsewhere: bool) -> Sql {
        unload(&Unload {
            table: &qualified("s", "t"),
            columns,
            format,
            prefix_url: "s3://b/p/",
            iam_role: "arn:aws:iam::123456789012:role/copy",
            kms_key: elsewhere.then_some("alias/it's"),
            region: elsewhere.then_some("eu-west-1"),
            max_file_size: elsewhere
                .then(|| crate::transfer::max_file_size(Some(1000), Some(10), format))
                .flatten(),
        })
    }

    #[test]
    fn quotes_inside_the_query_are_doubled() {
        let csv = Format::Csv { null_marker: NullMarker::from_bits(7) };
        let columns = [column("it's", "integer"), column("b\\c", "character varying(3)")];
        insta::assert_snapshot!(rendered(&columns, &csv, false), @r#"
        UNLOAD ('SELECT "it''s", "b\\c" FROM "s"."t"')
        TO 's3://b/p/'
        IAM_ROLE 'arn:aws:iam::123456789012:role/copy'
        FORMAT AS CSV ZSTD
        NULL AS '10000000000000000000000000000000000007'
        MANIFEST VERBOSE
        "#);
    }

    #[test]
    fn csv_gets_reals_with_all_digits_and_a_number_for_null_in_super() {
        let csv = Format::Csv { null_marker: NullMarker::from_bits(7) };
        let required = Column { not_null: true, name: id("e"), ..column("e", "super") };
        let columns =
            [column("r", "real"), column("d", "super"), required, column("b", "binary varying(64000)")];
        insta::assert_snapshot!(rendered(&columns, &csv, true), @r#"
        UNLOAD ('SELECT CAST("r" AS DOUBLE PRECISION), CASE WHEN "d" IS NULL THEN CAST(CAST(10000000000000000000000000000000000007 AS DECIMAL(38, 0)) AS SUPER) ELSE "d" END, "e", CASE WHEN OCTET_LENGTH("b") = 0 THEN CAST(TO_VARBYTE(''000000000000000000000000000000000007'', ''hex'') AS VARBYTE(64000)) ELSE "b" END FROM "s"."t"')
        TO 's3://b/p/'
        IAM_ROLE 'arn:aws:iam::123456789012:role/copy'
        FORMAT AS CSV ZSTD
        NULL AS '10000000000000000000000000000000000007'
        MANIFEST VERBOSE
        MAXFILESIZE 100 MB
        REGION 'eu-west-1'
        KMS_KEY_ID 'alias/it''s' ENCRYPTED
        "#);
    }

    #[test]
    fn parquet_holds_no_name_of_the_tables() {
        let columns = [column("a b", "real"), column("\u{e9}", "date")];
        insta::assert_snapshot!(rendered(&columns, &Format::Parquet, false), @r#"
        UNLOAD ('SELECT "a b" AS c1, "é" AS c2 FROM "s"."t"')
        TO 's3://b/p/'
        IAM_ROLE 'arn:aws:iam::123456789012:role/copy'
        FORMAT AS PARQUET
        MANIFEST VERBOSE
        "#);
    }
}
