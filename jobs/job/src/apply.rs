//! Applying one stage of a plan, with progress in the log and each outcome in the ledger as it happens.

use crate::comparison::Comparison;
use crate::outcome::remedy;
use crate::progress::Progress;
use crate::record::Record;
use crate::tries::Tries;
use crate::{Effects, JobError, Warehouses};
use migration::outcome::{ApplyOutcome, ErrorKind, FailedStep, SkippedStep};
use migration::plan::{Stage, Step, note_texts};
use redshift::apply_plan::{Confidential, Done, End, apply_plan};
use std::num::NonZeroU32;

/// Applies the steps of a stage to the target.
///
/// When the session is lost, nobody knows of the batch that was on its way, and least of all when it was at its COMMIT. So
/// the job connects anew, reads the target once more and goes on with what that still lacks, as a new start of the job
/// would. It reads and goes on in the same way where another session has created something meanwhile that was to be created, as the job
/// of a tenant with the same users does. `attempts` limits how often that happens without any progress between.
pub async fn apply_stage<E: Effects>(
    comparison: &mut Comparison,
    stage: Stage,
    warehouses: &mut Warehouses<E>,
    confidential: &Confidential,
    attempts: NonZeroU32,
    record: &Record,
) -> Result<(), JobError> {
    let mut tries = Tries::of(attempts, warehouses.target.random());
    loop {
        let steps: Vec<&Step> = comparison.plan.stage(stage).collect();
        let told = record.outcome().applied;
        record.update(|outcome| outcome.look(&comparison.plan.steps_by_phase(stage)));
        let found = record.outcome().applied;
        let mut progress = Progress::of(&steps);
        let mut met_another = None;
        let hear = |done: &[Done]| {
            for failed in done {
                if let End::Failed(error) = &failed.end {
                    met_another = met_another.take().or(error.is_there_already().then(|| error.clone()));
                    progress.aside(|| log::error!("{}: {error}", failed.step.id));
                }
            }
            record.update(|outcome| done.iter().for_each(|done| note(outcome, done)));
            if let Some(last) = done.last() {
                progress.advance(last.step.phase, done.len());
            }
        };
        // What the first stage should have done and did not is not there for the second.
        let earlier = comparison.plan.steps.iter().filter(|step| step.stage < stage).map(|step| &step.id);
        let target = &mut warehouses.target;
        let ended = match apply_plan(target, &steps, earlier, confidential, attempts, hear).await {
            Err(lost) => lost,
            Ok(()) => match met_another {
                Some(error) => error,
                None => return Ok(()),
            },
        };
        if record.outcome().applied > found || found > told {
            tries.begin_again();
        }
        let is_lost = ended.ends_session();
        if !tries.another(ended.kind, &ended).await {
            return if is_lost { Err(JobError::lost("target", &ended)) } else { Ok(()) };
        }
        if is_lost {
            warehouses.target.reopen().await?;
        }
        comparison.look_again(warehouses).await?;
        if let Some(first) = comparison.plan.blockers.first() {
            let changed = format!("{}: {}; {}", first.subject, first.reason, first.reason.remedy());
            record.update(|outcome| outcome.blockers = note_texts(&comparison.plan.blockers));
            return Err(JobError::of(ErrorKind::Conflict, "the target has changed meanwhile", changed));
        }
    }
}

/// Adds what became of a step to the outcome.
fn note(outcome: &mut ApplyOutcome, done: &Done) {
    let step = done.step;
    match &done.end {
        End::Applied => outcome.count(step.phase),
        End::Failed(error) => {
            let (message, remedy) = (error.message.clone(), remedy(error.kind).to_owned());
            outcome.failed.push(FailedStep::of(step, error.kind, message, remedy));
        }
        End::Skipped(cause) => outcome.skipped.push(SkippedStep::new(step, cause)),
    }
}
