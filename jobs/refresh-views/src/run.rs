//! What the refresh job does: compare, apply the second stage, refresh what stood on the target already.

use crate::vacuum::{BESIDE, vacuum_replaced};
use arguments::{Job, RefreshViews};
use job::comparison::compare;
use job::{Connection, Effects, JobError, Record, Run, Verdict, apply_stage, conclude, log_notes};
use migration::name::{Identifier, QualifiedName};
use migration::outcome::{ApplyOutcome, FailedStep};
use migration::plan::{
    Interleaved, NoteText, Passwords, Phase, Policy, Stage, Superusers, note_texts, refresh_order,
};
use redshift::apply_plan::Confidential;
use redshift::refresh_views::refresh_view;
use std::num::NonZeroU32;

/// Runs the job. The ledger has its outcome however it ends.
pub async fn run<E: Effects>(arguments: RefreshViews, effects: E) -> Result<Verdict, JobError> {
    let run = Run::start(Job::RefreshViews, &arguments.common.run, effects)?;
    let record = Record::open(&run, run.keys.views()).await?;
    let done = Box::pin(refresh(&run, &arguments, &record)).await;
    conclude(&run, record, done).await
}

async fn refresh<E: Effects>(
    run: &Run<E>,
    arguments: &RefreshViews,
    record: &Record,
) -> Result<(), JobError> {
    let common = &arguments.common;
    let mut warehouses = run.connect_as(common, "", &[BESIDE.to_owned()]).await?;
    let policy = Policy {
        passwords: Passwords::Disable,
        superusers: Superusers::Ordinary,
        owners: arguments.owners,
        interleaved: Interleaved::Compound,
        shares_principals: warehouses.direction.stays_in_warehouse(),
    };
    let mut comparison = Box::pin(compare(&mut warehouses, common, policy)).await?;
    let plan = &comparison.plan;
    let blockers = note_texts(&plan.blockers);
    // What has come since the schema job, such as a view on the target over the tenant's tables that others may read.
    let schema: Option<ApplyOutcome> = run.ledger.get(&run.keys.schema()).await?;
    let told = schema.map(|outcome| outcome.border).unwrap_or_default();
    // What is done about it may be another thing by now.
    let is_told = |note: &NoteText| {
        told.iter().any(|other| (&other.object, &other.reason) == (&note.object, &note.reason))
    };
    let mut border = note_texts(&plan.border);
    border.retain(|note| !is_told(note));
    log_notes("crosses the border", &border);
    log_notes("blocker", &blockers);
    record.update(|outcome| {
        outcome.plan_sha256 = Some(plan.sha256());
        (outcome.blockers, outcome.border) = (blockers, border);
    });
    if !plan.blockers.is_empty() {
        return Ok(());
    }
    warehouses.direction.remember(run).await?;
    // A VACUUM behind a refresh would make the next refresh a full one, for which an owner needs more
    // (`materialized-view-refresh-sql-command`).
    vacuum_replaced(run, &mut warehouses.target).await?;
    // Views created from here on are full; those that stood there before the data came are stale.
    let standing: Vec<_> = refresh_order(&comparison.target, &comparison.scope)
        .into_iter()
        .map(|(name, view)| (name.clone(), view.owner.clone()))
        .collect();
    let (stage, nothing) = (Stage::AfterData, Confidential::new());
    apply_stage(&mut comparison, stage, &mut warehouses, &nothing, common.attempts, record).await?;
    for (name, owner) in &standing {
        refresh_one(&mut warehouses.target, name, owner, common.attempts, record).await?;
    }
    comparison.verify(&mut warehouses, stage, record).await
}

/// Refreshes a view; a session that is lost meanwhile is opened anew, since a refresh may be done twice.
async fn refresh_one<E: Effects>(
    target: &mut Connection<E>,
    name: &QualifiedName,
    owner: &Identifier,
    attempts: NonZeroU32,
    record: &Record,
) -> Result<(), JobError> {
    let refresh = async |session: &mut E::Session| {
        let refreshed = refresh_view(session, name, owner, attempts).await;
        refreshed.map_err(|error| JobError::lost("target", &error))
    };
    match target.read(refresh).await? {
        Ok(()) => {
            log::info!("refreshed {}", name.plain());
            record.update(|outcome| outcome.count(Phase::Refreshes));
        }
        Err(error) => {
            log::error!("refreshing {}: {error}", name.plain());
            let failed = FailedStep {
                id: format!("refresh {name}"),
                step: None,
                phase: Phase::MaterializedViews,
                object: name.plain(),
                kind: error.kind,
                message: error.message,
                remedy: "REFRESH MATERIALIZED VIEW as its owner".into(),
            };
            record.update(|outcome| outcome.failed.push(failed));
        }
    }
    Ok(())
}
