//! What the data job does: find the table, move it, note what became of it.

use crate::move_table::{MoveError, move_table};
use crate::resolve::{ledger_name, resolve};
use arguments::MigrateData;
use job::{JobError, Run, Tries, Verdict};
use migration::outcome::TableOutcome;
use migration::scope::require_schemas;
use redshift::read_catalog::read_catalog;
use redshift::session::PostgresSession;

/// Runs the job. The ledger has the table's outcome even where nothing could be moved.
pub async fn run(run: Run, arguments: MigrateData) -> Result<Verdict, JobError> {
    let mut outcome = TableOutcome::new(&ledger_name(&arguments), &run.tenant, run.run_id.as_str());
    let moved = Box::pin(find_and_move(&run, &arguments, &mut outcome)).await;
    outcome.error = match &moved {
        Ok(()) => None,
        Err(MoveError::Table(failure)) => Some(failure.clone()),
        Err(MoveError::Job(error)) => Some(error.failure()),
    };
    let key = run.keys.table(&outcome.table.schema, &outcome.table.name);
    match run.put_last(&key, &outcome, moved).await {
        Ok(()) => {
            log_moved(&outcome);
            Ok(Verdict::Finished)
        }
        Err(MoveError::Table(failure)) => {
            Ok(Verdict::Failed(format!("{}; {}", failure.message, failure.remedy)))
        }
        Err(MoveError::Job(error)) => Err(error),
    }
}

async fn find_and_move(
    run: &Run,
    arguments: &MigrateData,
    outcome: &mut TableOutcome,
) -> Result<(), MoveError> {
    let common = &arguments.common;
    let mut warehouses = run.connect(common, &arguments.table.to_string()).await?;
    let read = async |session: &mut PostgresSession| {
        read_catalog(session).await.map_err(|error| JobError::reading("source", &error))
    };
    let source = warehouses.source.read(read).await?;
    require_schemas(&source, &common.schemas).map_err(JobError::from)?;
    let table = resolve(&source, arguments)?;
    outcome.table = table.0.clone();
    let mut tries = Tries::of(common.attempts);
    loop {
        match move_table(run, common, &mut warehouses, table, outcome).await {
            Err(MoveError::Table(failure)) if tries.another(failure.kind, &failure.message).await => {}
            // A load replaces all rows in one transaction, so that it does not matter whether the last one arrived.
            Err(MoveError::Job(error)) if tries.another(error.kind, &error).await => {
                warehouses.reopen().await?;
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
