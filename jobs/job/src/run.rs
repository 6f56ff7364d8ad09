//! One run of a job: its names, the ledger, and what it talks to AWS with.

use crate::session_name::session_name;
use crate::{JobError, Warehouses};
use arguments::{Common, Job, RunId};
use aws::{Config, Ledger, RunKeys, S3Objects};
use migration::outcome::ErrorKind;
use serde::Serialize;
use std::time::{SystemTime, UNIX_EPOCH};

/// What a job works with.
pub struct Run {
    /// The job.
    pub job: Job,
    /// Whose objects move: part of every key.
    pub tenant: String,
    /// The run's name: part of every key.
    pub run_id: RunId,
    /// Where the documents of this run lie.
    pub keys: RunKeys,
    /// The documents of all runs.
    pub ledger: Ledger<S3Objects>,
    /// How AWS is called.
    pub config: Config,
}

impl Run {
    /// Gives the run its name, where it has none, and prints it: it is what a later run goes on from.
    pub(crate) async fn start(job: Job, common: &Common) -> Result<Self, JobError> {
        let config = Config::load(common.region.as_ref()).await?;
        let run_id = match &common.run_id {
            Some(run_id) => run_id.clone(),
            None => make_run_id()?,
        };
        log::info!("{} for tenant {}, --RUN_ID {run_id}", job.name(), common.tenant);
        Ok(Self {
            job,
            tenant: common.tenant.as_str().to_owned(),
            keys: RunKeys::new(&common.tenant, &run_id),
            run_id,
            ledger: Ledger::new(S3Objects::new(&config, common.bucket.clone())),
            config,
        })
    }

    /// Connects to both warehouses. `detail`, such as a table, joins job, tenant and run in the name that the
    /// warehouses list the sessions by.
    pub async fn connect(&self, common: &Common, detail: &str) -> Result<Warehouses, JobError> {
        // Runs of two tenants may have one name.
        let run = format!("{} {}", self.tenant, self.run_id);
        let name = |warehouse: &str| session_name(self.job.name(), &run, warehouse, detail);
        Warehouses::connect(&self.config, common, name).await
    }

    /// Puts the document of a job that has ended. Its own error comes first; that the ledger does not know of it is then
    /// only logged.
    pub async fn put_last<T, E: From<JobError>>(
        &self,
        key: &str,
        document: &impl Serialize,
        ended: Result<T, E>,
    ) -> Result<T, E> {
        match (ended, self.ledger.put(key, document).await) {
            (ended, Ok(())) => ended,
            (Ok(_), Err(lost)) => Err(JobError::from(lost).into()),
            (Err(error), Err(lost)) => {
                log::error!("the ledger does not know of this end: {lost}");
                Err(error)
            }
        }
    }
}

/// The name of a run that was started by hand: when, and a number that no other run of that second has.
fn make_run_id() -> Result<RunId, JobError> {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let name = format!("manual-{seconds}-{:08x}", rand::random::<u32>());
    name.parse().map_err(|error| JobError::of(ErrorKind::Internal, "cannot make a --RUN_ID", error))
}
