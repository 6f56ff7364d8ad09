//! Applying one stage of a plan, with progress in the log and the outcome in the ledger's terms.

use crate::outcome::record_applied;
use crate::{JobError, Warehouses};
use migration::outcome::ApplyOutcome;
use migration::plan::{Plan, Stage, Step};
use redshift::apply_plan::{Applied, apply_plan};
use std::num::NonZeroU32;

/// Applies the steps of a stage to the target; a line a phase tells how far it is.
///
/// An error means that the session is gone; the outcome has what was applied until then.
pub async fn apply_stage(
    plan: &Plan,
    stage: Stage,
    warehouses: &mut Warehouses,
    attempts: NonZeroU32,
    outcome: &mut ApplyOutcome,
) -> Result<(), JobError> {
    let steps: Vec<&Step> = plan.stage(stage).collect();
    let progress = |step: &Step, done| log::info!("{}: {done} of {} steps", step.phase, steps.len());
    let mut applied = Applied::default();
    let done = apply_plan(&mut warehouses.target, &steps, attempts, &mut applied, progress).await;
    record_applied(outcome, &applied);
    done.map_err(|error| JobError::lost("target", &error))
}
