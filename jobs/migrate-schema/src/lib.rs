//! Glue job `migrate-schema`: creates what a tenant has on the source on the target, but for rows.
//!
//! [`run`] is the job, with all that it reaches handed in.

mod passwords;
mod preflight;
mod roles;
mod run;

pub use run::run;
