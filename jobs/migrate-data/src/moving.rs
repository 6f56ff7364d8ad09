//! A table on its way, and what the ledger is told of it.

use job::{JobError, Run};
use migration::catalog::Table;
use migration::name::{Identifier, QualifiedName};
use migration::outcome::{Failure, Status, TableOutcome};
use time::OffsetDateTime;

/// A table on its way.
pub struct Moving {
    /// What the source's catalog says of it.
    pub table: Table,
    /// What it takes on the source's disks, in blocks of 1 MB.
    pub megabytes: u64,
    /// How far it has come.
    pub outcome: TableOutcome,
}

impl Moving {
    /// The table's name.
    pub fn name(&self) -> &QualifiedName {
        &self.outcome.table
    }

    /// The names of its columns, in their order.
    pub fn column_names(&self) -> Vec<Identifier> {
        self.table.columns.iter().map(|column| column.name.clone()).collect()
    }

    /// Tells the ledger how far the table has come.
    pub async fn note(&self, run: &Run) -> Result<(), JobError> {
        note(run, &self.outcome).await
    }
}

/// Why a table did not arrive.
pub enum MoveError {
    /// The table's own failure: another table may still move.
    Table(Failure),
    /// A warehouse or the ledger is out of reach.
    Job(JobError),
}

impl MoveError {
    /// The same for the ledger.
    pub fn failure(&self) -> Failure {
        match self {
            Self::Table(failure) => failure.clone(),
            Self::Job(error) => error.failure(),
        }
    }
}

impl From<JobError> for MoveError {
    fn from(error: JobError) -> Self {
        Self::Job(error)
    }
}

/// Of the table's files: those of another may be in order.
impl From<aws::AwsError> for MoveError {
    fn from(error: aws::AwsError) -> Self {
        Self::Table(JobError::from(error).failure())
    }
}

/// Puts a table's outcome into the ledger, with the time.
pub async fn note(run: &Run, outcome: &TableOutcome) -> Result<(), JobError> {
    let key = run.keys.table(&outcome.table.schema, &outcome.table.name);
    let outcome = TableOutcome { written: Some(OffsetDateTime::now_utc()), ..outcome.clone() };
    run.ledger.put(&key, &outcome).await.map_err(JobError::from)
}

/// The outcome of a table that failed.
pub fn failed(run: &Run, table: &QualifiedName, failure: Failure) -> TableOutcome {
    let mut outcome = TableOutcome::new(table, &run.tenant, run.run_id.as_str());
    outcome.status = Status::Failed;
    outcome.error = Some(failure);
    outcome
}
