//! Glue job `collect-report`: tells what became of a run.

use arguments::CollectReport;
use std::process::ExitCode;

fn main() -> ExitCode {
    let invocation = CollectReport::parse(std::env::args_os());
    job::main(invocation, |arguments| &arguments.run, collect_report::run)
}
