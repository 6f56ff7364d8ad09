//! What the data job does: find the tables, move them, and judge by what became of them.

use crate::lane::Lane;
use crate::ledger::note;
use crate::moment;
use crate::moving::Moving;
use crate::pipeline::{self, Ended, Workers};
use crate::places::Places;
use crate::progress::Progress;
use crate::select::{Asked, Selection, detail};
use crate::spread;
use crate::table_move::Work;
use arguments::{Job, MigrateData, Task};
use job::{Connection, Effects, JobError, Run, Side, Verdict, Warehouses, require_known};
use migration::catalog::Catalog;
use migration::outcome::{ErrorKind, Status, TableOutcome};
use migration::scope::require_schemas;
use migration::verify::exposed;
use migration::words::number_of;
use redshift::read_catalog::read_tables;
use redshift::tidy_table;
use std::cell::RefCell;
use tokio::sync::Semaphore;

/// The most sessions that an earlier start can have had with a warehouse: `--LOAD_THREADS` at its largest.
const MOST_LANES: usize = 32;

/// Runs the job. The ledger has the outcome of each table that was begun or cannot be.
pub async fn run<E: Effects>(arguments: MigrateData, effects: E) -> Result<Verdict, JobError> {
    if arguments.task == Task::Judge {
        return spread::judge(std::io::stdin().lock());
    }
    let run = Run::start(Job::MigrateData, &arguments.common.run, effects)?;
    let asked = Asked::of(&run, &arguments).await?;
    let detail = detail(&arguments.wanted);
    let connected = Box::pin(connect(&run, &arguments, &detail)).await;
    let Connected { mut warehouses, places, source, target } = match connected {
        Ok(connected) => connected,
        Err(error) => {
            for outcome in asked.failed(&run, &arguments, &error.failure()) {
                // The job's own error comes first.
                if let Err(lost) = note(&run, &outcome).await {
                    log::error!("the ledger does not know of this end: {lost}");
                }
            }
            return Err(error);
        }
    };
    let mut selection = asked.select(&run, &arguments, (&source, &target))?;
    let ours = source.tables.keys().filter(|table| arguments.common.schemas.contains(&table.schema));
    require_known(&arguments.replace, &ours.collect::<Vec<_>>())?;
    selection.leave_exposed(&run, &exposed(&source, &target, &arguments.common.schemas));
    // A catalog of many tables is large, and no longer needed.
    drop((source, target));
    selection.leave_protected(&run, &arguments, &mut warehouses).await?;
    let Selection { moving, failed } = selection;
    for outcome in &failed {
        note(&run, outcome).await?;
    }
    if !moving.is_empty() {
        warehouses.direction.remember(&run).await?;
    }
    let tables = moving.len() + failed.len();
    let Ended { ends, error } = Box::pin(move_tables(&run, &arguments, (warehouses, places), moving)).await?;
    let outcomes: Vec<TableOutcome> = failed.into_iter().chain(ends).collect();
    match error {
        Some(error) => Err(error),
        None => verdict(&outcomes, tables),
    }
}

/// Moves tables in their order. One that fails stops none of the others; a session that cannot be opened any more leaves its
/// tables to those that are.
async fn move_tables<E: Effects>(
    run: &Run<E>,
    arguments: &MigrateData,
    (warehouses, places): (Warehouses<E>, Places),
    tables: Vec<Moving>,
) -> Result<Ended<TableOutcome, JobError>, JobError> {
    let moves_all = arguments.consistent && moment::must_move_all(run, &tables).await?;
    let work = Work {
        run,
        arguments,
        places,
        source: warehouses.source.site().clone(),
        target: warehouses.target.site().clone(),
        forgets_earlier: arguments.force || moves_all,
        vacuum: Semaphore::new(tidy_table::AT_ONCE),
        progress: RefCell::new(Progress::of(&tables)),
    };
    let mut workers = workers(run, arguments, warehouses, tables.len());
    if arguments.consistent {
        // One session has the transaction; that is to end soon, so it does not wait for loads.
        workers.unload.truncate(1);
        workers.room = tables.len();
        for lane in &mut workers.unload {
            moment::begin(lane).await?;
        }
    }
    let finish =
        async |lane: &mut Lane<E>| if arguments.consistent { moment::end(lane).await } else { Ok(()) };
    Ok(pipeline::run(
        tables,
        workers,
        async |lane: &mut Lane<E>, moving| Box::pin(work.unload(lane, moving)).await,
        finish,
        async |lane: &mut Lane<E>, half| Box::pin(work.load(lane, half)).await,
    )
    .await)
}

/// What the tables are moved with.
struct Connected<E: Effects> {
    warehouses: Warehouses<E>,
    places: Places,
    source: Catalog,
    target: Catalog,
}

/// Connects, and reads both sides' tables with who may see them.
async fn connect<E: Effects>(
    run: &Run<E>,
    arguments: &MigrateData,
    detail: &str,
) -> Result<Connected<E>, JobError> {
    let common = &arguments.common;
    let former: Vec<String> = (1..=MOST_LANES).map(|number| lane_name(detail, number)).collect();
    let mut warehouses = run.connect_as(common, &lane_name(detail, 1), &former).await?;
    let schemas = common.schemas.iter().cloned().collect();
    let read = |side: Side| {
        let schemas = &schemas;
        async move |session: &mut E::Session| {
            read_tables(session, schemas).await.map_err(|error| JobError::reading(side.name(), &error))
        }
    };
    let Warehouses { source, target, direction: _ } = &mut warehouses;
    let (mut source, target) =
        tokio::try_join!(source.read(read(Side::Source)), target.read(read(Side::Target)))?;
    if let Some(database) = &target.database {
        source.rename_database(database);
    }
    require_schemas(&source, &common.schemas).map_err(JobError::from)?;
    let places = Places::of(run, &mut warehouses).await?;
    Ok(Connected { warehouses, places, source, target })
}

fn lane_name(detail: &str, number: usize) -> String {
    format!("{detail} #{number}")
}

/// As many sessions as tables can move at a time; those beyond the first are opened when they are needed.
fn workers<E: Effects>(
    run: &Run<E>,
    arguments: &MigrateData,
    warehouses: Warehouses<E>,
    tables: usize,
) -> Workers<Lane<E>, Lane<E>> {
    let threads = usize::try_from(arguments.threads.get()).unwrap_or(MOST_LANES).min(tables.max(1));
    let detail = detail(&arguments.wanted);
    let lanes = |side, connection: Connection<E>| {
        let way = |number| run.way_beside(&connection, side, &lane_name(&detail, number));
        let more: Vec<Lane<E>> = (2..=threads).map(|number| Lane::closed(way(number))).collect();
        std::iter::once(Lane::open(way(1), connection)).chain(more).collect()
    };
    let Warehouses { source, target, direction: _ } = warehouses;
    Workers { unload: lanes(Side::Source, source), load: lanes(Side::Target, target), room: threads }
}

fn verdict(outcomes: &[TableOutcome], tables: usize) -> Result<Verdict, JobError> {
    let failed: Vec<&TableOutcome> =
        outcomes.iter().filter(|outcome| outcome.status != Status::Finished).collect();
    let Some(first) = failed.first() else {
        if outcomes.len() < tables {
            let (what, cause) =
                ("the end of the job", "tables are left that nobody began; report this as a defect");
            return Err(JobError::of(ErrorKind::Internal, what, cause));
        }
        return Ok(Verdict::Finished);
    };
    let (kind, cause) = match &first.error {
        Some(failure) => (failure.kind, format!("{}; {}", failure.message, failure.remedy)),
        None => (ErrorKind::Internal, first.table.plain()),
    };
    let message = match tables {
        1 => cause,
        _ => format!("{} of {} failed; the first: {cause}", failed.len(), number_of(tables, "table")),
    };
    if failed.len() < tables {
        Ok(Verdict::Partial(message))
    } else if kind.may_pass() {
        Err(JobError { kind, message })
    } else {
        Ok(Verdict::Failed(message))
    }
}
