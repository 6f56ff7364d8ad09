//! What was applied, as the ledger tells it.

use crate::{JobError, Run, Verdict};
use migration::outcome::{ApplyOutcome, ErrorKind, FailedStep, SkippedStep, Status};
use migration::plan::Note;
use redshift::apply_plan::Applied;

/// Adds what became of the steps to an outcome, and logs each that failed.
pub(crate) fn record_applied(outcome: &mut ApplyOutcome, applied: &Applied) {
    outcome.applied = applied.applied.len();
    for step in &applied.applied {
        *outcome.applied_by_phase.entry(step.phase.to_string()).or_default() += 1;
    }
    for (step, error) in &applied.failed {
        log::error!("{}: {error}", step.id);
        outcome.failed.push(FailedStep {
            id: step.id.to_string(),
            phase: step.phase,
            object: step.object.clone(),
            kind: error.kind,
            message: error.message.clone(),
            remedy: remedy(error.kind).to_owned(),
        });
    }
    let skipped = applied.skipped.iter().map(|(step, cause)| SkippedStep::new(step, cause));
    outcome.skipped.extend(skipped);
}

/// Ends a job that applies a stage: its outcome goes into the ledger at `key`, however it ended, and the verdict follows
/// from it.
pub async fn conclude(
    run: &Run,
    key: &str,
    mut outcome: ApplyOutcome,
    done: Result<(), JobError>,
) -> Result<Verdict, JobError> {
    outcome.error = done.as_ref().err().map(JobError::failure);
    outcome.conclude();
    let kept = run.ledger.put(key, &outcome).await;
    if let (Err(_), Err(lost)) = (&done, &kept) {
        log::error!("the ledger does not know of this end: {lost}");
    }
    done?;
    kept?;
    Ok(verdict(&outcome, key))
}

fn verdict(outcome: &ApplyOutcome, key: &str) -> Verdict {
    let details = format!("{key} in the ledger has the details");
    if let Some(first) = outcome.blockers.first() {
        let changed =
            if outcome.applied == 0 { "nothing was changed" } else { "look at the target's rights" };
        return Verdict::Failed(format!(
            "{changed}, since there are {} blockers; the first: {}: {}; {}; {details}",
            outcome.blockers.len(),
            first.object,
            first.reason,
            first.remedy,
        ));
    }
    let first = outcome.failed.first().map(|step| format!("{}: {}; {}", step.id, step.message, step.remedy));
    let message = format!(
        "{} steps failed and {} were left out; the first: {}; {details}",
        outcome.failed.len(),
        outcome.skipped.len(),
        first.unwrap_or_default(),
    );
    match outcome.status {
        Status::Planned | Status::Finished => {
            log::info!("{} steps applied", outcome.applied);
            Verdict::Finished
        }
        Status::Partial => Verdict::Partial(message),
        Status::Failed => Verdict::Failed(message),
    }
}

/// Logs notes, a line each.
pub fn log_notes(heading: &str, notes: &[Note]) {
    for note in notes {
        let line = format!("{heading}: {}: {}; {}", note.object, note.reason, note.remedy);
        // A name may hold a line break, which would look like another line of the log.
        log::warn!("{}", line.replace(char::is_control, " "));
    }
}

fn remedy(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Denied => "grant the job's user the right, best as a superuser, and start the job again",
        ErrorKind::Conflict | ErrorKind::Throttled | ErrorKind::Unreachable | ErrorKind::OutcomeUnknown => {
            "start the job again"
        }
        ErrorKind::NotFound => "move or create what it refers to, and start the job again",
        ErrorKind::Unsupported => "change it on the source to what the target supports, or create it by hand",
        ErrorKind::Arguments | ErrorKind::Configuration | ErrorKind::Data => {
            "put right what the message names, and start the job again"
        }
        ErrorKind::Internal => "report this as a defect",
    }
}
