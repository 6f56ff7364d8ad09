//! Where the bucket is, seen from the warehouses, and how many of the target's slices share a load.

use aws::Warehouse;
use job::{Effects, JobError, Run, Warehouses};
use redshift::measure::count_slices;

/// Where things are.
pub struct Places {
    /// The bucket's Region, where the source is in another one.
    source_elsewhere: Option<String>,
    /// The same of the target.
    target_elsewhere: Option<String>,
    /// The target's slices; none where it does not tell.
    pub slices: Option<u64>,
}

impl Places {
    /// Asks the target for its slices; the Regions are those of the endpoints' names, and of `--AWS_REGION`.
    pub async fn of<E: Effects>(run: &Run<E>, warehouses: &mut Warehouses<E>) -> Result<Self, JobError> {
        let (source, target) =
            (Warehouse::of(warehouses.source.secret())?, Warehouse::of(warehouses.target.secret())?);
        let bucket = run.effects.region();
        let elsewhere = |warehouse: &Warehouse| {
            // A host whose name does not tell is in the job's Region.
            let there = warehouse.region().is_none_or(|region| region.as_str() == bucket);
            (!there).then(|| bucket.to_owned())
        };
        let count = async |session: &mut E::Session| {
            count_slices(session, target.kind()).await.map_err(|error| JobError::measuring("target", &error))
        };
        Ok(Self {
            source_elsewhere: elsewhere(&source),
            target_elsewhere: elsewhere(&target),
            slices: warehouses.target.read(count).await?,
        })
    }

    /// What UNLOAD must be told of the bucket's Region.
    pub fn region_for_source(&self) -> Option<&str> {
        self.source_elsewhere.as_deref()
    }

    /// What COPY must be told of it.
    pub fn region_for_target(&self) -> Option<&str> {
        self.target_elsewhere.as_deref()
    }

    /// Whether files may be Parquet, which COPY reads in the warehouse's own Region alone.
    pub fn all_in_one_region(&self) -> bool {
        self.source_elsewhere.is_none() && self.target_elsewhere.is_none()
    }
}
