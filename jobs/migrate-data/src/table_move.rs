//! The two halves of a table's way as the pipeline drives them. Each does its work and returns what came of it; here, and
//! nowhere else, that becomes the table's outcome, and the ledger is told.

use crate::lane::Lane;
use crate::ledger::{self, note, planned};
use crate::load::{load, tidy};
use crate::moving::{MoveError, Moving, ToLoad};
use crate::pipeline::{Lost, Step};
use crate::places::Places;
use crate::progress::Progress;
use crate::unload::{Unloading, remove, unload};
use arguments::{MigrateData, Vacuum};
use job::{Effects, JobError, Run};
use migration::direction::Site;
use migration::outcome::{Retry, TableOutcome};
use std::cell::RefCell;
use tokio::sync::Semaphore;

/// What every table's way needs.
pub struct Work<'a, E: Effects> {
    /// The run.
    pub run: &'a Run<E>,
    /// What the job was told.
    pub arguments: &'a MigrateData,
    /// Where the bucket is.
    pub places: Places,
    /// Where the tenant is.
    pub source: Site,
    /// Where it goes.
    pub target: Site,
    /// Whether earlier starts of the run are forgotten.
    pub forgets_earlier: bool,
    /// Who may VACUUM ([`redshift::tidy_table::AT_ONCE`]).
    pub vacuum: Semaphore,
    /// Told of each table that has ended.
    pub progress: RefCell<Progress>,
}

/// A session that is lost, and the outcome of the table that it worked on.
pub type LostSession = Lost<TableOutcome, JobError>;

impl<E: Effects> Work<'_, E> {
    /// The first half. In one transaction for all tables the first that is refused ends it.
    pub async fn unload(
        &self,
        lane: &mut Lane<E>,
        moving: Moving,
    ) -> Result<Step<ToLoad, TableOutcome>, LostSession> {
        let planned = planned(self.run, &moving.name);
        let (outcome, error) = match unload(self, lane, &moving).await {
            Ok(Unloading::Done(outcome)) => return Ok(Step::Done(self.end(&moving, *outcome))),
            Ok(Unloading::Before(outcome)) => {
                return Ok(Step::ToLoad(ToLoad { moving, outcome: *outcome }));
            }
            Ok(Unloading::Now(files)) => {
                let outcome = ledger::unloaded(planned, files, self.arguments.consistent);
                match note(self.run, &outcome).await {
                    Ok(()) => return Ok(Step::ToLoad(ToLoad { moving, outcome })),
                    Err(error) => (outcome, MoveError::Job(error)),
                }
            }
            Err(error) => (planned, error),
        };
        let outcome = ledger::not_unloaded(outcome, &error);
        let noted = note(self.run, &outcome).await;
        let end = self.end(&moving, outcome);
        match (error, noted) {
            (MoveError::Job(error), _) | (MoveError::Table(_), Err(error)) => Err(Lost { end, error }),
            (MoveError::Table(_), Ok(())) if self.arguments.consistent => {
                Err(Lost { end, error: crate::moment::ended_by(&moving.name) })
            }
            (MoveError::Table(_), Ok(())) => Ok(Step::Done(end)),
        }
    }

    /// The second half, up to the VACUUM. What was unloaded goes when nothing needs it any more.
    pub async fn load(&self, lane: &mut Lane<E>, half: ToLoad) -> Result<TableOutcome, LostSession> {
        let ToLoad { moving, outcome } = half;
        let loaded = load(self, lane, &moving, &outcome).await;
        let keeps_files = match &loaded {
            Ok(_) => self.arguments.keep_unloaded,
            // A new start may go on from here; but where a person must help first, the source's rows may be others by then.
            Err(error) => error.failure().kind.retry() != Retry::Never,
        };
        let folder = outcome.unloaded.as_ref().map(|unloaded| unloaded.folder.clone());
        let (outcome, error) = match loaded {
            Ok(loaded) => (ledger::loaded(outcome, loaded, keeps_files, self.arguments.vacuum), None),
            Err(error) => (ledger::not_loaded(outcome, &error, keeps_files), Some(error)),
        };
        let noted = note(self.run, &outcome).await;
        if let Some(folder) = folder.filter(|_| !keeps_files) {
            remove(self, &folder).await;
        }
        let ended = match error {
            Some(MoveError::Job(error)) => Err(error),
            // The table's own failure comes first.
            Some(MoveError::Table(_)) => Ok(()),
            None if self.arguments.vacuum == Vacuum::Now && outcome.rows.were_replaced() => {
                tidy(self, lane, &moving.name).await.and(noted)
            }
            None => noted,
        };
        let end = self.end(&moving, outcome);
        match ended {
            Ok(()) => Ok(end),
            Err(error) => Err(Lost { end, error }),
        }
    }

    /// A table has ended, well or not.
    fn end(&self, moving: &Moving, outcome: TableOutcome) -> TableOutcome {
        self.progress.borrow_mut().ended(moving, &outcome);
        outcome
    }
}
