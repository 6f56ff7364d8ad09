//! Both catalogs, the tenant's scope, and the plan that makes the target hold what the source holds.

use crate::{JobError, Warehouses};
use arguments::Common;
use migration::catalog::Catalog;
use migration::plan::{Furthest, Note, Plan, identities_to_measure, plan};
use migration::scope::Scope;
use redshift::measure::measure_identities;
use redshift::read_catalog::read_catalog;

/// What the schema job and the refresh job work from.
pub struct Comparison {
    /// What the source holds.
    pub source: Catalog,
    /// What the target holds.
    pub target: Catalog,
    /// The tenant.
    pub scope: Scope,
    /// What the target lacks.
    pub plan: Plan,
}

/// Reads both warehouses and plans; changes nothing.
pub async fn compare(warehouses: &mut Warehouses, common: &Common) -> Result<Comparison, JobError> {
    let reading = |warehouse: &'static str| move |error| JobError::reading(warehouse, &error);
    let (source, target) = tokio::try_join!(
        async { read_catalog(&mut warehouses.source).await.map_err(reading("source")) },
        async { read_catalog(&mut warehouses.target).await.map_err(reading("target")) },
    )?;
    let scope = Scope::of(&source, &common.schemas, common.tenant.as_str())?;
    let identities: Vec<_> = identities_to_measure(&source, &target, &scope).collect();
    let furthest = measure_identities(&mut warehouses.source, &identities)
        .await
        .map_err(|error| JobError::measuring("source", &error))?;
    let plan = plan(&source, &target, &scope, &furthest);
    log::info!(
        "the plan has {} steps, {} blockers, {} notes on what is not carried over",
        plan.steps.len(),
        plan.blockers.len(),
        plan.not_carried_over.len()
    );
    Ok(Comparison { source, target, scope, plan })
}

impl Comparison {
    /// Reads the target once more: what gives a right there that the source does not give. Default privileges of the
    /// target, or somebody else, may have given it meanwhile (`r_ALTER_DEFAULT_PRIVILEGES`).
    pub async fn widened(&self, warehouses: &mut Warehouses) -> Result<Vec<Note>, JobError> {
        let target = read_catalog(&mut warehouses.target).await;
        let target = target.map_err(|error| JobError::reading("target", &error))?;
        Ok(plan(&self.source, &target, &self.scope, &Furthest::new()).blockers)
    }
}
