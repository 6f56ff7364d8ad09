//! Causes that lie outside both catalogs: rows that stand on the target, and the IAM role.

use crate::direction::{Side, Site};
use crate::outcome::Others;
use crate::plan::ReplacedRows;
use crate::words::number_of;

causes! {
    /// Notes on tables whose rows are to move.
    RowsCause {
        Protected { rows: ReplacedRows, others: Others, source: Box<Site>, target: Box<Site> } =>
            format!(
                "the target {target} holds {}; {others}; the source is {source}",
                number_of(rows.rows, "row")
            ),
            format!("see whose rows they are; --REPLACE {} lets the load replace them", rows.table);
        // Amazon S3 User Guide, `object-keys`.
        KeyTooLong { bytes: usize } =>
            format!("its files in S3 would have keys of {bytes} bytes, and S3 takes 1,024"),
            "give a shorter --TENANT_NAME, --RUN_ID or prefix in --S3_BUCKET, or rename the table";
    }
}

causes! {
    /// Notes on the IAM role of UNLOAD and COPY.
    Association {
        NotAllowed { warehouse: String, side: Side } =>
            format!("it is not associated with {warehouse}, the {side}, and the environment does not list it"),
            "correct --IAM_ROLE, or associate the role with the warehouse by hand";
    }
}
