//! How long each job took, over all of its runs.

use super::GlueRun;
use super::glue_run::seconds_at_work;
use serde::Serialize;
use time::OffsetDateTime;

/// All runs of one job.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct JobDuration {
    /// The job.
    pub job: String,
    /// Its runs.
    pub runs: usize,
    /// Those that did not succeed.
    pub failed_runs: usize,
    /// When the first started.
    #[serde(with = "time::serde::rfc3339")]
    pub started: OffsetDateTime,
    /// When the last ended, or the report was made.
    #[serde(with = "time::serde::rfc3339")]
    pub ended: OffsetDateTime,
    /// How long at least one of its runs was at work.
    pub seconds: f64,
}

impl JobDuration {
    /// The duration of each job that has runs, in the order in which they began. A run without an end goes on to `now`.
    pub(super) fn of_each_job(runs: &[GlueRun], now: OffsetDateTime) -> Vec<Self> {
        let mut jobs: Vec<Self> = Vec::new();
        for run in runs {
            let Some((started, ended)) = run.span(now) else { continue };
            let failed = usize::from(run.ended.is_some() && run.state != "SUCCEEDED");
            match jobs.iter_mut().find(|job| job.job == run.job) {
                Some(job) => {
                    job.runs += 1;
                    job.failed_runs += failed;
                    job.started = job.started.min(started);
                    job.ended = job.ended.max(ended);
                }
                None => jobs.push(Self {
                    job: run.job.clone(),
                    runs: 1,
                    failed_runs: failed,
                    started,
                    ended,
                    seconds: 0.0,
                }),
            }
        }
        for job in &mut jobs {
            let own = runs.iter().filter(|run| run.job == job.job);
            job.seconds = seconds_at_work(own.filter_map(|run| run.span(now)));
        }
        jobs
    }
}
