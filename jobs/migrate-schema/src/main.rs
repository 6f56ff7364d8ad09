//! Glue job `migrate-schema`: creates what a tenant has on the source on the target, but for rows.

use arguments::MigrateSchema;
use std::process::ExitCode;

fn main() -> ExitCode {
    let invocation = MigrateSchema::parse(std::env::args_os());
    job::main(invocation, |arguments| &arguments.common.run, migrate_schema::run)
}
