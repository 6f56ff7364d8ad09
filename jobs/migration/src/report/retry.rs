//! What is to be moved again.

use super::Report;
use crate::outcome::{FORMAT, ListedTable};
use serde::Serialize;

/// `retry_failed_tables.json`: an input of the state machine, and as well a value of `--TABLES`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RetryFile {
    /// The version of this document's form.
    pub format: u32,
    /// The run that goes on.
    #[serde(rename = "RETRY_RUN")]
    pub retry_run: String,
    /// Its tenant.
    #[serde(rename = "TENANT_NAME")]
    pub tenant: String,
    /// The tables.
    pub tables: Vec<ListedTable>,
}

impl RetryFile {
    /// The tables that failed; none where none did.
    pub fn of(report: &Report) -> Option<Self> {
        let listed = |failed: &super::FailedTable| ListedTable {
            table: failed.table.clone(),
            megabytes: failed.megabytes,
        };
        (!report.failed.is_empty()).then(|| Self {
            format: FORMAT,
            retry_run: report.run_id.clone(),
            tenant: report.tenant.clone(),
            tables: report.failed.iter().map(listed).collect(),
        })
    }
}
