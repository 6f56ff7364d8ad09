//! What the ledger says of a run: error kinds, and the documents that the jobs write.
//!
//! Every document has `"format": 1` and one writer, and is put whole. It holds names, counts and messages of
//! the warehouse about DDL; never a cell's value and never a secret.

mod apply_outcome;
mod error_kind;
mod loaded_table;
mod run_failure;
mod run_outcome;
mod table_list;
mod table_outcome;
mod vacuumed;

pub(crate) use apply_outcome::by_phase;
pub use apply_outcome::{ApplyOutcome, FailedStep, SkippedStep, Status, not_applied};
pub use error_kind::{ErrorKind, Retry};
pub use loaded_table::{Held, LoadedTable, Others, Standing};
pub use run_failure::RunFailure;
pub use run_outcome::RunOutcome;
pub(crate) use table_list::as_table;
pub use table_list::{ListedTable, TableItem, TableList};
pub use table_outcome::{Failure, Rows, Seconds, TableOutcome, TableStage, Unloaded};
pub use vacuumed::{Vacuumed, VacuumedTable};

/// The form of all documents of this version.
pub const FORMAT: u32 = 1;
