//! Glue job `migrate-data`: moves the rows of tables through S3.

mod lane;
mod load;
mod moving;
mod old_rows;
mod pipeline;
mod places;
mod progress;
mod run;
mod select;
mod unload;

use arguments::{Job, MigrateData};
use std::process::ExitCode;

fn main() -> ExitCode {
    let invocation = MigrateData::parse(std::env::args_os());
    job::main(Job::MigrateData, invocation, |arguments| &arguments.common.run, run::run)
}
