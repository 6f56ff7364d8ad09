//! Glue job `migrate-schema`: creates what a tenant has on the source on the target, but for rows.

mod passwords;
mod roles;
mod run;

use arguments::{Job, MigrateSchema};
use std::process::ExitCode;

fn main() -> ExitCode {
    let invocation = MigrateSchema::parse(std::env::args_os());
    job::main(Job::MigrateSchema, invocation, |arguments| &arguments.common.run, run::run)
}
