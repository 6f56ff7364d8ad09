//! `run.json`: what became of a run as a whole. The state machine ends with it, and the
//! dashboard reads its figures.

use super::Status;
use crate::report::{Planned, Replaced};
use serde::{Deserialize, Serialize};

/// What became of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunOutcome {
    /// The version of this document's form.
    pub format: u32,
    /// The tenant.
    pub tenant: String,
    /// The run.
    pub run_id: String,
    /// The verdict.
    pub status: Status,
    /// The same in a line for people.
    pub summary: String,
    /// Tables that were to move.
    pub tables: usize,
    /// Those that did not.
    pub failed: usize,
    /// Rows that were loaded.
    pub rows: u64,
    /// Bytes of the files that they were in.
    pub bytes: u64,
    /// Rows of the target that were replaced; of a dry run, those that would be.
    #[serde(default)]
    pub replaced: Replaced,
    /// How much a dry run found to do; none of any other run.
    pub planned: Option<Planned>,
    /// How long at least one Glue run was at work; none where Glue was not asked.
    pub seconds: Option<f64>,
    /// Where the plan is, a script for psql: an `s3://` URI.
    pub plan_sql: Option<String>,
    /// Where the report is, for people: an `s3://` URI.
    pub report: String,
    /// Where the list of tables is that are to be moved again; none where there are none.
    pub retry_file: Option<String>,
}
