//! Glue job `collect-report`: tells what became of a run.
//!
//! [`run`] is the job, with all that it reaches handed in.

mod read;
mod run;
#[cfg(test)]
mod tests;

pub use run::run;
