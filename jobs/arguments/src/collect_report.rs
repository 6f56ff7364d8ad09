//! The arguments of the job `collect-report`.

use std::ffi::OsString;

use crate::raw::{Invocation, RawArguments};
use crate::value::{GlueJob, parse_glue_jobs, parse_percentage, parse_price};
use crate::{ArgumentsError, Job, RunArguments, table};

/// The arguments of the job `collect-report`.
#[derive(Clone, Debug, PartialEq)]
pub struct CollectReport {
    /// What every job takes; the run's name is there.
    pub run: RunArguments,
    /// `--TOLERATED_FAILURE_PERCENTAGE`: how many of the tables may fail, 0 to 100.
    pub tolerated_percentage: u8,
    /// `--GLUE_JOBS`: the jobs whose runs are told; none where nobody said.
    pub glue_jobs: Vec<GlueJob>,
    /// `--DPU_HOUR_PRICE`: US dollars.
    pub dpu_hour_price: f64,
    /// `--FAILURE`: why the migration ended early.
    pub failure: Option<String>,
}

impl CollectReport {
    /// Reads an argument list, the program's name first, as `std::env::args_os` gives it.
    ///
    /// # Errors
    /// The first thing that is wrong with the list; see [`ArgumentsError`].
    pub fn parse(argv: impl IntoIterator<Item = OsString>) -> Result<Invocation<Self>, ArgumentsError> {
        RawArguments::parse(Job::CollectReport, argv)?.and_then(|raw| {
            let run = RunArguments::try_from(&raw)?;
            if run.run_id.is_none() {
                return Err(ArgumentsError::Missing { names: format!("--{}", table::RUN_ID.name) });
            }
            let text = |text: &str| Ok(text.to_owned());
            Ok(Self {
                run,
                tolerated_percentage: raw.required(&table::TOLERATED_FAILURE_PERCENTAGE, parse_percentage)?,
                glue_jobs: raw.optional(&table::GLUE_JOBS, parse_glue_jobs)?.unwrap_or_default(),
                dpu_hour_price: raw.required(&table::DPU_HOUR_PRICE, parse_price)?,
                failure: raw.optional(&table::FAILURE, text)?,
            })
        })
    }
}
