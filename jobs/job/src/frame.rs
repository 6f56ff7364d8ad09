//! From the argument list to the exit status.

use crate::{AwsEffects, JobError};
use arguments::{ArgumentsError, Invocation, Region, RunArguments};
use aws::Config;
use log::LevelFilter;
use migration::outcome::ErrorKind;
use std::io::Write;
use std::process::ExitCode;

/// How a job ended that could do its work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// All of it is done.
    Finished,
    /// Some of it failed, as the ledger tells: a failure only with `--STRICT`.
    Partial(String),
    /// What was asked for as a whole failed.
    Failed(String),
}

/// Runs a job on AWS: status 0 finished, 1 failed as a whole or in part with `--STRICT`, 2 bad arguments or
/// configuration, 3 out of reach or refused. The last line on standard error names cause and remedy.
#[allow(clippy::print_stdout, reason = "--help and --version go to standard output")]
pub fn main<A, F>(
    invocation: Result<Invocation<A>, ArgumentsError>,
    of_run: impl Fn(&A) -> &RunArguments,
    job: impl FnOnce(A, AwsEffects) -> F,
) -> ExitCode
where
    F: Future<Output = Result<Verdict, JobError>>,
{
    let arguments = match invocation {
        Ok(Invocation::Run(arguments)) => arguments,
        Ok(Invocation::Help(text) | Invocation::Version(text)) => {
            println!("{}", text.trim_end());
            return ExitCode::SUCCESS;
        }
        Err(error) => return end(ErrorKind::Arguments.exit_status(), &error.to_string()),
    };
    start_logging();
    let RunArguments { strict, region, .. } = of_run(&arguments).clone();
    match run(region.as_ref(), |effects| job(arguments, effects)) {
        Ok(Verdict::Finished) => ExitCode::SUCCESS,
        Ok(Verdict::Partial(message)) if !strict => {
            log::warn!("{message}");
            ExitCode::SUCCESS
        }
        Ok(Verdict::Partial(message) | Verdict::Failed(message)) => end(1, &message),
        Err(error) => end(error.kind.exit_status(), &error.message),
    }
}

fn run<F>(region: Option<&Region>, job: impl FnOnce(AwsEffects) -> F) -> Result<Verdict, JobError>
where
    F: Future<Output = Result<Verdict, JobError>>,
{
    // One thread: the warehouses do the work, a job waits for them.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime
        .map_err(|error| JobError::of(ErrorKind::Internal, "cannot start the async runtime", error))?;
    runtime.block_on(async {
        #[allow(clippy::disallowed_methods, reason = "the door is made here")]
        let config = Config::load(region).await?;
        job(AwsEffects::new(config)).await
    })
}

/// Logs go to standard output, so that standard error holds the cause of a failure and nothing else.
fn start_logging() {
    env_logger::Builder::new()
        .filter_level(LevelFilter::Info)
        .parse_default_env()
        // After the environment's: at a finer level it would print every statement.
        .filter_module("tokio_postgres", LevelFilter::Warn)
        .target(env_logger::Target::Stdout)
        .format_target(false)
        .init();
}

/// Prints the one line of a failure: messages of a warehouse may hold line breaks.
fn end(status: u8, message: &str) -> ExitCode {
    let line = message.split_whitespace().collect::<Vec<_>>().join(" ");
    // Nothing is left to be done where standard error is closed.
    writeln!(std::io::stderr(), "{line}").unwrap_or_default();
    ExitCode::from(status)
}
