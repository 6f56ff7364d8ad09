//! `--CONSISTENT`: all tables are unloaded in one transaction, whose snapshot they show (`r_BEGIN`, `c_serial_isolation`).

use crate::lane::Lane;
use crate::ledger::earlier;
use crate::moving::Moving;
use job::{Effects, JobError, Run};
use migration::name::QualifiedName;
use migration::outcome::{ErrorKind, Status};
use migration::statement;
use redshift::session::{Session, SqlError};

/// Whether some of these tables are still to be moved. A run cannot go back to the moment that an earlier start of it has shown, so
/// all of them move then.
///
/// # Errors
/// The ledger cannot be read.
pub async fn must_move_all<E: Effects>(run: &Run<E>, tables: &[Moving]) -> Result<bool, JobError> {
    let mut finished = 0;
    for moving in tables {
        let earlier = earlier(run, &moving.name).await?;
        finished += usize::from(earlier.is_some_and(|outcome| outcome.status == Status::Finished));
    }
    Ok(finished < tables.len())
}

/// Begins the transaction.
///
/// # Errors
/// The source refuses, or is out of reach.
pub async fn begin<E: Effects>(lane: &mut Lane<E>) -> Result<(), JobError> {
    lane.connection().await?.run(&statement::begin().into()).await.map(drop).map_err(lost)
}

/// Ends it, when all tables are unloaded: it does not wait for loads.
///
/// # Errors
/// The source refuses, or is out of reach.
pub async fn end<E: Effects>(lane: &mut Lane<E>) -> Result<(), JobError> {
    lane.connection().await?.run(&statement::commit().into()).await.map(drop).map_err(lost)
}

/// The error of a job whose transaction was ended by what the source refused of this table.
pub fn ended_by(table: &QualifiedName) -> JobError {
    let table = table.plain();
    let cause = format!(
        "{table} could not be unloaded, which ended the transaction that all tables were to be unloaded in; put that \
         right, or leave {table} out, and start the job again"
    );
    JobError::of(ErrorKind::Conflict, "--CONSISTENT", cause)
}

#[allow(clippy::needless_pass_by_value, reason = "what map_err hands over")]
fn lost(error: SqlError) -> JobError {
    JobError::lost("source", &error)
}
