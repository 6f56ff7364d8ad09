//! A table on its way, and why one does not arrive.

use job::JobError;
use migration::catalog::Table;
use migration::name::{Identifier, QualifiedName};
use migration::outcome::{Failure, TableOutcome};

/// A table that is to move.
#[derive(Clone, Debug)]
pub struct Moving {
    /// The table's name.
    pub name: QualifiedName,
    /// What the source's catalog says of it.
    pub table: Table,
    /// What it takes on the source's disks, in blocks of 1 MB.
    pub megabytes: u64,
}

impl Moving {
    /// The names of its columns, in their order.
    pub fn column_names(&self) -> Vec<Identifier> {
        self.table.columns.iter().map(|column| column.name.clone()).collect()
    }
}

/// A table whose rows lie in S3.
#[derive(Debug)]
pub struct ToLoad {
    /// The table.
    pub moving: Moving,
    /// How far it has come.
    pub outcome: TableOutcome,
}

/// Why a table did not arrive.
#[derive(Debug)]
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
