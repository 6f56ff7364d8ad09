//! COPY from S3 (`r_COPY`, `copy-parameters-data-format`, `copy-parameters-data-load`,
//! `copy-parameters-data-conversion`).

use super::{Sql, column_list};
use crate::name::{Identifier, Literal, QualifiedName};
use crate::transfer::NullMarker;

/// What one COPY loads.
#[derive(Clone, Debug)]
pub struct Copy<'a> {
    /// The table on the target.
    pub table: &'a QualifiedName,
    /// The columns in the order of the files' fields.
    pub columns: &'a [Identifier],
    /// The URL of the manifest that the UNLOAD wrote.
    pub manifest_url: &'a str,
    /// The role that the warehouse reads S3 with.
    pub iam_role: &'a str,
    /// What stands for NULL in the files.
    pub null_marker: &'a NullMarker,
    /// Whether given values go into an IDENTITY column; Redshift refuses the option without one.
    pub explicit_ids: bool,
    /// The SUPER columns, whose NULLs are restored after the load.
    pub super_columns: &'a [Identifier],
}

/// Loads exactly the files of a manifest.
///
/// COMPUPDATE OFF: a load into an empty table would otherwise choose encodings anew. STATUPDATE ON: the
/// planner knows the new rows without an ANALYZE of its own.
pub fn copy(copy: &Copy) -> Sql {
    let explicit_ids = if copy.explicit_ids { "\nEXPLICIT_IDS" } else { "" };
    Sql::rendered(format!(
        "COPY {} ({})\nFROM {}\nIAM_ROLE {}\nMANIFEST\nFORMAT AS CSV GZIP\nNULL AS {}{explicit_ids}\nCOMPUPDATE OFF STATUPDATE ON",
        copy.table,
        column_list(copy.columns),
        Literal::text(copy.manifest_url),
        Literal::text(copy.iam_role),
        Literal::text(copy.null_marker.as_str()),
    ))
}

/// Asks for the rows that this session's last COPY loaded, in column `rows` (`PG_LAST_COPY_COUNT`).
pub fn last_copy_count() -> Sql {
    Sql::constant("SELECT pg_last_copy_count() AS rows")
}

#[cfg(test)]
mod tests {
    use super::super::samples::{id, qualified};
    use super::*;

    #[test]
    fn loads_what_the_manifest_names() {
        let marker = NullMarker::from_bits(7);
        let columns = [id("id"), id("text")];
        let sql = copy(&Copy {
            table: &qualified("s", "t"),
            columns: &columns,
            manifest_url: "s3://b/it's/manifest",
            iam_role: "arn:aws:iam::123456789012:role/copy",
            null_marker: &marker,
            explicit_ids: true,
            super_columns: &[],
        });
        insta::assert_snapshot!(sql, @r#"
        COPY "s"."t" ("id", "text")
        FROM 's3://b/it''s/manifest'
        IAM_ROLE 'arn:aws:iam::123456789012:role/copy'
        MANIFEST
        FORMAT AS CSV GZIP
        NULL AS 'null-00000000000000000000000000000007'
        EXPLICIT_IDS
        COMPUPDATE OFF STATUPDATE ON
        "#);
    }
}
