//! What the data job does: find the table, move it, note what became of it.

use crate::move_table::{MoveError, move_table};
use crate::resolve::{ledger_name, resolve};
use arguments::MigrateData;
use job::{JobError, Run, Verdict};
use migration::outcome::{Failure, TableOutcome};
use migration::scope::require_schemas;
use redshift::read_catalog::read_catalog;

/// Runs the job. The ledger has the table's outcome even where nothing could be moved.
pub async fn run(run: Run, arguments: MigrateData) -> Result<Verdict, JobError> {
    let name = ledger_name(&arguments);
    let mut outcome = TableOutcome::new(&name, &run.tenant, run.run_id.as_str());
    let moved = find_and_move(&run, &arguments, &mut outcome).await;
    outcome.error = match &moved {
        Ok(()) => None,
        Err(MoveError::Table(failure)) => Some(failure.clone()),
        Err(MoveError::Job(error)) => Some(Failure {
            kind: error.kind,
            message: error.message.clone(),
            remedy: "put right what the message names, and start the job again for this table".into(),
        }),
    };
    if moved.is_ok() {
        log_moved(&outcome);
    }
    let key = run.keys.table(&outcome.table.schema, &outcome.table.name);
    let kept = run.ledger.put(&key, &outcome).await;
    match moved {
        Ok(()) => kept.map(|()| Verdict::Finished).map_err(JobError::from),
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
    let source =
        read_catalog(&mut warehouses.source).await.map_err(|error| JobError::reading("source", &error))?;
    require_schemas(&source, &common.schemas).map_err(JobError::from)?;
    let table = resolve(&source, arguments).map_err(MoveError::Table)?;
    outcome.table = table.0.clone();
    move_table(run, common, &mut warehouses, table, outcome).await
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
