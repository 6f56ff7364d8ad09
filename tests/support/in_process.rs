//! Jobs in the process of a test: what the executables call is called here, behind a trap that stops or fails it at one call.
//!
//! A stopped job is dropped with its runtime: its sockets close, and nothing that it has spawned goes on. That is what is left
//! of a process that is killed, at a point that no signal would hit so exactly. A connection that a trap fails is closed in good
//! order, and the job is told of a loss: how a loss on the wire looks to it is for tests of whole processes.

use crate::aws_local::REGION;
use crate::migration::Migration;
use anyhow::{Context, Result, bail};
use arguments::{ArgumentsError, Invocation, MigrateData, MigrateSchema, RefreshViews};
use aws::Config;
use job::testing::{Trap, Trapped};
use job::{AwsEffects, JobError, Verdict};
use std::ffi::OsString;
use std::sync::Arc;

/// The effects of a job here: real ones, behind a trap.
type Effects = Trapped<AwsEffects>;

/// What became of a job.
#[derive(Debug)]
pub enum InProcess {
    /// It came to its end.
    Ended(Result<Verdict, JobError>),
    /// The trap stopped it.
    Stopped,
}

impl InProcess {
    /// Whether it has done all of its work.
    pub fn is_finished(&self) -> bool {
        matches!(self, Self::Ended(Ok(Verdict::Finished)))
    }

    /// Whether it was stopped.
    pub fn is_stopped(&self) -> bool {
        matches!(self, Self::Stopped)
    }
}

impl Migration {
    /// Runs a job with its default arguments under these. The secrets must ask for no certificate
    /// ([`Migration::take_any_certificate`]).
    pub async fn run_in_process(
        &self,
        job: &'static str,
        arguments: &[(&str, &str)],
        trap: &Arc<Trap>,
    ) -> Result<InProcess> {
        let argv = std::iter::once(job.to_owned()).chain(self.arguments(job, arguments));
        let argv: Vec<OsString> = argv.map(OsString::from).collect();
        let (endpoint, trap) = (self.aws.endpoint().to_owned(), Arc::clone(trap));
        tokio::task::spawn_blocking(move || alone(job, argv, &endpoint, &trap)).await?
    }
}

/// Runs a job on a runtime of its own, which is like the one that it has in a process of its own.
fn alone(job: &str, argv: Vec<OsString>, endpoint: &str, trap: &Arc<Trap>) -> Result<InProcess> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let config = Config::local(endpoint, &REGION.parse().context("a Region")?).await?;
        let effects = Trapped::new(AwsEffects::new(config), trap);
        tokio::select! {
            ended = run(job, argv, effects) => Ok(InProcess::Ended(ended?)),
            () = trap.stopped() => Ok(InProcess::Stopped),
        }
    })
}

async fn run(job: &str, argv: Vec<OsString>, effects: Effects) -> Result<Result<Verdict, JobError>> {
    Ok(match job {
        "migrate-schema" => Box::pin(migrate_schema::run(read(MigrateSchema::parse(argv))?, effects)).await,
        "migrate-data" => Box::pin(migrate_data::run(read(MigrateData::parse(argv))?, effects)).await,
        "refresh-views" => Box::pin(refresh_views::run(read(RefreshViews::parse(argv))?, effects)).await,
        other => bail!("no test runs the job {other} here"),
    })
}

fn read<A>(invocation: Result<Invocation<A>, ArgumentsError>) -> Result<A> {
    match invocation? {
        Invocation::Run(arguments) => Ok(arguments),
        Invocation::Help(text) | Invocation::Version(text) => bail!("no job runs: {text}"),
    }
}
