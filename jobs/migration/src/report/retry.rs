//! What is to be moved again.

use super::{Evidence, Report};
use crate::name::QualifiedName;
use crate::outcome::{FORMAT, ListedTable, TableItem};
use serde::Serialize;
use std::collections::BTreeSet;

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

/// `retry.json`: the items of `tables.json` that hold a table which failed. The data job leaves the others of such a list as
/// they are.
pub fn items_to_retry(evidence: &Evidence, report: &Report) -> Vec<TableItem> {
    let failed: BTreeSet<&QualifiedName> = report.failed.iter().map(|failed| &failed.table).collect();
    let again =
        evidence.lists.iter().filter(|(_, list)| list.tables.iter().any(|it| failed.contains(&it.table)));
    again.map(|(item, _)| item.clone()).collect()
}
