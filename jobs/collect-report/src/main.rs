//! Glue job `collect-report`: tells what became of a run.

mod read;
mod run;

use arguments::{CollectReport, Job};
use std::process::ExitCode;

fn main() -> ExitCode {
    let invocation = CollectReport::parse(std::env::args_os());
    job::main(Job::CollectReport, invocation, |arguments| &arguments.run, run::run)
}
