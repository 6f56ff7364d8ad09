//! What became of each table.

use super::Evidence;
use crate::name::QualifiedName;
use crate::outcome::{
    ErrorKind, Failure, ListedTable, RunFailure, Status, TableOutcome, TableStage, as_table,
};
use serde::Serialize;
use std::collections::BTreeMap;

/// A table whose rows are on the target.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MovedTable {
    /// The table.
    #[serde(flatten, with = "as_table")]
    pub table: QualifiedName,
    /// How far it was proven: `loaded` says what COPY says, `verified` that both sides agree.
    pub stage: TableStage,
    /// Rows that were loaded.
    pub rows: u64,
    /// Rows of the target that were replaced.
    pub replaced: u64,
    /// Data files.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// How long UNLOAD took.
    pub unload_seconds: f64,
    /// How long COPY took, with its checks and the commit.
    pub copy_seconds: f64,
}

impl MovedTable {
    /// How long the table took.
    pub fn seconds(&self) -> f64 {
        self.unload_seconds + self.copy_seconds
    }
}

/// A table whose rows are not there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FailedTable {
    /// The table.
    #[serde(flatten, with = "as_table")]
    pub table: QualifiedName,
    /// What it takes on the source's disks.
    pub megabytes: u64,
    /// How far it came.
    pub stage: TableStage,
    /// What kind of error; none where nobody lived to tell.
    pub kind: Option<ErrorKind>,
    /// What happened.
    pub cause: String,
    /// What to do.
    pub remedy: String,
}

/// The tables that were to move: those that did, and those that did not, both by name.
pub(super) fn judge(evidence: &Evidence) -> (Vec<MovedTable>, Vec<FailedTable>) {
    let failures = newest_failures(evidence);
    let mut known: BTreeMap<&QualifiedName, Known> = BTreeMap::new();
    for (item, list) in &evidence.lists {
        let failure = failures.get(item.tables.as_str()).copied();
        for ListedTable { table, megabytes } in &list.tables {
            known.insert(table, Known { megabytes: *megabytes, failure, outcome: None });
        }
    }
    for outcome in &evidence.tables {
        known.entry(&outcome.table).or_default().outcome = Some(outcome);
    }
    for (table, known) in &mut known {
        // A retry names tables by themselves.
        let by_name = failures.get(table.to_string().as_str()).copied();
        known.failure = by_name.into_iter().chain(known.failure).max_by_key(|failure| failure.began);
    }
    let (mut moved, mut failed) = (Vec::new(), Vec::new());
    for (table, known) in known {
        match known.outcome.filter(|outcome| outcome.status == Status::Finished) {
            Some(outcome) => moved.push(moved_table(outcome)),
            None => failed.push(failed_table(table, &known)),
        }
    }
    (moved, failed)
}

/// Of each list, or table by name, the failure of its last run that had one.
fn newest_failures(evidence: &Evidence) -> BTreeMap<&str, &RunFailure> {
    let mut failures: Vec<&RunFailure> = evidence.failures.iter().collect();
    failures.sort_by_key(|failure| failure.began);
    failures.into_iter().map(|failure| (failure.tables.as_str(), failure)).collect()
}

/// What is known of a table.
#[derive(Default)]
struct Known<'a> {
    megabytes: u64,
    /// Of the run that was to move it.
    failure: Option<&'a RunFailure>,
    outcome: Option<&'a TableOutcome>,
}

fn moved_table(outcome: &TableOutcome) -> MovedTable {
    MovedTable {
        table: outcome.table.clone(),
        stage: outcome.stage,
        rows: outcome.rows.loaded.unwrap_or_default(),
        replaced: outcome.rows.replaced.unwrap_or_default(),
        files: outcome.files.unwrap_or_default(),
        bytes: outcome.bytes.unwrap_or_default(),
        unload_seconds: outcome.seconds.unload.unwrap_or_default(),
        copy_seconds: outcome.seconds.copy.unwrap_or_default(),
    }
}

fn failed_table(table: &QualifiedName, known: &Known) -> FailedTable {
    // What the table's own document tells is more exact, unless a later run failed before it came to the table.
    let is_old = |outcome: &&TableOutcome| {
        known.failure.is_some_and(|failure| outcome.written.is_some_and(|written| written < failure.began))
    };
    let told = known.outcome.filter(|outcome| !is_old(outcome)).and_then(|outcome| outcome.error.clone());
    let again = "put right what the message names, and move the table again";
    let (kind, cause, remedy) = match (told, known.failure) {
        (Some(Failure { kind, message, remedy }), _) => (Some(kind), message, remedy),
        (None, Some(failure)) => (None, format!("its Glue run failed: {}", failure.cause), again.to_owned()),
        (None, None) => {
            let cause = if known.outcome.is_some() {
                "its Glue run ended before the table did"
            } else {
                "no Glue run has begun it"
            };
            (None, cause.to_owned(), "move the table again".to_owned())
        }
    };
    FailedTable {
        table: table.clone(),
        megabytes: known.megabytes,
        stage: known.outcome.map_or(TableStage::Planned, |outcome| outcome.stage),
        kind,
        cause,
        remedy,
    }
}
