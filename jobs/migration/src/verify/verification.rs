//! After the changes: what was to be there and is not, and what is there and was not to be.

use super::equivalence::{Finding, compare_rights};
use crate::catalog::{Catalog, Grantee, Securable};
use crate::outcome::{ApplyOutcome, ErrorKind, FailedStep, not_applied};
use crate::plan::{
    Furthest, Note, NoteText, Phase, Plan, Policy, Reason, Stage, Step, StepId, Subject, plan,
};
use crate::scope::Scope;
use std::collections::{BTreeMap, BTreeSet};

/// What a look at the target after the changes found, beyond what the outcome says already; nothing where all is well.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verification {
    /// What the target lacks, though nothing announced it.
    pub lacking: Vec<Lacking>,
    /// What the target gives and the source does not.
    pub added: Vec<Added>,
}

/// Something that the target lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lacking {
    /// What a step was to do.
    Step(Box<Step>),
    /// What a new plan leaves out, and the first one did not.
    Note(Note),
    /// A privilege that the source gives.
    Privilege(Finding),
}

/// Something that the target gives and the source does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Added {
    /// What a new plan would be blocked by.
    Blocker(Note),
    /// A privilege.
    Privilege(Finding),
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
        let announced = Announced::of(source, first, &again, done, outcome);
        let steps = again.steps.iter().filter(|step| !announced.steps.contains(&step.id)).cloned();
        let notes = again.not_carried_over.iter().filter(|note| !announced.has_note(note)).cloned();
        let lost = rights.missing.into_iter().filter(|finding| !announced.explains(finding));
        let lacking = steps.map(|step| Lacking::Step(Box::new(step))).chain(notes.map(Lacking::Note));
        let added = again.blockers.iter().cloned().map(Added::Blocker);
        Self {
            lacking: lacking.chain(lost.map(Lacking::Privilege)).collect(),
            added: added.chain(rights.added.into_iter().map(Added::Privilege)).collect(),
        }
    }
}

/// What a job has said already, or will do later.
struct Announced<'a> {
    source: &'a Catalog,
    /// Steps that failed, were skipped, are left out, or are the other job's.
    steps: BTreeSet<&'a StepId>,
    /// Why things do not arrive.
    notes: BTreeMap<&'a Subject, Vec<&'a Reason>>,
}

impl<'a> Announced<'a> {
    fn of(
        source: &'a Catalog,
        first: &'a Plan,
        again: &'a Plan,
        done: Stage,
        outcome: &'a ApplyOutcome,
    ) -> Self {
        let planned = first.steps.iter().filter(|step| step.stage != done);
        let planned: BTreeSet<&StepId> = planned.map(|step| &step.id).collect();
        let anothers = again.steps.iter().filter(|step| step.stage != done && planned.contains(&step.id));
        let mut steps: BTreeSet<&StepId> = not_applied(&outcome.failed, &outcome.skipped).collect();
        steps.extend(anothers.map(|step| &step.id));
        let mut notes: BTreeMap<&Subject, Vec<&Reason>> = BTreeMap::new();
        for note in &first.not_carried_over {
            notes.entry(&note.subject).or_default().push(&note.reason);
            if let Subject::Step(id) = &note.subject {
                steps.insert(id);
            }
        }
        Self { source, steps, notes }
    }

    fn has_note(&self, note: &Note) -> bool {
        // Default privileges of the target may have given some meanwhile.
        let fewer = match &note.subject {
            Subject::InertPrivileges { relations: some } => self
                .notes
                .keys()
                .any(|known| matches!(known, Subject::InertPrivileges { relations: all } if some <= all)),
            _ => false,
        };
        let known = self.notes.get(&note.subject).into_iter().flatten();
        fewer || known.into_iter().any(|known| known.covers(&note.reason))
    }

    /// Whether something was announced that takes this privilege along: a note on it, or the step that would give it.
    fn explains(&self, finding: &Finding) -> bool {
        let noted = |subject: Subject| self.notes.contains_key(&subject);
        let has_step = |id: StepId| self.steps.contains(&id);
        match finding.clone() {
            Finding::Right { privilege, grantable, securable: on, principal: grantee } => {
                let by_step = match on.clone() {
                    Securable::Column(relation, _) => {
                        has_step(StepId::GrantOnColumns { relation, to: grantee.clone() })
                    }
                    // The step that grants this privilege; what is granted with the option is granted without it, too.
                    on => self.source.grants_on(&on).any(|grant| {
                        (&grant.grantee, &grant.privilege) == (&grantee, &privilege)
                            && (grant.grantable || !grantable)
                            && has_step(StepId::Grant {
                                on: on.clone(),
                                to: grantee.clone(),
                                grantable: grant.grantable,
                            })
                    }),
                };
                by_step || noted(Subject::Privilege { privilege, on, grantee })
            }
            Finding::Owner { securable, .. } => {
                has_step(StepId::ChangeOwner(securable.clone())) || noted(Subject::Owner(securable))
            }
            // One note has all the permissions of a role.
            Finding::System { privilege, principal } => {
                let is_it = |subject: &Subject| match subject {
                    Subject::SystemPrivileges { privileges, grantee } => {
                        *grantee == principal && privileges.contains(&privilege)
                    }
                    _ => false,
                };
                has_step(StepId::GrantSystemPrivileges { to: principal.clone() })
                    || self.notes.keys().any(|subject| is_it(subject))
            }
            Finding::Membership { member, of: Grantee::Role(role) } => {
                has_step(StepId::GrantRole { role: role.clone(), to: member.clone() })
                    || noted(Subject::RoleMembership { role, holder: member })
            }
            Finding::Membership { member: Grantee::User(member), of: Grantee::Group(group) } => {
                has_step(StepId::AddMember { member: member.clone(), group: group.clone() })
                    || noted(Subject::Membership { member, group })
            }
            // Nothing else has members.
            Finding::Membership { .. } => false,
            Finding::Superuser { principal } => {
                let reasons = self.notes.get(&Subject::Principal(principal)).into_iter().flatten();
                reasons.into_iter().any(|reason| match reason {
                    Reason::User(cause) => cause.loses_superuser(),
                    _ => false,
                })
            }
        }
    }
}

/// Somebody else may have changed the target meanwhile; if not, the tool has a defect.
const REMEDY: &str =
    "start the job again; if this stays and nobody else changes the target, report it as a defect";

/// As the ledger tells it.
impl From<Lacking> for FailedStep {
    fn from(lacking: Lacking) -> Self {
        let found = |id: String, object: String, message: String, remedy: String| Self {
            id,
            step: None,
            phase: Phase::Verification,
            object,
            kind: ErrorKind::Conflict,
            message,
            remedy,
        };
        match lacking {
            Lacking::Step(step) => {
                let message = "when the target was read once more, this was still to be done";
                Self::of(&step, ErrorKind::Conflict, message.to_owned(), REMEDY.to_owned())
            }
            Lacking::Note(note) => {
                let NoteText { object, reason, remedy, definitions: _ } = NoteText::from(&note);
                let message = format!("found when the target was read once more: {reason}");
                found(format!("look again at {object}"), object, message, remedy)
            }
            Lacking::Privilege(finding) => {
                let (object, message) =
                    (finding.plain(), "the source gives this right and the target does not");
                found(format!("compare {object}"), object, message.to_owned(), REMEDY.to_owned())
            }
        }
    }
}

/// As the ledger tells it.
impl From<Added> for NoteText {
    fn from(added: Added) -> Self {
        match added {
            Added::Blocker(note) => Self::from(&note),
            Added::Privilege(finding) => Self {
                object: finding.plain(),
                reason: "the target gives this right and the source does not".to_owned(),
                remedy: "take it away on the target, or give it on the source".to_owned(),
                definitions: None,
            },
        }
    }
}
