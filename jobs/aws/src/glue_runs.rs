//! The runs of a Glue job, as Glue tells of them.
//!
//! Source: AWS Glue API Reference, `GetJobRuns` and the structure `JobRun`.

use aws_sdk_glue::types::JobRun;
use migration::report::GlueRun;
use time::OffsetDateTime;

use crate::fault::Call;
use crate::{AwsError, Config};

/// The runs of a Glue job under one `--RUN_ID` of one `--TENANT_NAME`, the newest first.
///
/// `job` is what our job is called, `name` what Glue calls it. Glue keeps runs for 90 days.
///
/// # Errors
/// Glue knows no such job, refuses, or cannot be reached.
pub async fn glue_runs(
    config: &Config,
    (job, name): (&str, &str),
    (tenant, run_id): (&str, &str),
) -> Result<Vec<GlueRun>, AwsError> {
    let doing = format!("asking for the runs of the Glue job {name}");
    let call = Call {
        doing: &doing,
        service: "Glue",
        action: "glue:GetJobRuns on the job",
        if_absent: "correct --GLUE_JOBS",
    };
    let client = aws_sdk_glue::Client::new(&config.sdk_in(None));
    let mut pages = client.get_job_runs().job_name(name).into_paginator().send();
    let mut found = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.map_err(|error| call.failed(&error))?;
        let wanted = |run: &&JobRun| {
            argument(run, "--TENANT_NAME") == Some(tenant) && argument(run, "--RUN_ID") == Some(run_id)
        };
        found.extend(page.job_runs().iter().filter(wanted).map(|run| told(job, run)));
    }
    Ok(found)
}

/// A run as the report tells it.
fn told(job: &str, run: &JobRun) -> GlueRun {
    let moment = |moment: Option<&aws_sdk_glue::primitives::DateTime>| {
        OffsetDateTime::from_unix_timestamp(moment?.secs()).ok()
    };
    GlueRun {
        job: job.to_owned(),
        id: run.id().unwrap_or_default().to_owned(),
        state: run.job_run_state().map_or("", |state| state.as_str()).to_owned(),
        started: moment(run.started_on()),
        ended: moment(run.completed_on()),
        seconds: u64::try_from(run.execution_time()).unwrap_or_default(),
        dpus: capacity(run),
        dpu_seconds: run.dpu_seconds(),
        tables: argument(run, "--TABLES").or_else(|| argument(run, "--TABLE_NAME")).map(str::to_owned),
        error: run.error_message().map(str::to_owned),
    }
}

fn argument<'a>(run: &'a JobRun, name: &str) -> Option<&'a str> {
    run.arguments()?.get(name).map(String::as_str)
}

/// How many DPUs a run has; of a run that tells workers instead, those (Glue Developer Guide, "Worker types": G.1X is 1 DPU).
fn capacity(run: &JobRun) -> Option<f64> {
    run.max_capacity().or_else(|| run.number_of_workers().map(f64::from))
}
