//! Glue job `refresh-views`: creates and fills materialized views, and what stands on them, after the data.
//!
//! [`run`] is the job, with all that it reaches handed in.

mod run;
mod vacuum;

pub use run::run;
