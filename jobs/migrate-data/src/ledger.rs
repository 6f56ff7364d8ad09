//! What the ledger is told of a table: how each stage changes the table's outcome, and where outcomes are written and read.

use crate::load::Loaded;
use crate::moving::MoveError;
use crate::unload::Files;
use arguments::Vacuum;
use job::{Effects, JobError, Run};
use migration::name::QualifiedName;
use migration::outcome::{Failure, Status, TableOutcome, TableStage};

/// The outcome of a table whose way begins.
pub fn planned<E: Effects>(run: &Run<E>, table: &QualifiedName) -> TableOutcome {
    TableOutcome::new(table, &run.tenant, run.run_id.as_str())
}

/// The outcome of a table that failed before its way began.
pub fn failed<E: Effects>(run: &Run<E>, table: &QualifiedName, failure: Failure) -> TableOutcome {
    ended_by(planned(run, table), failure)
}

/// The outcome of a table whose rows lie in S3 now.
pub fn unloaded(planned: TableOutcome, files: Files, consistent: bool) -> TableOutcome {
    let mut outcome = planned;
    outcome.status = Status::Running;
    outcome.consistent = consistent;
    outcome.stage = TableStage::Unloaded;
    outcome.seconds.unload = Some(files.seconds);
    outcome.rows.unloaded = Some(files.rows);
    outcome.files = Some(files.number);
    outcome.bytes = Some(files.bytes);
    outcome.unloaded = Some(files.unloaded);
    outcome
}

/// The outcome of a table that could not be unloaded, or whose ledger could not be told of it.
pub fn not_unloaded(so_far: TableOutcome, error: &MoveError) -> TableOutcome {
    ended_by(so_far, error.failure())
}

/// The outcome of a table that has arrived; what was unloaded is good for another load where it is kept.
pub fn loaded(unloaded: TableOutcome, loaded: Loaded, keeps_files: bool, vacuum: Vacuum) -> TableOutcome {
    let mut outcome = unloaded;
    outcome.status = Status::Finished;
    outcome.stage = loaded.stage;
    outcome.seconds.copy = Some(loaded.seconds);
    outcome.rows = loaded.rows;
    outcome.vacuum_due = vacuum == Vacuum::Later && outcome.rows.were_replaced();
    outcome.error = None;
    if !keeps_files {
        outcome.unloaded = None;
    }
    outcome
}

/// The outcome of a table that could not be loaded; a new start unloads it again where the files are not kept.
pub fn not_loaded(unloaded: TableOutcome, error: &MoveError, keeps_files: bool) -> TableOutcome {
    let mut outcome = ended_by(unloaded, error.failure());
    if !keeps_files {
        outcome.unloaded = None;
        outcome.stage = TableStage::Planned;
    }
    outcome
}

fn ended_by(so_far: TableOutcome, failure: Failure) -> TableOutcome {
    TableOutcome { status: Status::Failed, error: Some(failure), ..so_far }
}

/// Puts a table's outcome into the ledger, with the time.
///
/// # Errors
/// The ledger cannot be written to.
pub async fn note<E: Effects>(run: &Run<E>, outcome: &TableOutcome) -> Result<(), JobError> {
    let key = run.keys.table(&outcome.table.schema, &outcome.table.name);
    let outcome = TableOutcome { written: Some(run.effects.now()), ..outcome.clone() };
    run.ledger.put(&key, &outcome).await.map_err(JobError::from)
}

/// What the ledger tells of a table from an earlier start of the run.
///
/// # Errors
/// The ledger cannot be read.
pub async fn earlier<E: Effects>(
    run: &Run<E>,
    table: &QualifiedName,
) -> Result<Option<TableOutcome>, JobError> {
    Ok(run.ledger.get(&run.keys.table(&table.schema, &table.name)).await?)
}
