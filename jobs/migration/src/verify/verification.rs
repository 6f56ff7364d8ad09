//! After the changes: what was to be there and is not, and what is there and was not to be.

use super::equivalence::{Finding, compare_rights};
use crate::catalog::Catalog;
use crate::outcome::{ApplyOutcome, ErrorKind, FailedStep};
use crate::plan::{Furthest, Note, Phase, Plan, Policy, Stage, Step, StepId, plan};
use crate::scope::Scope;
use std::collections::BTreeSet;

/// What a look at the target after the changes found, beyond what the outcome says already; nothing where all is well.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verification {
    /// What the target lacks, though nothing announced it.
    pub lacking: Vec<FailedStep>,
    /// What the target gives and the source does not.
    pub added: Vec<Note>,
}

impl Verification {
    /// Plans once more for the target as it is now, and compares everybody's rights. What remains must be what `first` left out or planned
    /// for the other job, and what `outcome` says of failed and skipped steps; `done` is the stage that was applied last.
    pub fn of(
        source: &Catalog,
        target: &Catalog,
        scope: &Scope,
        policy: &Policy,
        first: &Plan,
        done: Stage,
        outcome: &ApplyOutcome,
    ) -> Self {
        let again = plan(source, target, scope, &Furthest::new(), policy);
        let rights = compare_rights(source, target, scope);
        let announced = Announced::of(first, &again, done, outcome);
        let remaining = again.steps.iter().filter(|step| !announced.step(step));
        let mut lacking: Vec<FailedStep> = remaining.map(remaining_step).collect();
        let known: BTreeSet<(&str, &str)> = first.not_carried_over.iter().map(key).collect();
        lacking
            .extend(again.not_carried_over.iter().filter(|note| !known.contains(&key(note))).map(new_note));
        lacking
            .extend(rights.missing.iter().filter(|finding| !announced.finding(finding)).map(missing_right));
        let mut added = again.blockers;
        added.extend(rights.added.iter().map(added_right));
        Self { lacking, added }
    }
}

fn key(note: &Note) -> (&str, &str) {
    (&note.object, &note.reason)
}

/// What a job has said already, or will do later.
struct Announced<'a> {
    /// Ids of steps that failed, were skipped, or are the other job's.
    steps: BTreeSet<&'a str>,
    /// Objects of notes.
    notes: BTreeSet<&'a str>,
}

impl<'a> Announced<'a> {
    fn of(first: &'a Plan, again: &'a Plan, done: Stage, outcome: &'a ApplyOutcome) -> Self {
        let failed = outcome.failed.iter().map(|step| step.id.as_str());
        let skipped = outcome.skipped.iter().map(|step| step.id.as_str());
        let planned: BTreeSet<&StepId> = first.steps.iter().map(|step| &step.id).collect();
        let anothers = again.steps.iter().filter(|step| step.stage != done && planned.contains(&step.id));
        Self {
            steps: failed.chain(skipped).chain(anothers.map(|step| step.id.as_str())).collect(),
            notes: first.not_carried_over.iter().map(|note| note.object.as_str()).collect(),
        }
    }

    fn step(&self, step: &Step) -> bool {
        self.steps.contains(step.id.as_str())
    }

    /// A right is announced by a note on it, or by a step that names all that it is about.
    fn finding(&self, finding: &Finding) -> bool {
        let parts = finding.parts();
        self.notes.iter().any(|object| finding.is_noted_as(object))
            || self.steps.iter().any(|id| parts.iter().all(|part| id.contains(part)))
    }
}

/// Somebody else may have changed the target meanwhile; if not, the tool has a defect.
const REMEDY: &str =
    "start the job again; if this stays and nobody else changes the target, report it as a defect";

fn remaining_step(step: &Step) -> FailedStep {
    FailedStep {
        id: step.id.to_string(),
        phase: step.phase,
        object: step.object.clone(),
        kind: ErrorKind::Conflict,
        message: "when the target was read once more, this was still to be done".into(),
        remedy: REMEDY.into(),
    }
}

fn new_note(note: &Note) -> FailedStep {
    FailedStep {
        id: format!("look again at {}", note.object),
        phase: Phase::Verification,
        object: note.object.clone(),
        kind: ErrorKind::Conflict,
        message: format!("found when the target was read once more: {}", note.reason),
        remedy: note.remedy.clone(),
    }
}

fn missing_right(finding: &Finding) -> FailedStep {
    FailedStep {
        id: format!("compare {}", finding.plain()),
        phase: Phase::Verification,
        object: finding.plain(),
        kind: ErrorKind::Conflict,
        message: "the source gives this right and the target does not".into(),
        remedy: REMEDY.into(),
    }
}

fn added_right(finding: &Finding) -> Note {
    Note::new(
        finding.plain(),
        "the target gives this right and the source does not",
        "take it away on the target, or give it on the source",
    )
}
