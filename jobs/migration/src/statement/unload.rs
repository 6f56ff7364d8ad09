//! UNLOAD to S3 (`r_UNLOAD`).

use super::{Sql, column_list};
use crate::name::{Identifier, Literal, QualifiedName};
use crate::transfer::NullMarker;

/// What one UNLOAD writes.
#[derive(Clone, Debug)]
pub struct Unload<'a> {
    /// The table on the source.
    pub table: &'a QualifiedName,
    /// The columns in the order of the files' fields.
    pub columns: &'a [Identifier],
    /// The URL that the files' names begin with, ending in a slash: the attempt's own prefix.
    pub prefix_url: &'a str,
    /// The role that the warehouse writes S3 with.
    pub iam_role: &'a str,
    /// What stands for NULL in the files.
    pub null_marker: &'a NullMarker,
}

/// Writes a table's rows as CSV, compressed, with a manifest that counts rows and bytes a file.
pub fn unload(unload: &Unload) -> Sql {
    let query = Sql::rendered(format!("SELECT {} FROM {}", column_list(unload.columns), unload.table));
    Sql::rendered(format!(
        "UNLOAD ({})\nTO {}\nIAM_ROLE {}\nFORMAT AS CSV GZIP\nNULL AS {}\nMANIFEST VERBOSE",
        Literal::of_query(&query),
        Literal::text(unload.prefix_url),
        Literal::text(unload.iam_role),
        Literal::text(unload.null_marker.as_str()),
    ))
}

#[cfg(test)]
mod tests {
    use super::super::samples::{id, qualified};
    use super::*;

    #[test]
    fn quotes_inside_the_query_are_doubled() {
        let marker = NullMarker::from_bits(7);
        let columns = [id("it's"), id("b\\c")];
        let sql = unload(&Unload {
            table: &qualified("s", "t"),
            columns: &columns,
            prefix_url: "s3://b/p/",
            iam_role: "arn:aws:iam::123456789012:role/copy",
            null_marker: &marker,
        });
        insta::assert_snapshot!(sql, @r#"
        UNLOAD ('SELECT "it''s", "b\\c" FROM "s"."t"')
        TO 's3://b/p/'
        IAM_ROLE 'arn:aws:iam::123456789012:role/copy'
        FORMAT AS CSV GZIP
        NULL AS 'null-00000000000000000000000000000007'
        MANIFEST VERBOSE
        "#);
    }
}
