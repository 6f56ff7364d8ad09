//! COPY from S3 (`r_COPY`, `copy-parameters-data-format`, `copy-parameters-data-load`, `copy-parameters-data-conversion`,
//! `copy-usage_notes-copy-from-columnar`).

use super::{Sql, column_list};
use crate::catalog::Column;
use crate::name::{Literal, QualifiedName};
use crate::transfer::Format;

/// What one COPY loads.
#[derive(Clone, Debug)]
pub struct Copy<'a> {
    /// The table on the target.
    pub table: &'a QualifiedName,
    /// The source's columns, in the order of the files' fields.
    pub columns: &'a [Column],
    /// How the files are to be read.
    pub format: &'a Format,
    /// The URL of the manifest that the UNLOAD wrote.
    pub manifest_url: &'a str,
    /// The role that the warehouse reads S3 with.
    pub iam_role: &'a str,
    /// The bucket's Region, where it is not the target's. Parquet cannot be read then: [`Format::choose`] is told so.
    pub region: Option<&'a str>,
    /// Whether given values go into an IDENTITY column; Redshift refuses the option without one.
    pub explicit_ids: bool,
}

/// Loads exactly the files of a manifest.
///
/// COMPUPDATE OFF: a load of CSV into an empty table would otherwise choose encodings anew; one of Parquet does not, and takes no such
/// option. STATUPDATE ON: the planner knows the new rows without an ANALYZE of its own, whether the table was empty or not; it
/// takes the owner or a superuser, which the jobs' login is.
pub fn copy(copy: &Copy) -> Sql {
    let format = match copy.format {
        Format::Parquet => "FORMAT AS PARQUET".to_owned(),
        Format::Csv { null_marker } => {
            let region =
                copy.region.map(|region| format!("\nREGION {}", Literal::text(region))).unwrap_or_default();
            let null = Literal::text(null_marker.as_str());
            format!("FORMAT AS CSV ZSTD\nNULL AS {null}{region}\nCOMPUPDATE OFF")
        }
    };
    let explicit_ids = if copy.explicit_ids { "\nEXPLICIT_IDS" } else { "" };
    Sql::rendered(format!(
        "COPY {} ({})\nFROM {}\nIAM_ROLE {}\nMANIFEST\n{format}{explicit_ids}\nSTATUPDATE ON",
        copy.table,
        column_list(copy.columns.iter().map(|column| &column.name)),
        Literal::text(copy.manifest_url),
        Literal::text(copy.iam_role),
    ))
}

/// Asks which COPY this session ran last, in column `copy_id`, and how many rows it loaded, in column `rows`
/// (`PG_LAST_COPY_ID`, `PG_LAST_COPY_COUNT`). A COPY that is refused before it loads leaves both as they were: only with a new id is the
/// count that of the COPY before.
pub fn last_copy() -> Sql {
    Sql::constant("SELECT pg_last_copy_id() AS copy_id, pg_last_copy_count() AS rows")
}

#[cfg(test)]
mod tests {
    use super::super::samples::{column, qualified};
    use super::*;
    use crate::transfer::NullMarker;

    fn rendered(format: &Format, explicit_ids: bool, region: Option<&str>) -> Sql {
        copy(&Copy {
            table: &qualified("s", "t"),
            columns: &[column("id", "integer"), column("text", "character varying(3)")],
            format,
            manifest_url: "s3://b/it's/manifest",
            iam_role: "arn:aws:iam::123456789012:role/copy",
            region,
            explicit_ids,
        })
    }

    #[test]
    fn csv_is_loaded_with_its_marker_and_without_new_encodings() {
        let csv = Format::Csv { null_marker: NullMarker::from_bits(7) };
        insta::assert_snapshot!(rendered(&csv, true, Some("eu-west-1")), @r#"
        COPY "s"."t" ("id", "text")
        FROM 's3://b/it''s/manifest'
        IAM_ROLE 'arn:aws:iam::123456789012:role/copy'
        MANIFEST
        FORMAT AS CSV ZSTD
        NULL AS '10000000000000000000000000000000000007'
        REGION 'eu-west-1'
        COMPUPDATE OFF
        EXPLICIT_IDS
        STATUPDATE ON
        "#);
    }

    #[test]
    fn parquet_is_loaded_with_the_few_options_that_it_takes() {
        insta::assert_snapshot!(rendered(&Format::Parquet, false, None), @r#"
        COPY "s"."t" ("id", "text")
        FROM 's3://b/it''s/manifest'
        IAM_ROLE 'arn:aws:iam::123456789012:role/copy'
        MANIFEST
        FORMAT AS PARQUET
        STATUPDATE ON
        "#);
    }
}
