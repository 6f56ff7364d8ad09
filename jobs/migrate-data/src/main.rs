//! Glue job `migrate-data`: moves the rows of tables through S3.

use arguments::MigrateData;
use std::process::ExitCode;

fn main() -> ExitCode {
    let invocation = MigrateData::parse(std::env::args_os());
    job::main(invocation, |arguments| &arguments.common.run, migrate_data::run)
}
