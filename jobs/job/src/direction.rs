//! The way that a tenant takes, checked against what both warehouses say they are, the environment, and its earlier runs.

use crate::{Effects, JobError, Run};
use arguments::Common;
use aws::Version;
use migration::direction::{Allowed, Directions, Refusal, Route, RunDirection, Site, check_route};
use migration::outcome::ErrorKind;

/// How often a job looks again when another one changes the tenant's directions at the same moment.
const LOOKS: usize = 5;

/// A way that may be taken.
#[derive(Clone, Debug)]
pub struct Direction {
    source: Site,
    target: Site,
    allowed: Allowed,
}

impl Direction {
    /// Checks the way between the places that two sessions have reached; nothing is written.
    ///
    /// # Errors
    /// It is refused, or the ledger cannot be read.
    pub(crate) async fn check<E: Effects>(
        run: &Run<E>,
        common: &Common,
        source: Site,
        target: Site,
    ) -> Result<Self, JobError> {
        let direction = Self { source, target, allowed: common.allowed };
        check_route(&direction.route(), common.warehouses.as_deref(), common.allowed)?;
        direction.judge(run).await?;
        direction.began(run).await?;
        Ok(direction)
    }

    /// Writes down that the tenant goes this way, before the first change is made.
    ///
    /// # Errors
    /// It is refused by what another run has written since, or the ledger cannot be read or written.
    pub async fn remember<E: Effects>(&self, run: &Run<E>) -> Result<(), JobError> {
        let key = run.keys.direction();
        for _ in 0..LOOKS {
            let known = match self.judge(run).await? {
                None => true,
                Some((directions, version)) => {
                    run.ledger.put_in_place_of(version.as_ref(), &key, &directions).await?.is_some()
                }
            };
            // Of two starts of a run at once the second finds what the first has written.
            if known && (self.began(run).await? || self.begin(run).await?) {
                return Ok(());
            }
        }
        let cause = "other runs of this tenant change it all the time; start the job again";
        Err(JobError::of(ErrorKind::Conflict, format_args!("writing {key}"), cause))
    }

    /// Whether the run has begun this way; one that has begun another is refused.
    async fn began<E: Effects>(&self, run: &Run<E>) -> Result<bool, JobError> {
        let began: Option<RunDirection> = run.ledger.get(&run.keys.run_direction()).await?;
        if let Some(began) = &began {
            began.check(&self.route())?;
        }
        Ok(began.is_some())
    }

    /// Writes down that the run begins this way; `false` when another start of it was faster.
    async fn begin<E: Effects>(&self, run: &Run<E>) -> Result<bool, JobError> {
        let document = RunDirection::of(&run.tenant, run.run_id.as_str(), &self.route());
        Ok(run.ledger.put_in_place_of(None, &run.keys.run_direction(), &document).await?.is_some())
    }

    /// Whether source and target are databases of one warehouse.
    pub fn stays_in_warehouse(&self) -> bool {
        self.route().stays_in_warehouse()
    }

    /// Where the tenant goes.
    pub fn target(&self) -> &Site {
        &self.target
    }

    /// The document to be written, and in place of which version; nothing where this way is known.
    async fn judge<E: Effects>(
        &self,
        run: &Run<E>,
    ) -> Result<Option<(Directions, Option<Version>)>, JobError> {
        let (known, version) = match run.ledger.get_version::<Directions>(&run.keys.direction()).await? {
            Some((known, version)) => (known, Some(version)),
            None => (Directions::of(&run.tenant), None),
        };
        Ok(known.judge(&self.route(), self.allowed)?.map(|directions| (directions, version)))
    }

    fn route(&self) -> Route<'_> {
        Route { source: &self.source, target: &self.target }
    }
}

impl From<Box<Refusal>> for JobError {
    fn from(refusal: Box<Refusal>) -> Self {
        match *refusal {
            // A job that is at work has changed something, perhaps.
            Refusal::Moved { .. } => Self { kind: ErrorKind::Protected, message: refusal.to_string() },
            _ => Self { kind: ErrorKind::Configuration, message: format!("nothing was changed: {refusal}") },
        }
    }
}
