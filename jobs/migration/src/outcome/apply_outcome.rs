//! `schema.json` and `views.json`: what a job that applies one stage of the plan did.

use super::{ErrorKind, FORMAT, Failure};
use crate::plan::{Note, Phase, Step, StepId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How a job ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Nothing was to be done but to plan.
    Planned,
    /// All that was to be done is done.
    Finished,
    /// Some of it failed; the rest is done.
    Partial,
    /// Nothing can go on from here.
    Failed,
}

/// What became of a stage of the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplyOutcome {
    /// The version of this document's form.
    pub format: u32,
    /// Which job wrote it.
    pub job: String,
    /// The tenant.
    pub tenant: String,
    /// The run.
    pub run_id: String,
    /// How it ended.
    pub status: Status,
    /// The plan that was applied; none where the job ended before there was one.
    pub plan_sha256: Option<String>,
    /// Whether the plan was only to be shown.
    pub dry_run: bool,
    /// Steps applied.
    pub applied: usize,
    /// Steps applied, by phase.
    pub applied_by_phase: BTreeMap<String, usize>,
    /// Steps that failed.
    pub failed: Vec<FailedStep>,
    /// Steps left out because one that they need failed.
    pub skipped: Vec<SkippedStep>,
    /// What must not be: found before the first change, nothing was changed; found after it, something else gave a right
    /// that the source does not give.
    pub blockers: Vec<Note>,
    /// What does not arrive, with the reason and what to do.
    pub not_carried_over: Vec<Note>,
    /// What reaches across the tenant's border, with what becomes of it.
    pub border: Vec<Note>,
    /// Why the job ended before its end.
    pub error: Option<Failure>,
}

/// A step that the target refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailedStep {
    /// The step.
    pub id: String,
    /// Its phase.
    pub phase: Phase,
    /// What it was to change.
    pub object: String,
    /// What kind of error.
    pub kind: ErrorKind,
    /// What the target said.
    pub message: String,
    /// What to do.
    pub remedy: String,
}

/// A step that was not tried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkippedStep {
    /// The step.
    pub id: String,
    /// What it was to change.
    pub object: String,
    /// The failed step that it needs.
    pub cause: String,
}

impl ApplyOutcome {
    /// The outcome of a job that has not applied anything yet.
    pub fn new(job: &str, tenant: &str, run_id: &str) -> Self {
        Self {
            format: FORMAT,
            job: job.to_owned(),
            tenant: tenant.to_owned(),
            run_id: run_id.to_owned(),
            status: Status::Finished,
            plan_sha256: None,
            dry_run: false,
            applied: 0,
            applied_by_phase: BTreeMap::new(),
            failed: Vec::new(),
            skipped: Vec::new(),
            blockers: Vec::new(),
            not_carried_over: Vec::new(),
            border: Vec::new(),
            error: None,
        }
    }

    /// Sets the status that follows from what happened. An early end, blockers, a schema without which nothing in it can
    /// be, or nothing done of all that was to be done, are failures of the whole; any other failed step leaves the rest done.
    pub fn conclude(&mut self) {
        let no_schema = self.failed.iter().any(|step| step.phase == Phase::Schemas);
        let nothing = self.applied == 0 && !self.failed.is_empty();
        self.status = if self.error.is_some() || !self.blockers.is_empty() || no_schema || nothing {
            Status::Failed
        } else if !self.failed.is_empty() {
            Status::Partial
        } else if self.dry_run {
            Status::Planned
        } else {
            Status::Finished
        };
    }
}

impl SkippedStep {
    /// A step left out because of another.
    pub fn new(step: &Step, cause: &StepId) -> Self {
        Self { id: step.id.to_string(), object: step.object.clone(), cause: cause.to_string() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(phase: Phase) -> FailedStep {
        let text = String::new;
        FailedStep {
            id: text(),
            phase,
            object: text(),
            kind: ErrorKind::Data,
            message: text(),
            remedy: text(),
        }
    }

    #[test]
    fn the_status_follows_from_what_happened() {
        let status = |change: fn(&mut ApplyOutcome)| {
            let mut outcome = ApplyOutcome { applied: 1, ..ApplyOutcome::new("j", "t", "r") };
            change(&mut outcome);
            outcome.conclude();
            outcome.status
        };
        assert_eq!(status(|_| ()), Status::Finished);
        assert_eq!(status(|outcome| outcome.dry_run = true), Status::Planned);
        assert_eq!(status(|outcome| outcome.failed.push(failed(Phase::Views))), Status::Partial);
        assert_eq!(status(|outcome| outcome.failed.push(failed(Phase::Schemas))), Status::Failed);
        let nothing = |outcome: &mut ApplyOutcome| {
            outcome.applied = 0;
            outcome.failed.push(failed(Phase::Views));
        };
        assert_eq!(status(nothing), Status::Failed);
        let lost = |outcome: &mut ApplyOutcome| {
            let (message, remedy) = (String::new(), String::new());
            outcome.error = Some(Failure { kind: ErrorKind::Unreachable, message, remedy });
        };
        assert_eq!(status(lost), Status::Failed);
    }
}
