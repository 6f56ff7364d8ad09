//! The frame that every job runs in, so that the binaries hold nothing but what their job is about.
//!
//! [`main`] parses, starts logging, runs, prints the cause once and gives the exit status. [`Effects`] is the one door through
//! which a job reaches out. [`Run`] is what it works with: the names of its run, the ledger, and the way to both warehouses. [`comparison`] is where the schema job and
//! the refresh job begin alike: both catalogs, the tenant's scope, the plan.

mod apply;
pub mod comparison;
mod connection;
mod direction;
mod effects;
mod error;
mod frame;
mod outcome;
mod progress;
mod record;
mod run;
mod session_name;
mod standing_rows;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod tries;
mod warehouses;

pub use apply::apply_stage;
pub use connection::{Connection, Way};
pub use direction::Direction;
pub use effects::{AwsEffects, Effects};
pub use error::JobError;
pub use frame::{Verdict, main};
pub use migration::direction::Side;
pub use outcome::{conclude, log_notes, one_line};
pub use record::Record;
pub use run::Run;
pub use standing_rows::{require_known, standing_rows};
pub use tries::Tries;
pub use warehouses::Warehouses;
