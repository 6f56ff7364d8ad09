//! The VACUUM that the data job left to this one: of the tables whose rows it replaced, once all are loaded.

use job::{Connection, Effects, JobError, Run, Side};
use migration::outcome::{TableOutcome, Vacuumed};
use migration::words::number_of;
use redshift::tidy_table::tidy_table;
use std::collections::VecDeque;
use tokio::sync::Mutex;

/// What tells the second session from the job's first: one that a killed start left would keep its table from this one.
pub const BESIDE: &str = "vacuum";

/// Vacuums them, each once, at most two at a time ([`redshift::tidy_table::AT_ONCE`]), and says so in the ledger. One that fails costs
/// nothing but the space: a new start of the job tries it again.
///
/// # Errors
/// The ledger cannot be read or written, or the session was lost and cannot be opened any more.
pub async fn vacuum_replaced<E: Effects>(run: &Run<E>, target: &mut Connection<E>) -> Result<(), JobError> {
    let earlier: Option<Vacuumed> = run.ledger.get(&run.keys.vacuumed()).await?;
    let vacuumed = earlier.unwrap_or_else(|| Vacuumed::of(&run.tenant, run.run_id.as_str()));
    let loaded: Vec<TableOutcome> = run.ledger.all(&run.keys.table_outcomes()).await?;
    let due: VecDeque<TableOutcome> = loaded.into_iter().filter(|outcome| vacuumed.lacks(outcome)).collect();
    let tables = due.len();
    let work = Work { run, due: Mutex::new(due), vacuumed: Mutex::new(vacuumed), failed: Mutex::new(0) };
    match tables {
        0 => {}
        1 => work.vacuum(target).await?,
        _ => {
            let way = run.way_beside(target, Side::Target, BESIDE);
            let mut beside = Connection::open(way).await?;
            tokio::try_join!(work.vacuum(target), work.vacuum(&mut beside))?;
        }
    }
    let left = work.failed.into_inner();
    if tables > left {
        log::info!("VACUUM is done for {} whose rows were replaced", number_of(tables - left, "table"));
    }
    Ok(())
}

/// What the sessions share.
struct Work<'a, E: Effects> {
    run: &'a Run<E>,
    due: Mutex<VecDeque<TableOutcome>>,
    vacuumed: Mutex<Vacuumed>,
    failed: Mutex<usize>,
}

impl<E: Effects> Work<'_, E> {
    /// Vacuums one table after the other until none is left.
    async fn vacuum(&self, target: &mut Connection<E>) -> Result<(), JobError> {
        loop {
            let next = self.due.lock().await.pop_front();
            let Some(outcome) = next else { return Ok(()) };
            match tidy_table(target, &outcome.table).await {
                Ok(()) => {
                    let mut vacuumed = self.vacuumed.lock().await;
                    vacuumed.add(&outcome);
                    self.run.ledger.put(&self.run.keys.vacuumed(), &*vacuumed).await?;
                }
                Err(error) => {
                    *self.failed.lock().await += 1;
                    log::warn!(
                        "{}: VACUUM failed, and is left to the next start: {error}",
                        outcome.table.plain()
                    );
                    if error.ends_session() {
                        target.reopen().await?;
                    }
                }
            }
        }
    }
}
