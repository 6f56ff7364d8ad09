//! Which tables are being vacuumed: several sessions may vacuum at once, and two never one table (`r_VACUUM_command`, "Support for
//! concurrent VACUUM").

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::Session;
use crate::statement::{StatementError, Translation, quote_literal};

/// The tables, by their OIDs.
#[derive(Debug, Default)]
pub struct Vacuums(Mutex<BTreeSet<String>>);

impl Vacuums {
    /// Notes that a table is being vacuumed until the result is dropped. Fails while another session does it, in the words of
    /// an earlier Redshift, which ran one VACUUM at a time (dbt-core, issue 639); no page has the words or the code of today's.
    fn begin(&self, table: String) -> Result<Vacuuming<'_>, StatementError> {
        if self.tables().insert(table.clone()) {
            Ok(Vacuuming { vacuums: self, table })
        } else {
            let error = StatementError::new("0A000", "VACUUM is running");
            Err(error.with_hint("re-execute after other vacuum finished"))
        }
    }

    fn tables(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A table that is being vacuumed.
pub(super) struct Vacuuming<'a> {
    vacuums: &'a Vacuums,
    table: String,
}

impl Drop for Vacuuming<'_> {
    fn drop(&mut self) {
        self.vacuums.tables().remove(&self.table);
    }
}

impl<'a> Session<'a> {
    /// Begins a VACUUM of one table. One of all tables takes them one after the other and waits where it must.
    pub(super) async fn begin_vacuum(
        &mut self,
        translation: &Translation,
    ) -> Result<Option<Vacuuming<'a>>, StatementError> {
        let Some(table) = translation.vacuums.as_deref().filter(|_| self.is_idle()) else { return Ok(None) };
        let sql = format!("SELECT pg_catalog.to_regclass({})::oid", quote_literal(table));
        let oid = self.backend.query(&sql).await?.into_iter().flatten().next().flatten();
        oid.map(|oid| self.server.vacuums.begin(oid)).transpose()
    }
}
