//! Many tables at a time: some sessions unload, as many others load what is unloaded, so that both warehouses are at work.
//!
//! All of it happens on one thread, whose tasks wait for the warehouses. Tables go through a queue to the sessions that
//! unload and through a channel to those that load; it holds few, so that no heap of files grows in S3 where loads are slow.

use crate::lane::Lane;
use crate::load::load;
use crate::moving::{MoveError, Moving};
use crate::places::Places;
use crate::progress::Progress;
use crate::unload::{Unloading, earlier, unload};
use arguments::MigrateData;
use futures_util::future::join_all;
use job::{JobError, Run};
use migration::direction::Site;
use migration::outcome::{ErrorKind, Status, TableOutcome};
use migration::statement;
use redshift::session::Session;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use tokio::sync::Mutex;
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// What every table's way needs.
pub struct Work<'a> {
    /// The run.
    pub run: &'a Run,
    /// What the job was told.
    pub arguments: &'a MigrateData,
    /// Where the bucket is.
    pub places: Places,
    /// Where the tenant is.
    pub source: Site,
    /// Where it goes.
    pub target: Site,
    /// Whose turn it is to VACUUM: a warehouse runs one at a time.
    pub vacuum: Mutex<()>,
    /// Told of each table that has ended.
    pub progress: RefCell<Progress>,
}

/// The sessions: those that unload, and those that load.
pub struct Lanes {
    /// With the source.
    pub source: Vec<Lane>,
    /// With the target.
    pub target: Vec<Lane>,
}

/// What became of the tables.
pub struct Moved {
    /// What ended, one way or another.
    pub outcomes: Vec<TableOutcome>,
    /// Why tables are left that nobody began, or what else went wrong that is none of a single table.
    pub error: Option<JobError>,
}

/// Moves tables in their order. One that fails stops none of the others; a session that cannot be opened any more leaves its
/// tables to those that are.
pub async fn move_tables(work: &Work<'_>, lanes: Lanes, tables: Vec<Moving>) -> Moved {
    let hall = Hall {
        anew: Cell::new(work.arguments.force),
        queue: RefCell::new(tables.into()),
        ended: RefCell::new(Vec::new()),
        loaders: Cell::new(lanes.target.len()),
    };
    // The transaction of one moment is to end soon, so it does not wait for loads.
    let room = if work.arguments.consistent { hall.queue.borrow().len() } else { lanes.target.len() };
    let (sender, receiver) = channel(room.max(1));
    let receiver = Mutex::new(receiver);
    let loading = join_all(lanes.target.into_iter().map(|lane| load_each(work, &hall, lane, &receiver)));
    let unloading = async {
        if work.arguments.consistent {
            vec![Box::pin(unload_at_one_moment(work, &hall, lanes.source, sender)).await]
        } else {
            let senders = std::iter::repeat_n(sender, lanes.source.len());
            join_all(
                lanes
                    .source
                    .into_iter()
                    .zip(senders)
                    .map(|(lane, sender)| unload_each(work, &hall, lane, sender)),
            )
            .await
        }
    };
    let (unloading, loading) = tokio::join!(unloading, loading);
    let errors = unloading.into_iter().chain(loading).filter_map(Result::err);
    Moved { outcomes: hall.ended.into_inner(), error: errors.into_iter().next() }
}

/// Where tables wait.
struct Hall {
    /// Whether earlier starts of the run are forgotten.
    anew: Cell<bool>,
    queue: RefCell<VecDeque<Moving>>,
    ended: RefCell<Vec<TableOutcome>>,
    /// Sessions that still load.
    loaders: Cell<usize>,
}

impl Hall {
    fn next(&self) -> Option<Moving> {
        self.queue.borrow_mut().pop_front()
    }

    /// A table has ended, well or not.
    fn end(&self, work: &Work<'_>, moving: Moving) {
        work.progress.borrow_mut().ended(&moving);
        self.ended.borrow_mut().push(moving.outcome);
    }
}

/// Unloads one table after the other in a session.
async fn unload_each(
    work: &Work<'_>,
    hall: &Hall,
    mut lane: Lane,
    loaders: Sender<Moving>,
) -> Result<(), JobError> {
    while let Some(mut moving) = hall.next() {
        let unloaded = Box::pin(unload(work, &mut lane, &mut moving, hall.anew.get())).await;
        if !pass_on(work, hall, moving, unloaded, &loaders).await? {
            break;
        }
    }
    Ok(())
}

/// The same in one transaction, whose snapshot all tables show (`r_BEGIN`, `c_serial_isolation`).
///
/// A start that finds some of the run's tables moved and others not cannot go back to the moment that these show: it moves
/// all of them anew.
async fn unload_at_one_moment(
    work: &Work<'_>,
    hall: &Hall,
    lanes: Vec<Lane>,
    loaders: Sender<Moving>,
) -> Result<(), JobError> {
    let mut finished = 0;
    let tables: Vec<Moving> = hall.queue.borrow_mut().drain(..).collect();
    for moving in &tables {
        let earlier = earlier(work.run, moving.name()).await?;
        finished += usize::from(earlier.is_some_and(|outcome| outcome.status == Status::Finished));
    }
    hall.anew.set(work.arguments.force || finished < tables.len());
    hall.queue.borrow_mut().extend(tables);
    let Some(mut lane) = lanes.into_iter().next() else { return Ok(()) };
    let lost = |error| JobError::lost("source", &error);
    lane.connection().await?.run(&statement::begin().into()).await.map_err(lost)?;
    while let Some(mut moving) = hall.next() {
        let unloaded = Box::pin(unload(work, &mut lane, &mut moving, hall.anew.get())).await;
        let refused = matches!(&unloaded, Err(MoveError::Table(_)));
        let table = moving.name().plain();
        if !pass_on(work, hall, moving, unloaded, &loaders).await? {
            break;
        }
        if refused {
            let cause = format!(
                "{table} could not be unloaded, which ended the transaction that all tables were to be unloaded in; put that \
                 right, or leave {table} out, and start the job again"
            );
            return Err(JobError::of(ErrorKind::Conflict, "--CONSISTENT", cause));
        }
    }
    lane.connection().await?.run(&statement::commit().into()).await.map(drop).map_err(lost)
}

/// Hands a table on to the sessions that load, or ends it here. `false` when nobody loads any more.
async fn pass_on(
    work: &Work<'_>,
    hall: &Hall,
    mut moving: Moving,
    unloaded: Result<Unloading, MoveError>,
    loaders: &Sender<Moving>,
) -> Result<bool, JobError> {
    let error = match unloaded {
        Ok(Unloading::ToLoad) => return Ok(loaders.send(moving).await.is_ok()),
        Ok(Unloading::Done) => {
            hall.end(work, moving);
            return Ok(true);
        }
        Err(error) => error,
    };
    moving.outcome.status = Status::Failed;
    moving.outcome.error = Some(error.failure());
    let noted = moving.note(work.run).await;
    hall.end(work, moving);
    match error {
        MoveError::Table(_) => noted.map(|()| true),
        MoveError::Job(error) => Err(error),
    }
}

/// Loads one table after the other in a session.
async fn load_each(
    work: &Work<'_>,
    hall: &Hall,
    mut lane: Lane,
    unloaded: &Mutex<Receiver<Moving>>,
) -> Result<(), JobError> {
    loop {
        let next = unloaded.lock().await.recv().await;
        let Some(mut moving) = next else { return Ok(()) };
        let loaded = Box::pin(load(work, &mut lane, &mut moving)).await;
        hall.end(work, moving);
        if let Err(MoveError::Job(error)) = loaded {
            hall.loaders.set(hall.loaders.get() - 1);
            if hall.loaders.get() == 0 {
                // Nobody is left to load: those who unload are to stop, too.
                unloaded.lock().await.close();
            }
            return Err(error);
        }
    }
}
