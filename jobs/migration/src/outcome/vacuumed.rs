//! `vacuumed.json`: the tables of the run that `refresh-views` has vacuumed.

use super::table_list::as_table;
use super::{FORMAT, TableOutcome};
use crate::name::QualifiedName;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// The tables of a run that were vacuumed after their loads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vacuumed {
    /// The version of this document's form.
    pub format: u32,
    /// The tenant.
    pub tenant: String,
    /// The run.
    pub run_id: String,
    /// Each table, with the load that it was vacuumed after.
    pub tables: Vec<VacuumedTable>,
}

/// A table that was vacuumed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VacuumedTable {
    /// The table.
    #[serde(flatten, with = "as_table")]
    pub table: QualifiedName,
    /// When the outcome of its load was written: another load of the run makes the VACUUM due again.
    #[serde(with = "time::serde::rfc3339::option")]
    pub loaded: Option<OffsetDateTime>,
}

impl Vacuumed {
    /// Of a run that has vacuumed nothing yet.
    pub fn of(tenant: &str, run_id: &str) -> Self {
        Self { format: FORMAT, tenant: tenant.to_owned(), run_id: run_id.to_owned(), tables: Vec::new() }
    }

    /// Whether the VACUUM of a table is still due.
    pub fn lacks(&self, outcome: &TableOutcome) -> bool {
        let is_done = |done: &VacuumedTable| done.table == outcome.table && done.loaded == outcome.written;
        outcome.vacuum_due && !self.tables.iter().any(is_done)
    }

    /// Adds a table that was vacuumed.
    pub fn add(&mut self, outcome: &TableOutcome) {
        self.tables.retain(|done| done.table != outcome.table);
        self.tables.push(VacuumedTable { table: outcome.table.clone(), loaded: outcome.written });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::Identifier;

    #[test]
    fn a_table_that_is_loaded_again_is_due_again() {
        let id = |name: &str| Identifier::new(name).unwrap();
        let mut outcome = TableOutcome::new(&QualifiedName::new(id("s"), id("t")), "acme", "r");
        let mut vacuumed = Vacuumed::of("acme", "r");
        assert!(!vacuumed.lacks(&outcome), "nothing was replaced");
        outcome.vacuum_due = true;
        assert!(vacuumed.lacks(&outcome));
        vacuumed.add(&outcome);
        assert!(!vacuumed.lacks(&outcome));
        outcome.written = Some(OffsetDateTime::UNIX_EPOCH);
        assert!(vacuumed.lacks(&outcome));
        vacuumed.add(&outcome);
        assert_eq!((vacuumed.lacks(&outcome), vacuumed.tables.len()), (false, 1));
    }
}
