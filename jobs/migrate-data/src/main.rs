//! Glue job `migrate-data`: moves the rows of a table through S3.

mod move_table;
mod resolve;
mod run;

use arguments::{Job, MigrateData};
use std::process::ExitCode;

fn main() -> ExitCode {
    let invocation = MigrateData::parse(std::env::args_os());
    job::main(Job::MigrateData, invocation, |arguments| &arguments.common, run::run)
}
