//! Glue job `refresh-views`: creates and fills materialized views, and what stands on them, after the data.

use arguments::RefreshViews;
use std::process::ExitCode;

fn main() -> ExitCode {
    let invocation = RefreshViews::parse(std::env::args_os());
    job::main(invocation, |arguments| &arguments.common.run, refresh_views::run)
}
