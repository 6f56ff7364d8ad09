//! `tables/<schema>/<table>.json`: what became of a table.

use super::table_list::as_table;
use super::{ErrorKind, FORMAT, Status};
use crate::name::{Identifier, QualifiedName};
use crate::transfer::Format;
use crate::verify::Fingerprint;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// How far a table has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TableStage {
    /// Known, nothing moved yet.
    Planned,
    /// Its rows lie in S3 and the manifest agrees with itself.
    Unloaded,
    /// Its rows are on the target, committed.
    Loaded,
    /// Both sides hold the same number of rows.
    Verified,
}

/// What became of a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TableOutcome {
    /// The version of this document's form.
    pub format: u32,
    /// The tenant.
    pub tenant: String,
    /// The run.
    pub run_id: String,
    /// The table.
    #[serde(flatten, with = "as_table")]
    pub table: QualifiedName,
    /// When this was written; documents of earlier versions do not tell.
    #[serde(default, with = "time::serde::rfc3339::option")]
    pub written: Option<OffsetDateTime>,
    /// Finished or failed.
    pub status: Status,
    /// Whether it was unloaded in one transaction with the run's other tables.
    #[serde(default)]
    pub consistent: bool,
    /// The last stage that was reached.
    pub stage: TableStage,
    /// What lies in S3, where that is good to be loaded.
    pub unloaded: Option<Unloaded>,
    /// Whether its rows were replaced, and the VACUUM that takes their space back was left to `refresh-views`.
    #[serde(default)]
    pub vacuum_due: bool,
    /// Rows counted on the way.
    pub rows: Rows,
    /// Data files.
    pub files: Option<u64>,
    /// Their bytes, compressed.
    pub bytes: Option<u64>,
    /// How long each part took.
    pub seconds: Seconds,
    /// Why it failed.
    pub error: Option<Failure>,
}

/// What an UNLOAD left, as far as a load must know: a second start of the run goes on from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unloaded {
    /// The attempt's folder, below `--S3_BUCKET`.
    pub folder: String,
    /// The manifest's SHA-256 sum: another manifest there is not this attempt's. None where there were no rows to write.
    pub manifest_sha256: Option<String>,
    /// How the files are written.
    pub format: Format,
    /// The columns in the order of the files' fields.
    pub columns: Vec<Identifier>,
    /// How many values travel by a marker, as [`crate::transfer::marked`] lists them. Not there in a document of a version that did not
    /// count them.
    #[serde(default)]
    pub marked: Option<Vec<u64>>,
    /// What the source's rows came to, where that is to be compared.
    pub fingerprint: Option<Fingerprint>,
}

/// Rows as each part counted them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rows {
    /// What UNLOAD's manifest says.
    pub unloaded: Option<u64>,
    /// What COPY says.
    pub loaded: Option<u64>,
    /// What COUNT(*) on the target says, before the commit.
    pub target: Option<u64>,
    /// The target's rows that were replaced.
    pub replaced: Option<u64>,
}

impl Rows {
    /// Whether rows of the target were replaced, which leave space behind.
    pub fn were_replaced(&self) -> bool {
        self.replaced.is_some_and(|rows| rows > 0)
    }
}

/// Durations, in seconds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Seconds {
    /// UNLOAD.
    pub unload: Option<f64>,
    /// COPY with its checks and the commit.
    pub copy: Option<f64>,
}

/// Why something failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// What kind of error.
    pub kind: ErrorKind,
    /// What happened, without cell values.
    pub message: String,
    /// What to do.
    pub remedy: String,
}

impl TableOutcome {
    /// The outcome of a table that had arrived, and that the target has no more.
    pub fn lost(arrived: &Self) -> Self {
        let error = Failure {
            kind: ErrorKind::NotFound,
            message: format!("the target has no table {} any more", arrived.table.plain()),
            remedy: "start the job again for this table".to_owned(),
        };
        Self { error: Some(error), ..Self::new(&arrived.table, &arrived.tenant, &arrived.run_id) }
    }

    /// The outcome of a table that nothing has been done for yet.
    pub fn new(table: &QualifiedName, tenant: &str, run_id: &str) -> Self {
        Self {
            format: FORMAT,
            tenant: tenant.to_owned(),
            run_id: run_id.to_owned(),
            table: table.clone(),
            written: None,
            status: Status::Failed,
            consistent: false,
            stage: TableStage::Planned,
            unloaded: None,
            vacuum_due: false,
            rows: Rows::default(),
            files: None,
            bytes: None,
            seconds: Seconds::default(),
            error: None,
        }
    }
}
