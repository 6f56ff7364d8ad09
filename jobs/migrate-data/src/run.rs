//! What the data job does: find the tables, move them, and judge by what became of them.

use crate::lane::Lane;
use crate::moving::note;
use crate::pipeline::{Lanes, Moved, Work, move_tables};
use crate::places::Places;
use crate::progress::Progress;
use crate::select::{Asked, Selection, detail};
use arguments::MigrateData;
use job::{Connection, JobError, Run, Side, Verdict, Warehouses, require_known};
use migration::catalog::Catalog;
use migration::outcome::{ErrorKind, Status, TableOutcome};
use migration::scope::require_schemas;
use migration::words::number_of;
use redshift::read_catalog::read_tables;
use redshift::session::PostgresSession;
use std::cell::RefCell;
use tokio::sync::Mutex;

/// The most sessions that an earlier start can have had with a warehouse: `--LOAD_THREADS` at its largest.
const MOST_LANES: usize = 32;

/// Runs the job. The ledger has the outcome of each table that was begun or cannot be.
pub async fn run(run: Run, arguments: MigrateData) -> Result<Verdict, JobError> {
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
    let (from, to) = (warehouses.source.site().clone(), warehouses.target.site().clone());
    let lanes = lanes(&run, &arguments, &detail, warehouses, moving.len());
    let tables = moving.len() + failed.len();
    let progress = RefCell::new(Progress::of(&moving));
    let work = Work {
        run: &run,
        arguments: &arguments,
        places,
        source: from,
        target: to,
        vacuum: Mutex::default(),
        progress,
    };
    let Moved { mut outcomes, error } = Box::pin(move_tables(&work, lanes, moving)).await;
    outcomes.splice(0..0, failed);
    match error {
        Some(error) => Err(error),
        None => verdict(&outcomes, tables),
    }
}

/// What the tables are moved with.
struct Connected {
    warehouses: Warehouses,
    places: Places,
    source: Catalog,
    target: Catalog,
}

/// Connects, and reads both sides' tables.
async fn connect(run: &Run, arguments: &MigrateData, detail: &str) -> Result<Connected, JobError> {
    let common = &arguments.common;
    let former: Vec<String> = (1..=MOST_LANES).map(|number| lane_name(detail, number)).collect();
    let mut warehouses = run.connect_as(common, &lane_name(detail, 1), &former).await?;
    let read = |side: Side| {
        async move |session: &mut PostgresSession| {
            read_tables(session).await.map_err(|error| JobError::reading(side.name(), &error))
        }
    };
    let Warehouses { source, target, direction: _ } = &mut warehouses;
    let (source, target) =
        tokio::try_join!(source.read(read(Side::Source)), target.read(read(Side::Target)))?;
    require_schemas(&source, &common.schemas).map_err(JobError::from)?;
    let places = Places::of(run, &mut warehouses).await?;
    Ok(Connected { warehouses, places, source, target })
}

fn lane_name(detail: &str, number: usize) -> String {
    format!("{detail} #{number}")
}

/// As many sessions as tables can move at a time; those beyond the first are opened when they are needed.
fn lanes(run: &Run, arguments: &MigrateData, detail: &str, warehouses: Warehouses, tables: usize) -> Lanes {
    let threads = usize::try_from(arguments.threads.get()).unwrap_or(MOST_LANES).min(tables.max(1));
    let lanes = |side, connection: Connection| {
        let way = |number| run.way_beside(&connection, side, &lane_name(detail, number));
        let more: Vec<Lane> = (2..=threads).map(|number| Lane::closed(way(number))).collect();
        std::iter::once(Lane::open(way(1), connection)).chain(more).collect()
    };
    let Warehouses { source, target, direction: _ } = warehouses;
    Lanes { source: lanes(Side::Source, source), target: lanes(Side::Target, target) }
}

fn verdict(outcomes: &[TableOutcome], tables: usize) -> Result<Verdict, JobError> {
    let failed: Vec<&TableOutcome> =
        outcomes.iter().filter(|outcome| outcome.status != Status::Finished).collect();
    let Some(first) = failed.first() else { return Ok(Verdict::Finished) };
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
    } else if kind.exit_status() == ErrorKind::Unreachable.exit_status() {
        // A new start may end otherwise.
        Err(JobError { kind, message })
    } else {
        Ok(Verdict::Failed(message))
    }
}
