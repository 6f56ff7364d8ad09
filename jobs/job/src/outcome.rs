//! What was applied, as the ledger tells it.

use crate::record::Record;
use crate::{Effects, JobError, Run, Verdict};
use migration::outcome::{ApplyOutcome, ErrorKind, Status};
use migration::plan::NoteText;
use migration::words::number_of;

/// Ends a job that applies a stage: its outcome goes into the ledger, however it ended, and the verdict follows from it.
pub async fn conclude<E: Effects>(
    run: &Run<E>,
    record: Record,
    done: Result<(), JobError>,
) -> Result<Verdict, JobError> {
    let (key, mut outcome) = record.close().await?;
    outcome.error = done.as_ref().err().map(JobError::failure);
    outcome.conclude();
    run.put_last(&key, &outcome, done).await?;
    Ok(verdict(&outcome, &key))
}

fn verdict(outcome: &ApplyOutcome, key: &str) -> Verdict {
    let details = format!("{key} in the ledger has the details");
    if let Some(first) = outcome.blockers.first() {
        let changed = match (outcome.status, outcome.applied) {
            (Status::Blocked, _) => "the plan may not be applied: it has",
            (_, 0) => "nothing was changed: the plan has",
            (_, 1..) => "what was applied stays, and there is a blocker now:",
        };
        let number = number_of(outcome.blockers.len(), "blocker");
        let message = format!(
            "{changed} {number}; the first: {}: {}; {}; {details}",
            first.object, first.reason, first.remedy,
        );
        // To find a blocker is what a dry run is for.
        return if outcome.status == Status::Blocked {
            Verdict::Partial(message)
        } else {
            Verdict::Failed(message)
        };
    }
    let first = outcome.failed.first().map(|step| format!("{}: {}; {}", step.id, step.message, step.remedy));
    let message = format!(
        "{} failed, {} left out; the first: {}; {details}",
        number_of(outcome.failed.len(), "step"),
        outcome.skipped.len(),
        first.unwrap_or_default(),
    );
    match outcome.status {
        Status::Planned => Verdict::Finished,
        Status::Finished => {
            let before = if outcome.starts > 1 { " by all starts of this run" } else { "" };
            log::info!("{} applied{before}", number_of(outcome.applied, "step"));
            Verdict::Finished
        }
        Status::Blocked | Status::Partial => Verdict::Partial(message),
        Status::Running | Status::Failed => Verdict::Failed(message),
    }
}

/// Logs notes, a line each.
pub fn log_notes(heading: &str, notes: &[NoteText]) {
    for note in notes {
        let line = format!("{heading}: {}: {}; {}", note.object, note.reason, note.remedy);
        log::warn!("{}", one_line(&line));
    }
}

/// A text as one line of the log: a name in it may hold a line break, which would look like another line.
pub fn one_line(text: &str) -> String {
    text.replace(char::is_control, " ")
}

/// What to do about a step that failed in this way.
pub(crate) fn remedy(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Denied => "grant the job's user the right, best as a superuser, and start the job again",
        ErrorKind::Conflict | ErrorKind::Throttled | ErrorKind::Unreachable | ErrorKind::OutcomeUnknown => {
            "start the job again"
        }
        ErrorKind::NotFound => "move or create what it refers to, and start the job again",
        ErrorKind::Unsupported => "change it on the source to what the target supports, or create it by hand",
        ErrorKind::Arguments | ErrorKind::Configuration | ErrorKind::Data | ErrorKind::Protected => {
            "put right what the message names, and start the job again"
        }
        ErrorKind::Canceled => {
            "find out who cancelled it or which limit ended it (a query monitoring rule, the WLM timeout, the workgroup's \
             max_query_execution_time), raise that, and start the job again"
        }
        ErrorKind::Internal => "report this as a defect",
    }
}
