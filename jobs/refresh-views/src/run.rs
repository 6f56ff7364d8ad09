//! What the refresh job does: compare, apply the second stage, refresh what stood on the target already.

use arguments::{Common, RefreshViews};
use job::comparison::compare;
use job::{JobError, Run, Verdict, apply_stage, conclude, log_notes};
use migration::outcome::{ApplyOutcome, FailedStep};
use migration::plan::{Phase, Stage, refresh_order};
use redshift::refresh_views::refresh_view;

/// Runs the job. The ledger has its outcome however it ends.
pub async fn run(run: Run, arguments: RefreshViews) -> Result<Verdict, JobError> {
    let mut outcome = ApplyOutcome::new(run.job.name(), &run.tenant, run.run_id.as_str());
    let done = refresh(&run, &arguments.common, &mut outcome).await;
    conclude(&run, &run.keys.views(), outcome, done).await
}

async fn refresh(run: &Run, common: &Common, outcome: &mut ApplyOutcome) -> Result<(), JobError> {
    let mut warehouses = run.connect(common, "").await?;
    let comparison = compare(&mut warehouses, common).await?;
    let plan = &comparison.plan;
    log_notes("blocker", &plan.blockers);
    outcome.plan_sha256 = Some(plan.sha256());
    outcome.blockers.clone_from(&plan.blockers);
    if !plan.blockers.is_empty() {
        return Ok(());
    }
    apply_stage(plan, Stage::AfterData, &mut warehouses, common.attempts, outcome).await?;
    // Views created just now are full; those that stood there before the data came are stale.
    for (name, view) in refresh_order(&comparison.target, &comparison.scope) {
        let refreshed = refresh_view(&mut warehouses.target, name, &view.owner, common.attempts).await;
        match refreshed.map_err(|error| JobError::lost("target", &error))? {
            Ok(()) => {
                log::info!("refreshed {}", name.plain());
                outcome.applied += 1;
            }
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
    outcome.blockers = comparison.widened(&mut warehouses).await?;
    Ok(())
}
