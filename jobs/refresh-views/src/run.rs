//! What the refresh job does: compare, apply the second stage, refresh what stood on the target already.

use arguments::RefreshViews;
use job::comparison::compare;
use job::{JobError, Run, Verdict, apply_stage, log_notes};
use migration::outcome::{ApplyOutcome, FailedStep};
use migration::plan::{Phase, Stage, refresh_order};
use redshift::refresh_views::refresh_view;

/// Runs the job.
pub async fn run(run: Run, arguments: RefreshViews) -> Result<Verdict, JobError> {
    let common = &arguments.common;
    let mut warehouses = run.connect(common, "").await?;
    let comparison = compare(&mut warehouses, common).await?;
    let plan = &comparison.plan;
    log_notes("blocker", &plan.blockers);
    let mut outcome = ApplyOutcome::new(run.job.name(), &run.tenant, run.run_id.as_str());
    outcome.plan_sha256 = Some(plan.sha256());
    outcome.blockers.clone_from(&plan.blockers);
    if plan.blockers.is_empty() {
        apply_stage(plan, Stage::AfterData, &mut warehouses, common.attempts, &mut outcome).await?;
        // Views created just now are full; those that stood there before the data came are stale.
        for (name, view) in refresh_order(&comparison.target, &comparison.scope) {
            let refreshed = refresh_view(&mut warehouses.target, name, &view.owner, common.attempts)
                .await
                .map_err(|error| JobError::lost("target", &error))?;
            match refreshed {
                Ok(()) => log::info!("refreshed {}", name.plain()),
                Err(error) => outcome.failed.push(FailedStep {
                    id: format!("refresh {name}"),
                    phase: Phase::MaterializedViews,
                    object: name.plain(),
                    kind: error.kind,
                    message: error.message,
                    remedy: "REFRESH MATERIALIZED VIEW as its owner".into(),
                }),
            }
        }
    }
    outcome.conclude();
    run.ledger.put(&run.keys.views(), &outcome).await?;
    Ok(job::verdict(&outcome, &run.keys.views()))
}
