//! `schema.json` and `views.json`: what a job that applies one stage of the plan did.

use super::{ErrorKind, FORMAT};
use crate::plan::{Note, Phase, Step, StepId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How a job ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
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
    /// Steps applied.
    pub applied: usize,
    /// Steps applied, by phase.
    pub applied_by_phase: BTreeMap<String, usize>,
    /// Steps that failed.
    pub failed: Vec<FailedStep>,
    /// Steps left out because one that they need failed.
    pub skipped: Vec<SkippedStep>,
    /// Why nothing was changed.
    pub blockers: Vec<Note>,
    /// What does not arrive, with the reason and what to do.
    pub not_carried_over: Vec<Note>,
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
            applied: 0,
            applied_by_phase: BTreeMap::new(),
            failed: Vec::new(),
            skipped: Vec::new(),
            blockers: Vec::new(),
            not_carried_over: Vec::new(),
        }
    }

    /// Sets the status that follows from what failed: blockers, or a schema without which nothing in it can be,
    /// are a failure of the whole; any other failed step leaves the rest done.
    pub fn conclude(&mut self) {
        let fatal = self.failed.iter().any(|step| step.phase == Phase::Schemas);
        self.status = if !self.blockers.is_empty() || fatal {
            Status::Failed
        } else if self.failed.is_empty() {
            Status::Finished
        } else {
            Status::Partial
        };
    }
}

impl SkippedStep {
    /// A step left out because of another.
    pub fn new(step: &Step, cause: &StepId) -> Self {
        Self { id: step.id.to_string(), object: step.object.clone(), cause: cause.to_string() }
    }
}
