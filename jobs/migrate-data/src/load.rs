//! The second half of a table's way: COPY of what was unloaded, with its checks, and VACUUM.

use crate::lane::Lane;
use crate::moving::{MoveError, Moving};
use crate::old_rows::LedgerRows;
use crate::table_move::Work;
use job::{Effects, JobError, Tries};
use migration::direction::Site;
use migration::name::QualifiedName;
use migration::outcome::{ErrorKind, Failure, Others, Rows, TableOutcome, TableStage};
use migration::plan::{Note, ReplacedRows, protected};
use migration::verify::Verify;
use redshift::copy_table::{CopyError, Load, copy_table};
use tokio::time::Instant;

/// What a load came to.
#[derive(Debug)]
pub struct Loaded {
    /// Rows as they were counted on the way.
    pub rows: Rows,
    /// The last stage that was reached.
    pub stage: TableStage,
    /// How long COPY took, with its checks and the commit.
    pub seconds: f64,
}

/// Loads a table that was unloaded, and tries again what may pass.
pub async fn load<E: Effects>(
    work: &Work<'_, E>,
    lane: &mut Lane<E>,
    moving: &Moving,
    outcome: &TableOutcome,
) -> Result<Loaded, MoveError> {
    let mut tries = Tries::of(work.arguments.common.attempts, work.run.effects.random());
    loop {
        match load_once(work, lane, moving, outcome).await {
            Err(MoveError::Table(failure)) if tries.another(failure.kind, &failure.message).await => {}
            // A load replaces all rows in one transaction, so that it does not matter whether the last one arrived.
            Err(MoveError::Job(error)) if tries.another(error.kind, &error).await => lane.reopen().await?,
            ended => return ended,
        }
    }
}

/// Loads once, up to the commit.
async fn load_once<E: Effects>(
    work: &Work<'_, E>,
    lane: &mut Lane<E>,
    moving: &Moving,
    outcome: &TableOutcome,
) -> Result<Loaded, MoveError> {
    let (Some(unloaded), Some(rows)) = (&outcome.unloaded, outcome.rows.unloaded) else {
        let cause = "it was never unloaded; report this as a defect";
        return Err(JobError::of(ErrorKind::Internal, moving.name.plain(), cause).into());
    };
    let common = &work.arguments.common;
    let load = Load {
        table: &moving.name,
        columns: &moving.table.columns,
        format: &unloaded.format,
        manifest_url: &common.run.bucket.uri(&format!("{}manifest", unloaded.folder)),
        iam_role: common.iam_role.as_str(),
        region: work.places.region_for_target(),
        unloaded: rows,
        marked: unloaded.marked.as_deref(),
        verify: work.arguments.verify,
        fingerprint: unloaded.fingerprint.as_ref(),
    };
    let started = Instant::now();
    let mut old_rows = LedgerRows::of(work, &moving.name);
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
                CopyError::OldRows { rows, others } => protected_rows(work, &moving.name, rows, others),
                error => not_loaded(&moving.name, &error),
            }));
        }
    };
    Ok(Loaded {
        rows,
        // What is compared was compared before the commit, in its transaction.
        stage: match work.arguments.verify {
            Verify::None => TableStage::Loaded,
            Verify::Count | Verify::Checksum => TableStage::Verified,
        },
        seconds: started.elapsed().as_secs_f64(),
    })
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
fn protected_rows<E: Effects>(
    work: &Work<'_, E>,
    table: &QualifiedName,
    rows: u64,
    others: Others,
) -> Failure {
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
///
/// # Errors
/// The session was lost, and cannot be opened any more.
pub async fn tidy<E: Effects>(
    work: &Work<'_, E>,
    lane: &mut Lane<E>,
    table: &QualifiedName,
) -> Result<(), JobError> {
    let _turn = work.vacuum.acquire().await.expect("nobody closes it");
    lane.connection().await?.tidy(table).await.map(drop)
}
