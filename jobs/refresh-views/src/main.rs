//! Glue job `refresh-views`: creates and fills materialized views, and what stands on them, after the data.

mod run;

use arguments::{Job, RefreshViews};
use std::process::ExitCode;

fn main() -> ExitCode {
    let invocation = RefreshViews::parse(std::env::args_os());
    job::main(Job::RefreshViews, invocation, |arguments| &arguments.common.run, run::run)
}
