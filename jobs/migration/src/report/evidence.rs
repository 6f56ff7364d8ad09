//! What is known of a run when its report is made.

use super::GlueRun;
use crate::outcome::{ApplyOutcome, RunFailure, Status, TableItem, TableList, TableOutcome};
use time::OffsetDateTime;

/// What is known of a run.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// The tenant.
    pub tenant: String,
    /// The run.
    pub run_id: String,
    /// `schema.json`.
    pub schema: Option<ApplyOutcome>,
    /// `views.json`.
    pub views: Option<ApplyOutcome>,
    /// `tables.json`, and each list that it names.
    pub lists: Vec<(TableItem, TableList)>,
    /// What became of tables.
    pub tables: Vec<TableOutcome>,
    /// Why runs of the data job failed as a whole.
    pub failures: Vec<RunFailure>,
    /// What Glue says of the run's jobs, or why that is not known.
    pub glue_runs: Result<Vec<GlueRun>, String>,
    /// Why the migration ended early.
    pub ended_early: Option<String>,
    /// Where the plan is as a script: an `s3://` URI.
    pub plan_sql: String,
}

impl Evidence {
    /// What the schema job planned, where its newest start was to do no more.
    pub(super) fn planned(&self) -> Option<&ApplyOutcome> {
        self.schema.as_ref().filter(|schema| matches!(schema.status, Status::Planned | Status::Blocked))
    }

    /// Whether nobody has written anything under this run's name.
    pub fn is_empty(&self) -> bool {
        let Self { schema, views, lists, tables, failures, ended_early, .. } = self;
        schema.is_none()
            && views.is_none()
            && lists.is_empty()
            && tables.is_empty()
            && failures.is_empty()
            && ended_early.is_none()
    }
}

/// By what the run is judged.
#[derive(Clone, Debug)]
pub struct Terms {
    /// When the report is made.
    pub made: OffsetDateTime,
    /// How many of the tables may fail, in percent.
    pub tolerated_percentage: u8,
    /// Whether anything that failed fails the run.
    pub strict: bool,
    /// What Glue asks for a DPU-hour, in US dollars.
    pub dollars_a_dpu_hour: f64,
}
