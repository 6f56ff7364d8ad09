//! Both catalogs, the tenant's scope, and the plan that makes the target hold what the source holds.

use crate::connection::Connection;
use crate::{Effects, JobError, Record, Warehouses, log_notes};
use arguments::Common;
use migration::catalog::Catalog;
use migration::name::Identifier;
use migration::outcome::FailedStep;
use migration::plan::{Furthest, NoteText, Plan, Policy, Stage, identities_to_measure, plan};
use migration::scope::Scope;
use migration::verify::{Judged, Verification};
use migration::words::number_of;
use redshift::measure::measure_identities;
use redshift::read_catalog::read_catalog;
use std::collections::BTreeSet;

/// What the schema job and the refresh job work from.
pub struct Comparison {
    /// What the source holds.
    pub source: Catalog,
    /// What the target holds.
    pub target: Catalog,
    /// What it held at first, where it was read again since.
    before: Option<Catalog>,
    /// The tenant.
    pub scope: Scope,
    /// What the target lacks.
    pub plan: Plan,
    furthest: Furthest,
    policy: Policy,
}

/// Reads both warehouses and plans; changes nothing.
pub async fn compare<E: Effects>(
    warehouses: &mut Warehouses<E>,
    common: &Common,
    policy: Policy,
) -> Result<Comparison, JobError> {
    let schemas = common.schemas.iter().cloned().collect();
    let (mut source, target) = tokio::try_join!(
        read("source", &mut warehouses.source, &schemas),
        read("target", &mut warehouses.target, &schemas)
    )?;
    if let Some(database) = &target.database {
        source.rename_database(database);
    }
    let scope = Scope::of(&source, &common.schemas, common.run.tenant.as_str())?;
    let identities: Vec<_> = identities_to_measure(&source, &target, &scope).collect();
    let measure = async |session: &mut E::Session| {
        let measured = measure_identities(session, &identities).await;
        measured.map_err(|error| JobError::measuring("source", &error))
    };
    let furthest = warehouses.source.read(measure).await?;
    let plan = plan(&source, &target, &scope, &furthest, &policy);
    log::info!(
        "the plan has {}: {} before the data, {} after it; {}, {} on what is not carried over",
        number_of(plan.steps.len(), "step"),
        plan.stage(Stage::BeforeData).count(),
        plan.stage(Stage::AfterData).count(),
        number_of(plan.blockers.len(), "blocker"),
        number_of(plan.not_carried_over.len(), "note")
    );
    Ok(Comparison { source, target, before: None, scope, plan, furthest, policy })
}

/// Reads a catalog, on another session where the first is lost.
async fn read<E: Effects>(
    warehouse: &'static str,
    connection: &mut Connection<E>,
    schemas: &BTreeSet<Identifier>,
) -> Result<Catalog, JobError> {
    let read = async |session: &mut E::Session| {
        read_catalog(session, schemas).await.map_err(|error| JobError::reading(warehouse, &error))
    };
    let mut catalog = connection.read(read).await?;
    connection.describe(&mut catalog)?;
    Ok(catalog)
}

impl Comparison {
    /// Reads the target once more and plans what it lacks by now: after a lost connection only that tells what arrived.
    pub(crate) async fn look_again<E: Effects>(
        &mut self,
        warehouses: &mut Warehouses<E>,
    ) -> Result<(), JobError> {
        let before = std::mem::replace(
            &mut self.target,
            read("target", &mut warehouses.target, &self.scope.schemas).await?,
        );
        self.before.get_or_insert(before);
        self.plan = plan(&self.source, &self.target, &self.scope, &self.furthest, &self.policy);
        log::info!("the target lacks {} of the plan now", number_of(self.plan.steps.len(), "step"));
        Ok(())
    }

    /// Reads the target once more after a stage and puts into the outcome what is not as it was to be: what it still lacks, and
    /// what it gives beyond the source. Default privileges of the target, or somebody else, may have given that meanwhile
    /// (`r_ALTER_DEFAULT_PRIVILEGES`).
    pub async fn verify<E: Effects>(
        &self,
        warehouses: &mut Warehouses<E>,
        done: Stage,
        record: &Record,
    ) -> Result<(), JobError> {
        let target = read("target", &mut warehouses.target, &self.scope.schemas).await?;
        let (first, policy) = (&self.plan, &self.policy);
        let found = {
            let outcome = record.outcome();
            let before = self.before.as_ref().unwrap_or(&self.target);
            Verification::of(&self.source, before, &target, &self.scope, policy, first, done, &outcome)
        };
        let Judged { principals, objects } = found.judged;
        log::info!(
            "judged what {} can do with {}",
            number_of(principals, "principal"),
            number_of(objects, "object")
        );
        let gained = found.gained().cloned().collect();
        let lacking: Vec<FailedStep> = found.lacking.into_iter().map(FailedStep::from).collect();
        let added: Vec<NoteText> = found.added.into_iter().map(NoteText::from).collect();
        for step in &lacking {
            log::error!("{}: {}", step.id, step.message);
        }
        log_notes("more than before", &added);
        record.update(|outcome| {
            outcome.failed.extend(lacking);
            outcome.blockers = added;
            outcome.gained = gained;
        });
        Ok(())
    }
}
