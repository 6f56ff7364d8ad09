//! What the data job does: find the table, move it, note what became of it.

use crate::move_table::{MoveError, move_table};
use crate::resolve::{ledger_name, resolve};
use arguments::MigrateData;
use job::{JobError, Run, Verdict};
use migration::outcome::{Retry, TableOutcome};
use migration::scope::require_schemas;
use redshift::read_catalog::read_catalog;

/// Runs the job. The ledger has the table's outcome even where nothing could be moved.
pub async fn run(run: Run, arguments: MigrateData) -> Result<Verdict, JobError> {
    let mut outcome = TableOutcome::new(&ledger_name(&arguments), &run.tenant, run.run_id.as_str());
    let moved = find_and_move(&run, &arguments, &mut outcome).await;
    outcome.error = match &moved {
        Ok(()) => None,
        Err(MoveError::Table(failure)) => Some(failure.clone()),
        Err(MoveError::Job(error)) => Some(error.failure()),
    };
    let kept = run.ledger.put(&run.keys.table(&outcome.table.schema, &outcome.table.name), &outcome).await;
    if let (Err(_), Err(lost)) = (&moved, &kept) {
        log::error!("the ledger does not know of this end: {lost}");
    }
    match moved {
        Ok(()) => log_moved(&outcome),
        Err(MoveError::Table(failure)) => {
            return Ok(Verdict::Failed(format!("{}; {}", failure.message, failure.remedy)));
        }
        Err(MoveError::Job(error)) => return Err(error),
    }
    kept?;
    Ok(Verdict::Finished)
}

async fn find_and_move(
    run: &Run,
    arguments: &MigrateData,
    outcome: &mut TableOutcome,
) -> Result<(), MoveError> {
    let common = &arguments.common;
    let mut warehouses = run.connect(common, &arguments.table.to_string()).await?;
    let source =
        read_catalog(&mut warehouses.source).await.map_err(|error| JobError::reading("source", &error))?;
    require_schemas(&source, &common.schemas).map_err(JobError::from)?;
    let table = resolve(&source, arguments)?;
    outcome.table = table.0.clone();
    let mut left = common.attempts.get();
    loop {
        left -= 1;
        match move_table(run, common, &mut warehouses, table, outcome).await {
            Err(MoveError::Table(failure)) if left > 0 && failure.kind.retry() == Retry::Again => {
                log::info!("trying again, {left} attempts left: {}", failure.message);
            }
            ended => return ended,
        }
    }
}

fn log_moved(outcome: &TableOutcome) {
    log::info!(
        "{}: {} rows, {} files, {} bytes, unloaded in {:.2} s, copied in {:.2} s",
        outcome.table.plain(),
        outcome.rows.target.unwrap_or_default(),
        outcome.files.unwrap_or_default(),
        outcome.bytes.unwrap_or_default(),
        outcome.seconds.unload.unwrap_or_default(),
        outcome.seconds.copy.unwrap_or_default(),
    );
}
