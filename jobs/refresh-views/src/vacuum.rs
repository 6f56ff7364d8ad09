//! The VACUUM that the data job left to this one: of the tables whose rows it replaced, once all are loaded.

use job::{Connection, Effects, JobError, Run, Side};
use migration::outcome::{TableOutcome, Vacuumed};
use migration::words::number_of;
use std::cell::RefCell;
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
    let work = Work { run, due: RefCell::new(due), vacuumed: Mutex::new(vacuumed) };
    let done = if tables > 1 {
        let mut beside = Connection::open(run.way_beside(target, Side::Target, BESIDE)).await?;
        let (one, other) = tokio::try_join!(work.vacuum(target), work.vacuum(&mut beside))?;
        one + other
    } else {
        work.vacuum(target).await?
    };
    if done > 0 {
        log::info!("VACUUM is done for {} whose rows were replaced", number_of(done, "table"));
    }
    Ok(())
}

/// What the sessions share.
struct Work<'a, E: Effects> {
    run: &'a Run<E>,
    due: RefCell<VecDeque<TableOutcome>>,
    /// Locked while it is written, so that no older document takes the place of a newer one.
    vacuumed: Mutex<Vacuumed>,
}

impl<E: Effects> Work<'_, E> {
    /// Vacuums one table after the other until none is left. Gives how many it has done.
    async fn vacuum(&self, target: &mut Connection<E>) -> Result<usize, JobError> {
        let mut done = 0;
        loop {
            let next = self.due.borrow_mut().pop_front();
            let Some(outcome) = next else { return Ok(done) };
            if target.tidy(&outcome.table).await? {
                let mut vacuumed = self.vacuumed.lock().await;
                vacuumed.add(&outcome);
                self.run.ledger.put(&self.run.keys.vacuumed(), &*vacuumed).await?;
                done += 1;
            }
        }
    }
}
