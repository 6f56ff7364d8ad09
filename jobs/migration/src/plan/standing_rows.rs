//! Rows that stand in tables of the target whose rows are to be moved: those that will be replaced, and those that stop a run.

use super::{Note, Plan, RowsCause, Subject};
use crate::direction::Site;
use crate::name::QualifiedName;
use crate::outcome::{Others, as_table};
use serde::{Deserialize, Serialize};

/// Rows of one table of the target that a load replaces.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ReplacedRows {
    /// The table.
    #[serde(flatten, with = "as_table")]
    pub table: QualifiedName,
    /// How many rows.
    pub rows: u64,
}

/// Rows that stand in a table of the target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandingRows {
    /// The table and its rows, at least one.
    pub rows: ReplacedRows,
    /// Why they are not the tenant's own, where nobody allowed to replace them either.
    pub others: Option<Others>,
}

impl Plan {
    /// Adds what becomes of the rows that stand on the target: they are replaced, or the plan is blocked.
    pub fn replace(
        &mut self,
        standing: impl IntoIterator<Item = StandingRows>,
        source: &Site,
        target: &Site,
    ) {
        let mut refused = Vec::new();
        for StandingRows { rows, others } in standing {
            match others {
                None => self.replaced.push(rows),
                Some(others) => refused.push(protected(&rows, others, source, target)),
            }
        }
        self.replaced.sort();
        self.block(refused);
    }
}

/// What is told of a table whose files and documents S3 would not take (Amazon S3 User Guide, `object-keys`).
pub fn key_too_long(table: &QualifiedName, bytes: usize) -> Note {
    Note::new(Subject::Table(table.clone()), RowsCause::KeyTooLong { bytes })
}

/// What is told of rows that may not be replaced.
pub fn protected(rows: &ReplacedRows, others: Others, source: &Site, target: &Site) -> Note {
    let (source, target) = (Box::new(source.clone()), Box::new(target.clone()));
    let cause = RowsCause::Protected { rows: rows.clone(), others, source, target };
    Note::new(Subject::Table(rows.table.clone()), cause)
}
