//! One run of a job: its names, the ledger, and what it reaches out with.

use crate::connection::{Connection, Way};
use crate::session_name::session_name;
use crate::{Direction, Effects, JobError, Warehouses};
use arguments::{BucketPrefix, Common, Job, RunArguments, RunId};
use aws::{Ledger, MAX_KEY_BYTES, RunKeys, Version};
use migration::direction::{Place, Side, Site};
use migration::name::QualifiedName;
use migration::outcome::{ErrorKind, LoadedTable};
use migration::plan::{Note, key_too_long};
use serde::Serialize;

/// What a job works with.
pub struct Run<E: Effects> {
    /// The job.
    pub job: Job,
    /// Whose objects move: part of every key.
    pub tenant: String,
    /// The run's name: part of every key.
    pub run_id: RunId,
    /// Where the documents of this run lie.
    pub keys: RunKeys,
    /// The documents of all runs.
    pub ledger: Ledger<E::Objects>,
    /// What the job reaches out with.
    pub effects: E,
}

impl<E: Effects> Run<E> {
    /// Gives the run its name, where it has none, and prints it: it is what a later run goes on from.
    ///
    /// # Errors
    /// None but a defect of ours.
    pub fn start(job: Job, arguments: &RunArguments, effects: E) -> Result<Self, JobError> {
        let run_id = match &arguments.run_id {
            Some(run_id) => run_id.clone(),
            None => make_run_id(&effects)?,
        };
        log::info!("{} for tenant {}, --RUN_ID {run_id}", job.name(), arguments.tenant);
        Ok(Self {
            job,
            tenant: arguments.tenant.as_str().to_owned(),
            keys: RunKeys::new(&arguments.tenant, &run_id),
            run_id,
            ledger: Ledger::new(effects.objects(&arguments.bucket, arguments.kms_key.as_ref())),
            effects,
        })
    }

    /// Reads both secrets, connects to both warehouses, and checks that the tenant may go this way; nothing is changed on
    /// either.
    pub async fn connect(&self, common: &Common) -> Result<Warehouses<E>, JobError> {
        self.connect_as(common, "", &[]).await
    }

    /// The same under a name of this `detail` of the job's work, after ending sessions with one of the `former` details.
    pub async fn connect_as(
        &self,
        common: &Common,
        detail: &str,
        former: &[String],
    ) -> Result<Warehouses<E>, JobError> {
        let way = |side| {
            let way = self.way(common, side, detail);
            let names = former.iter().map(|detail| self.session_name(side, detail));
            Way { former: names.chain([way.application_name.clone()]).collect(), ..way }
        };
        let (source, target) = tokio::try_join!(
            Box::pin(Connection::open(way(Side::Source))),
            Box::pin(Connection::open(way(Side::Target)))
        )?;
        let sites = (source.site().clone(), target.site().clone());
        let direction = Box::pin(Direction::check(self, common, sites.0, sites.1)).await?;
        Ok(Warehouses { source, target, direction })
    }

    /// Opens a session with one of the warehouses alone.
    ///
    /// # Errors
    /// It cannot be reached, or its user does not see everything.
    pub async fn connect_to(&self, common: &Common, side: Side) -> Result<Connection<E>, JobError> {
        Box::pin(Connection::open(self.way(common, side, ""))).await
    }

    /// Checks the way between the places that two sessions have reached; nothing is written.
    ///
    /// # Errors
    /// It is refused, or the ledger cannot be read.
    pub async fn check_direction(
        &self,
        common: &Common,
        source: &Site,
        target: &Site,
    ) -> Result<(), JobError> {
        Box::pin(Direction::check(self, common, source.clone(), target.clone())).await.map(drop)
    }

    /// The way to one more session with the warehouse that a connection has reached. `detail` tells it from the job's
    /// others.
    pub fn way_beside(&self, connection: &Connection<E>, side: Side, detail: &str) -> Way<E> {
        connection.way_beside(self.session_name(side, detail))
    }

    /// The way to the first session with a warehouse.
    fn way(&self, common: &Common, side: Side, detail: &str) -> Way<E> {
        let secret = match side {
            Side::Source => &common.source_secret,
            Side::Target => &common.target_secret,
        };
        Way {
            warehouse: side.name(),
            secret: secret.clone(),
            effects: self.effects.clone(),
            application_name: self.session_name(side, detail),
            former: Vec::new(),
            attempts: common.attempts,
            site: None,
        }
    }

    /// What the warehouses list a session as: job, tenant, run, and `detail`. Runs of two tenants may have one name.
    fn session_name(&self, side: Side, detail: &str) -> String {
        session_name(self.job.name(), &format!("{} {}", self.tenant, self.run_id), side.name(), detail)
    }

    /// What is to be told of a table whose files or documents S3 would not take for the length of their keys.
    pub fn key_too_long(&self, bucket: &BucketPrefix, target: &Place, table: &QualifiedName) -> Option<Note> {
        let bytes = bucket.key("").len() + self.keys.longest_key(target, table);
        (bytes > MAX_KEY_BYTES).then(|| key_too_long(table, bytes))
    }

    /// What the tenant's runs have left in a table of the target, and the version of the document that says so; there is none
    /// yet where no run has loaded the table.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub async fn loaded(
        &self,
        place: &Place,
        table: &QualifiedName,
    ) -> Result<(LoadedTable, Option<Version>), JobError> {
        Ok(match self.ledger.get_version(&self.keys.loaded(place, table)).await? {
            Some((document, version)) => (document, Some(version)),
            None => (LoadedTable::of(&self.tenant, place, table), None),
        })
    }

    /// Puts the document of a job that has ended. Its own error comes first; that the ledger does not know of it is then
    /// only logged.
    pub async fn put_last<T, F: From<JobError>>(
        &self,
        key: &str,
        document: &impl Serialize,
        ended: Result<T, F>,
    ) -> Result<T, F> {
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
fn make_run_id(effects: &impl Effects) -> Result<RunId, JobError> {
    let seconds = effects.now().unix_timestamp();
    let name = format!("manual-{seconds}-{:08x}", u32::from_be_bytes(effects.random()));
    name.parse().map_err(|error| JobError::of(ErrorKind::Internal, "cannot make a --RUN_ID", error))
}
