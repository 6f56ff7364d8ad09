//! After the changes: what was to be there and is not, and what is there and was not to be.

use super::finding::{Finding, Power};
use super::judge::{Judged, judge, still_added};
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
    /// What the target gives and should not.
    pub added: Vec<Added>,
    /// How much was judged.
    pub judged: Judged,
}

/// Something that the target lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lacking {
    /// What a step was to do.
    Step(Box<Step>),
    /// What a new plan leaves out, and the first one did not.
    Note(Box<Note>),
    /// A privilege that the source gives.
    Privilege(Finding),
}

/// Something that the target gives, and neither the source gives nor the target gave before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Added {
    /// What a new plan would be blocked by.
    Blocker(Box<Note>),
    /// A privilege.
    Privilege(Finding),
}

impl Verification {
    /// Plans once more for the target as it is now, and judges what everybody can do. What remains must be what `first` left out or planned
    /// for the other job, and what `outcome` says of failed and skipped steps; it says, too, what an earlier start of the run found to be
    /// gained. `done` is the stage that was applied last, and `before` the target as `first` was planned for it.
    #[allow(clippy::too_many_arguments, reason = "each is another thing, and the jobs have them apart")]
    pub fn of(
        source: &Catalog,
        before: &Catalog,
        target: &Catalog,
        scope: &Scope,
        policy: &Policy,
        first: &Plan,
        done: Stage,
        outcome: &ApplyOutcome,
    ) -> Self {
        let again = plan(source, target, scope, &Furthest::new(), policy);
        let mut rights = judge(source, before, target, scope);
        // Most runs have one start, or nothing was gained.
        if !outcome.gained.is_empty() {
            rights.added.extend(still_added(source, target, scope, &outcome.gained));
        }
        let announced = Announced::of(source, first, &again, done, outcome);
        let steps = again.steps.iter().filter(|step| !announced.has_step(&step.id)).cloned();
        let notes = again.not_carried_over.iter().filter(|note| !announced.has_note(note)).cloned();
        let lost = rights.missing.into_iter().filter(|finding| !announced.explains(finding));
        let lacking = steps
            .map(|step| Lacking::Step(Box::new(step)))
            .chain(notes.map(|note| Lacking::Note(Box::new(note))));
        let added = again.blockers.iter().cloned().map(|note| Added::Blocker(Box::new(note)));
        Self {
            lacking: lacking.chain(lost.map(Lacking::Privilege)).collect(),
            added: added.chain(rights.added.into_iter().map(Added::Privilege)).collect(),
            judged: rights.judged,
        }
    }

    /// What more can be done than before.
    pub fn gained(&self) -> impl Iterator<Item = &Finding> {
        self.added.iter().filter_map(|added| match added {
            Added::Privilege(finding) => Some(finding),
            Added::Blocker(_) => None,
        })
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

    /// Whether a step was announced, or what it would do was left out for a reason that this run itself may have removed since: the next
    /// start does it.
    fn has_step(&self, id: &StepId) -> bool {
        let noted = |subject: Subject| self.notes.contains_key(&subject);
        let left = match id.clone() {
            StepId::GrantRole { role, to } => noted(Subject::RoleMembership { role, holder: to }),
            StepId::AddMember { member, group } => noted(Subject::Membership { member, group }),
            StepId::ChangeOwner(on) => noted(Subject::Owner(on)),
            StepId::ChangeRoleOwner(role) => noted(Subject::RoleOwner(role)),
            StepId::Grant { on, to, .. } => self.notes.keys().any(|subject| {
                matches!(subject, Subject::Privilege { on: noted, grantee, .. } if *noted == on && *grantee == to)
            }),
            StepId::GrantOnColumns { relation, to } => self.notes.keys().any(|subject| {
                matches!(subject, Subject::Privilege { on: Securable::Column(of, _), grantee, .. }
                    if *of == relation && *grantee == to)
            }),
            _ => false,
        };
        left || self.steps.contains(id)
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
        let principal = finding.principal.clone();
        match finding.power.clone() {
            Power::Privilege { privilege, grantable, on } => {
                let by_step = match on.clone() {
                    Securable::Column(relation, _) => {
                        has_step(StepId::GrantOnColumns { relation, to: principal.clone() })
                    }
                    // The step that grants this privilege; what is granted with the option is granted without it, too.
                    on => self.source.grants_on(&on).any(|grant| {
                        (&grant.grantee, &grant.privilege) == (&principal, &privilege)
                            && (grant.grantable || !grantable)
                            && has_step(StepId::Grant {
                                on: on.clone(),
                                to: principal.clone(),
                                grantable: grant.grantable,
                            })
                    }),
                };
                by_step || noted(Subject::Privilege { privilege, on, grantee: principal })
            }
            Power::Ownership(on) => self.has_step(&StepId::ChangeOwner(on)),
            // One note has all the permissions of a role.
            Power::System(privilege) => {
                let is_it = |subject: &Subject| match subject {
                    Subject::SystemPrivileges { privileges, grantee } => {
                        *grantee == principal && privileges.contains(&privilege)
                    }
                    _ => false,
                };
                has_step(StepId::GrantSystemPrivileges { to: principal.clone() })
                    || self.notes.keys().any(|subject| is_it(subject))
            }
            Power::Membership(Grantee::Role(role)) => {
                self.has_step(&StepId::GrantRole { role, to: principal })
            }
            Power::Membership(Grantee::Group(group)) => {
                let Grantee::User(member) = principal else { return false };
                self.has_step(&StepId::AddMember { member, group })
            }
            Power::Superuser => {
                let reasons = self.notes.get(&Subject::Principal(principal)).into_iter().flatten();
                reasons.into_iter().any(|reason| match reason {
                    Reason::User(cause) => cause.loses_superuser(),
                    _ => false,
                })
            }
            // Nothing else has members, and of the others none is missed.
            Power::Membership(Grantee::User(_) | Grantee::Public)
            | Power::Reach { .. }
            | Power::GrantRole(_)
            | Power::ToCome { .. }
            | Power::AssumeRole { .. }
            | Power::CreateDatabase
            | Power::UnrestrictedSyslogAccess => false,
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
                let NoteText { object, reason, remedy, definitions: _ } = NoteText::from(&*note);
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
            Added::Blocker(note) => Self::from(&*note),
            Added::Privilege(finding) => Self {
                object: finding.plain(),
                reason:
                    "the target gives this now, and neither the source gives it nor did the target before"
                        .to_owned(),
                remedy: "take it away on the target, or give it on the source, and start the job again"
                    .to_owned(),
                definitions: None,
            },
        }
    }
}
