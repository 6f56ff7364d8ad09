//! Whose rows stand in a table of the target, by the ledger.

use crate::table_move::Work;
use aws::Version;
use job::{Effects, JobError};
use migration::name::QualifiedName;
use migration::outcome::{ErrorKind, Held, LoadedTable, Standing};
use migration::verify::Fingerprint;
use redshift::copy_table::{CopyError, OldRows};
use time::OffsetDateTime;

/// How often the document is read again when the load before is still writing what became of it.
const LOOKS: usize = 5;

/// What the ledger says of one table, while its load holds the table's lock.
pub struct LedgerRows<'a, E: Effects> {
    work: &'a Work<'a, E>,
    table: &'a QualifiedName,
    key: String,
    /// The rows that stood in the table when they were asked for.
    stood: u64,
    /// What was put before the COMMIT, and its version.
    announced: Option<(LoadedTable, Version)>,
}

impl<'a, E: Effects> LedgerRows<'a, E> {
    /// Of this table.
    pub fn of(work: &'a Work<'a, E>, table: &'a QualifiedName) -> Self {
        let key = work.run.keys.loaded(&work.target.place, table);
        Self { work, table, key, stood: 0, announced: None }
    }

    /// Writes down what became of the load, where that is known; what was announced stands till then. A load that came after
    /// this one has looked at the rows themselves, and is not disturbed.
    pub async fn settle(&self, committed: bool) {
        let Some((document, version)) = &self.announced else { return };
        let settled = document.settled(committed);
        match self.work.run.ledger.put_in_place_of(Some(version), &self.key, &settled).await {
            Ok(_) => {}
            Err(error) => log::warn!("{}: the ledger is behind: {error}", self.table.plain()),
        }
    }

    /// Whether a load came after this moment.
    pub async fn were_loaded_since(&self, moment: OffsetDateTime) -> Result<bool, JobError> {
        Ok(self.read().await?.0.was_loaded_since(moment))
    }

    async fn read(&self) -> Result<(LoadedTable, Option<Version>), JobError> {
        self.work.run.loaded(&self.work.target.place, self.table).await
    }

    async fn announce(&mut self, held: Held) -> Result<(), JobError> {
        for _ in 0..LOOKS {
            let (document, version) = self.read().await?;
            let document = document.committing(self.stood, held.clone());
            let ledger = &self.work.run.ledger;
            if let Some(version) = ledger.put_in_place_of(version.as_ref(), &self.key, &document).await? {
                self.announced = Some((document, version));
                return Ok(());
            }
        }
        let cause = "another load of this table changes it all the time; start the job again";
        Err(JobError::of(ErrorKind::Conflict, format_args!("writing {}", self.key), cause))
    }
}

impl<E: Effects> OldRows for LedgerRows<'_, E> {
    async fn standing(&mut self, rows: u64) -> Result<Standing, CopyError> {
        self.stood = rows;
        if self.work.arguments.replace.names(self.table) {
            return Ok(Standing::Ours);
        }
        let (document, _) = self.read().await.map_err(of_ledger)?;
        Ok(document.standing(rows, self.work.arguments.verify))
    }

    async fn committing(&mut self, rows: u64, fingerprint: Option<&Fingerprint>) -> Result<(), CopyError> {
        let run_id = self.work.run.run_id.as_str().to_owned();
        let loaded = self.work.run.effects.now();
        let held = Held { rows, fingerprint: fingerprint.cloned(), run_id, loaded };
        self.announce(held).await.map_err(of_ledger)
    }
}

fn of_ledger(error: JobError) -> CopyError {
    CopyError::Ledger { kind: error.kind, message: error.message }
}
