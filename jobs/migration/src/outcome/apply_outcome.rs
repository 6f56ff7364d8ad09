//! `schema.json` and `views.json`: what a job that applies one stage of the plan did.

use super::{ErrorKind, FORMAT, Failure};
use crate::plan::{NoteText, Phase, ReplacedRows, Step, StepId};
use crate::verify::Finding;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How a job ended, or that it has not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// The job is at work, or was killed at it: what the document says is done is done, and perhaps a little more.
    Running,
    /// Nothing was to be done but to plan.
    Planned,
    /// The same, and the plan may not be applied as it is.
    Blocked,
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
    /// How it ended, or that it runs.
    pub status: Status,
    /// How many times a job was started under this run's name, this start included.
    pub starts: u32,
    /// The plan that was applied; none where the job ended before there was one.
    pub plan_sha256: Option<String>,
    /// Whether the plan was only to be shown.
    pub dry_run: bool,
    /// Steps of the run, by phase: what its first start found to do, and what later ones found beyond that.
    #[serde(with = "by_phase")]
    pub planned_by_phase: BTreeMap<Phase, usize>,
    /// Steps of the plan that follow the data, by phase: another job's.
    #[serde(default, with = "by_phase")]
    pub planned_after_data: BTreeMap<Phase, usize>,
    /// Rows of the target that the loads of the run are to replace.
    #[serde(default)]
    pub to_replace: Vec<ReplacedRows>,
    /// Steps applied, by all starts of the run.
    pub applied: usize,
    /// The same by phase.
    #[serde(with = "by_phase")]
    pub applied_by_phase: BTreeMap<Phase, usize>,
    /// Steps that failed.
    pub failed: Vec<FailedStep>,
    /// Steps left out because one that they need failed.
    pub skipped: Vec<SkippedStep>,
    /// What must not be: found before the first change, nothing was changed; found after it, something else gave a right
    /// that the source does not give.
    pub blockers: Vec<NoteText>,
    /// What the target gave after the changes, and neither the source gives nor the target gave before: later starts of the run look
    /// whether it still does, for they find it on the target.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gained: Vec<Finding>,
    /// What does not arrive, with the reason and what to do.
    pub not_carried_over: Vec<NoteText>,
    /// What reaches across the tenant's border, with what becomes of it.
    pub border: Vec<NoteText>,
    /// Why the job ended before its end.
    pub error: Option<Failure>,
}

/// A step that the target refused, or what else a job could not do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailedStep {
    /// The step, for people to read.
    pub id: String,
    /// The same for programs. None where it is no step of a plan, and in documents of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "known_step")]
    pub step: Option<StepId>,
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
    /// The step, for people to read.
    pub id: String,
    /// The same for programs. None in documents of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "known_step")]
    pub step: Option<StepId>,
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
            status: Status::Running,
            starts: 1,
            plan_sha256: None,
            dry_run: false,
            planned_by_phase: BTreeMap::new(),
            planned_after_data: BTreeMap::new(),
            to_replace: Vec::new(),
            applied: 0,
            applied_by_phase: BTreeMap::new(),
            failed: Vec::new(),
            skipped: Vec::new(),
            blockers: Vec::new(),
            gained: Vec::new(),
            not_carried_over: Vec::new(),
            border: Vec::new(),
            error: None,
        }
    }

    /// Goes on from the document of an earlier start of the same run: what that applied counts here, too. What it could
    /// not apply is in this start's plan again, and so is not taken over.
    pub fn go_on_from(&mut self, earlier: &Self) {
        self.starts = earlier.starts.saturating_add(1);
        self.planned_by_phase.clone_from(&earlier.planned_by_phase);
        self.applied_by_phase.clone_from(&earlier.applied_by_phase);
        self.gained.clone_from(&earlier.gained);
        self.sum_up();
    }

    /// Takes down what a look at the target found to remain, by phase: of all that was planned the rest is done, also what a
    /// job committed and did not live to write down.
    pub fn look(&mut self, remaining: &BTreeMap<Phase, usize>) {
        for phase in Phase::ALL {
            let of_phase = |counts: &BTreeMap<Phase, usize>| counts.get(&phase).copied().unwrap_or_default();
            let (left, planned) = (of_phase(remaining), of_phase(&self.planned_by_phase));
            let applied = of_phase(&self.applied_by_phase).max(planned.saturating_sub(left));
            if planned.max(left) > 0 {
                self.applied_by_phase.insert(phase, applied);
                self.planned_by_phase.insert(phase, planned.max(applied + left));
            }
        }
        self.applied_by_phase.retain(|_, applied| *applied > 0);
        self.failed.clear();
        self.skipped.clear();
        self.sum_up();
    }

    /// Takes down the steps of a plan that another job applies after the data.
    pub fn plan_after_data(&mut self, steps: &BTreeMap<Phase, usize>) {
        self.planned_after_data.clone_from(steps);
    }

    /// Counts something that was done in a phase.
    pub fn count(&mut self, phase: Phase) {
        *self.applied_by_phase.entry(phase).or_default() += 1;
        self.sum_up();
    }

    fn sum_up(&mut self) {
        self.applied = self.applied_by_phase.values().sum();
    }

    /// Sets the status that follows from what happened. An early end, blockers, a schema without which nothing in it can
    /// be, or nothing done of all that was to be done, are failures of the whole; any other failed step leaves the rest done.
    pub fn conclude(&mut self) {
        let no_schema = self.failed.iter().any(|step| step.phase == Phase::Schemas);
        let nothing = self.applied == 0 && !self.failed.is_empty();
        let only_blocked = self.dry_run && self.error.is_none() && !self.blockers.is_empty();
        self.status = if only_blocked {
            Status::Blocked
        } else if self.error.is_some() || !self.blockers.is_empty() || no_schema || nothing {
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

/// A step that this version knows; none for one of a later version.
fn known_step<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<StepId>, D::Error> {
    let value = serde_json::Value::deserialize(deserializer)?;
    Ok(serde_json::from_value(value).ok())
}

/// Counts by phase, in documents under the name of each.
pub(crate) mod by_phase {
    use crate::plan::Phase;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};
    use std::collections::BTreeMap;

    pub fn serialize<S: Serializer>(
        counts: &BTreeMap<Phase, usize>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_map(counts.iter().map(|(phase, count)| (phase.name(), count)))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<BTreeMap<Phase, usize>, D::Error> {
        let counts = BTreeMap::<String, usize>::deserialize(deserializer)?;
        let phase = |text: &str| {
            let known = Phase::ALL.into_iter().find(|phase| phase.name() == text);
            known.ok_or_else(|| Error::custom(format_args!("there is no phase {text}")))
        };
        counts.into_iter().map(|(text, count)| Ok((phase(&text)?, count))).collect()
    }
}

impl SkippedStep {
    /// A step left out because of another.
    pub fn new(step: &Step, cause: &StepId) -> Self {
        Self {
            id: step.id.to_string(),
            step: Some(step.id.clone()),
            object: step.object.clone(),
            cause: cause.to_string(),
        }
    }
}

impl FailedStep {
    /// A step of a plan that failed in this way. `message` says what happened, and `remedy` what to do.
    pub fn of(step: &Step, kind: ErrorKind, message: String, remedy: String) -> Self {
        Self {
            id: step.id.to_string(),
            step: Some(step.id.clone()),
            phase: step.phase,
            object: step.object.clone(),
            kind,
            message,
            remedy,
        }
    }
}

/// The steps among these that were not applied.
pub fn not_applied<'a>(
    failed: &'a [FailedStep],
    skipped: &'a [SkippedStep],
) -> impl Iterator<Item = &'a StepId> {
    let failed = failed.iter().filter_map(|failed| failed.step.as_ref());
    failed.chain(skipped.iter().filter_map(|skipped| skipped.step.as_ref()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(phase: Phase) -> FailedStep {
        let text = String::new;
        FailedStep {
            id: text(),
            step: None,
            phase,
            object: text(),
            kind: ErrorKind::Data,
            message: text(),
            remedy: text(),
        }
    }

    fn note() -> NoteText {
        let text = String::new;
        NoteText { object: text(), reason: text(), remedy: text(), definitions: None }
    }

    #[test]
    fn the_status_follows_from_what_happened() {
        let status = |change: fn(&mut ApplyOutcome)| {
            let mut outcome = ApplyOutcome::new("j", "t", "r");
            outcome.count(Phase::Tables);
            change(&mut outcome);
            outcome.conclude();
            outcome.status
        };
        assert_eq!(status(|_| ()), Status::Finished);
        assert_eq!(status(|outcome| outcome.dry_run = true), Status::Planned);
        let blocked = |outcome: &mut ApplyOutcome| {
            outcome.blockers.push(note());
        };
        assert_eq!(status(blocked), Status::Failed);
        let plan_with_blockers = |outcome: &mut ApplyOutcome| {
            outcome.dry_run = true;
            outcome.blockers.push(note());
        };
        assert_eq!(status(plan_with_blockers), Status::Blocked);
        assert_eq!(status(|outcome| outcome.failed.push(failed(Phase::Views))), Status::Partial);
        assert_eq!(status(|outcome| outcome.failed.push(failed(Phase::Schemas))), Status::Failed);
        assert_eq!(status(|outcome| outcome.failed.push(failed(Phase::ExternalSchemas))), Status::Partial);
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

    fn start(earlier: Option<&ApplyOutcome>, remaining: &[(Phase, usize)]) -> ApplyOutcome {
        let mut outcome = ApplyOutcome::new("j", "t", "r");
        if let Some(earlier) = earlier {
            outcome.go_on_from(earlier);
        }
        outcome.look(&remaining.iter().copied().collect());
        outcome
    }

    #[test]
    fn a_start_after_a_kill_counts_what_was_committed_and_not_written_down() {
        let mut killed = start(None, &[(Phase::Tables, 10), (Phase::Views, 3)]);
        assert_eq!((killed.applied, killed.planned_by_phase[&Phase::Tables]), (0, 10));
        killed.count(Phase::Tables);
        // It committed five; the document tells of one.
        let again = start(Some(&killed), &[(Phase::Tables, 5), (Phase::Views, 3)]);
        assert_eq!((again.starts, again.applied), (2, 5));
        assert_eq!((again.planned_by_phase[&Phase::Tables], again.planned_by_phase[&Phase::Views]), (10, 3));
    }

    #[test]
    fn what_failed_before_is_planned_again_and_what_is_new_is_added() {
        let mut first = start(None, &[(Phase::Tables, 2)]);
        first.count(Phase::Tables);
        first.failed.push(failed(Phase::Tables));
        let again = start(Some(&first), &[(Phase::Tables, 1)]);
        assert_eq!((again.applied, again.planned_by_phase[&Phase::Tables], again.failed.len()), (1, 2, 0));
        let grown = start(Some(&first), &[(Phase::Tables, 4)]);
        assert_eq!((grown.applied, grown.planned_by_phase[&Phase::Tables]), (1, 5));
    }

    #[test]
    fn a_document_of_before_steps_were_values_is_read() {
        let document = serde_json::json!({
            "format": 1, "job": "migrate-schema", "tenant": "t", "run_id": "r", "status": "partial", "starts": 1,
            "plan_sha256": null, "dry_run": false, "planned_by_phase": {"tables": 2}, "applied": 0, "applied_by_phase": {},
            "failed": [{
                "id": "create table \"s\".\"t\"", "phase": "tables", "object": "s.t", "kind": "denied", "message": "no",
                "remedy": "grant it",
            }],
            "skipped": [{"id": "add key \"s\".\"t\" \"k\"", "object": "k of s.t", "cause": "create table \"s\".\"t\""}],
            "blockers": [], "border": [], "error": null,
            "not_carried_over": [{"object": "user ann", "reason": "passwords are not read", "remedy": "set one"}],
        });
        let read: ApplyOutcome = serde_json::from_value(document).unwrap();
        assert_eq!((read.failed[0].step.as_ref(), read.skipped[0].step.as_ref()), (None, None));
        assert_eq!(read.failed[0].id, r#"create table "s"."t""#);
        assert_eq!(read.not_carried_over[0].object, "user ann");
        let mut later = serde_json::to_value(&read).unwrap();
        later["failed"][0]["step"] = serde_json::json!({"grow_wings": "s"});
        later["skipped"][0]["step"] = serde_json::json!({"create_schema": "s"});
        let read: ApplyOutcome = serde_json::from_value(later).unwrap();
        assert_eq!(read.failed[0].step, None, "a step of a later version");
        assert!(matches!(&read.skipped[0].step, Some(StepId::CreateSchema(name)) if name.as_str() == "s"));
    }
}
