//! The second half of a table's way: COPY of what was unloaded, with its checks, and the clean-up.

use crate::lane::Lane;
use crate::moving::{MoveError, Moving};
use crate::old_rows::LedgerRows;
use crate::pipeline::Work;
use crate::unload::remove;
use job::{JobError, Tries};
use migration::direction::Site;
use migration::name::QualifiedName;
use migration::outcome::{ErrorKind, Failure, Others, Retry, Status, TableStage};
use migration::plan::{Note, ReplacedRows, protected};
use migration::verify::Verify;
use redshift::copy_table::{CopyError, Load, copy_table};
use redshift::tidy_table::tidy_table;
use std::time::Instant;

/// Loads a table that was unloaded, and tells the ledger what became of it.
pub async fn load(work: &Work<'_>, lane: &mut Lane, moving: &mut Moving) -> Result<(), MoveError> {
    let mut tries = Tries::of(work.arguments.common.attempts);
    let loaded = loop {
        match load_once(work, lane, moving).await {
            Err(MoveError::Table(failure)) if tries.another(failure.kind, &failure.message).await => {}
            // A load replaces all rows in one transaction, so that it does not matter whether the last one arrived.
            Err(MoveError::Job(error)) if tries.another(error.kind, &error).await => {
                if let Err(error) = lane.reopen().await {
                    break Err(error.into());
                }
            }
            ended => break ended,
        }
    };
    let folder = moving.outcome.unloaded.as_ref().map(|unloaded| unloaded.folder.clone());
    let keep = match &loaded {
        Ok(()) => work.arguments.keep_unloaded,
        // A new start may go on from here; but where a person must help first, the source's rows may be others by then.
        Err(error) => error.failure().kind.retry() != Retry::Never,
    };
    if !keep {
        moving.outcome.unloaded = None;
    }
    if let Err(error) = &loaded {
        moving.outcome.status = Status::Failed;
        moving.outcome.error = Some(error.failure());
        if !keep {
            moving.outcome.stage = TableStage::Planned;
        }
    }
    let noted = moving.note(work.run).await;
    if let Some(folder) = folder.filter(|_| !keep) {
        remove(work, &folder).await;
    }
    if loaded.is_ok() && moving.outcome.rows.replaced.is_some_and(|rows| rows > 0) {
        tidy(work, lane, moving).await?;
    }
    loaded.and(noted.map_err(MoveError::from))
}

/// Loads once, up to the commit.
async fn load_once(work: &Work<'_>, lane: &mut Lane, moving: &mut Moving) -> Result<(), MoveError> {
    let (Some(unloaded), Some(rows)) = (&moving.outcome.unloaded, moving.outcome.rows.unloaded) else {
        let cause = "it was never unloaded; report this as a defect";
        return Err(JobError::of(ErrorKind::Internal, moving.name().plain(), cause).into());
    };
    let common = &work.arguments.common;
    let load = Load {
        table: moving.name(),
        columns: &moving.table.columns,
        format: &unloaded.format,
        manifest_url: &common.run.bucket.uri(&format!("{}manifest", unloaded.folder)),
        iam_role: common.iam_role.as_str(),
        region: work.places.region_for_target(),
        unloaded: rows,
        verify: work.arguments.verify,
        fingerprint: unloaded.fingerprint.as_ref(),
    };
    let started = Instant::now();
    let mut old_rows = LedgerRows::of(work, moving.name());
    let rows = match copy_table(lane.connection().await?, &load, &mut old_rows).await {
        Ok(rows) => {
            old_rows.settle(true).await;
            rows
        }
        Err(error) => {
            if let Some(lost) = error.lost_connection() {
                // Perhaps at the COMMIT: the next look at the table tells.
                return Err(JobError::lost("target", lost).into());
            }
            old_rows.settle(false).await;
            return Err(MoveError::Table(match error {
                CopyError::OldRows { rows, others } => protected_rows(work, moving.name(), rows, others),
                error => not_loaded(moving.name(), &error),
            }));
        }
    };
    let outcome = &mut moving.outcome;
    outcome.seconds.copy = Some(started.elapsed().as_secs_f64());
    outcome.rows = rows;
    // What is compared was compared before the commit, in its transaction.
    outcome.stage = match work.arguments.verify {
        Verify::None => TableStage::Loaded,
        Verify::Count | Verify::Checksum => TableStage::Verified,
    };
    outcome.status = Status::Finished;
    outcome.error = None;
    Ok(())
}

/// What is told of a table whose load was refused.
pub fn not_loaded(table: &QualifiedName, error: &CopyError) -> Failure {
    Failure {
        kind: error.kind(),
        message: format!("loading {}: {error}; its old rows are still there", table.plain()),
        remedy: error.remedy().to_owned(),
    }
}

/// What is told of rows of the target that nobody allowed to be replaced.
fn protected_rows(work: &Work<'_>, table: &QualifiedName, rows: u64, others: Others) -> Failure {
    let rows = ReplacedRows { table: table.clone(), rows };
    protected_failure(&rows, others, &work.source, &work.target)
}

/// The same before anything was unloaded.
pub fn protected_failure(rows: &ReplacedRows, others: Others, source: &Site, target: &Site) -> Failure {
    let Note { subject, reason, .. } = protected(rows, others, source, target);
    Failure {
        kind: ErrorKind::Protected,
        message: format!("{subject}: {reason}; it was left as it is"),
        remedy: reason.remedy().into_owned(),
    }
}

/// Tidies a table whose rows were replaced. They are there whatever comes of it.
async fn tidy(work: &Work<'_>, lane: &mut Lane, moving: &Moving) -> Result<(), JobError> {
    let _turn = work.vacuum.lock().await;
    if let Err(error) = tidy_table(lane.connection().await?, moving.name()).await {
        log::warn!("{}: its rows are there, VACUUM failed: {error}", moving.name().plain());
        if error.ends_session() {
            lane.reopen().await?;
        }
    }
    Ok(())
}
