//! From a run's documents to its report: what moved, what did not and why, what to do, how long it took and what it cost.
//!
//! [`Evidence`] is all that the ledger and Glue tell; [`Report::of`] judges it under [`Terms`]. [`page`] is the report for
//! people, [`RetryFile`] what is to be moved again.

mod document;
mod evidence;
mod figures;
mod glue_run;
mod job_duration;
mod page;
mod retry;
mod tables;
mod verdict;

pub use document::{Applied, Planned, Replaced, Report, Totals};
pub use evidence::{Evidence, Terms};
pub use glue_run::{Cost, GlueRun};
pub use job_duration::JobDuration;
pub use page::page;
pub use retry::RetryFile;
pub use tables::{FailedTable, MovedTable};

#[cfg(test)]
mod tests;
