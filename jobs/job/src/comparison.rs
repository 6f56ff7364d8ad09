//! Both catalogs, the tenant's scope, and the plan that makes the target hold what the source holds.

use crate::connection::Connection;
use crate::{JobError, Warehouses};
use arguments::Common;
use migration::catalog::Catalog;
use migration::plan::{Furthest, Note, Plan, Policy, identities_to_measure, plan};
use migration::scope::Scope;
use redshift::measure::measure_identities;
use redshift::read_catalog::read_catalog;
use redshift::session::PostgresSession;

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
    furthest: Furthest,
    policy: Policy,
}

/// Reads both warehouses and plans; changes nothing.
pub async fn compare(
    warehouses: &mut Warehouses,
    common: &Common,
    policy: Policy,
) -> Result<Comparison, JobError> {
    let (source, target) =
        tokio::try_join!(read("source", &mut warehouses.source), read("target", &mut warehouses.target))?;
    let scope = Scope::of(&source, &common.schemas, common.tenant.as_str())?;
    let identities: Vec<_> = identities_to_measure(&source, &target, &scope).collect();
    let measure = async |session: &mut PostgresSession| {
        let measured = measure_identities(session, &identities).await;
        measured.map_err(|error| JobError::measuring("source", &error))
    };
    let furthest = warehouses.source.read(measure).await?;
    let plan = plan(&source, &target, &scope, &furthest, &policy);
    log::info!(
        "the plan has {} steps, {} blockers, {} notes on what is not carried over",
        plan.steps.len(),
        plan.blockers.len(),
        plan.not_carried_over.len()
    );
    Ok(Comparison { source, target, scope, plan, furthest, policy })
}

/// Reads a catalog, on another session where the first is lost.
async fn read(warehouse: &'static str, connection: &mut Connection) -> Result<Catalog, JobError> {
    let read = async |session: &mut PostgresSession| {
        read_catalog(session).await.map_err(|error| JobError::reading(warehouse, &error))
    };
    connection.read(read).await
}

impl Comparison {
    /// Reads the target once more and plans what it lacks by now: after a lost connection only that tells what arrived.
    pub(crate) async fn look_again(&mut self, warehouses: &mut Warehouses) -> Result<(), JobError> {
        self.target = read("target", &mut warehouses.target).await?;
        self.plan = plan(&self.source, &self.target, &self.scope, &self.furthest, &self.policy);
        log::info!("the target lacks {} steps of the plan now", self.plan.steps.len());
        Ok(())
    }

    /// Reads the target once more: what gives a right there that the source does not give. Default privileges of the
    /// target, or somebody else, may have given it meanwhile (`r_ALTER_DEFAULT_PRIVILEGES`).
    pub async fn widened(&self, warehouses: &mut Warehouses) -> Result<Vec<Note>, JobError> {
        let target = read("target", &mut warehouses.target).await?;
        Ok(plan(&self.source, &target, &self.scope, &Furthest::new(), &self.policy).blockers)
    }
}
