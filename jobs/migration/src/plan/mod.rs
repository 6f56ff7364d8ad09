//! What to do so that the target holds what the source holds: pure and deterministic.
//!
//! [`plan`] compares two catalogs within a scope. What is missing on the target becomes a [`Step`], what is
//! equal is left, what differs or cannot be moved is named in [`Plan::not_carried_over`], and what must not
//! happen at all in [`Plan::blockers`]. Nothing is ever dropped.

mod acting;
mod actors;
mod associations;
mod assume_role;
mod batches;
mod blockers;
mod border;
mod column_rights;
mod comments;
mod default_privileges;
mod exposure;
mod graph;
mod guards;
mod held;
mod identity;
mod keys;
mod lost_powers;
mod monitoring;
mod note;
mod otherwise;
mod outside;
mod ownership;
mod passwords;
mod policies;
mod policy;
mod principals;
mod readers;
pub mod reason;
mod rights;
mod roles;
mod routines;
mod schemas;
mod self_revokes;
mod standing_rows;
mod step;
mod step_id;
mod subject;
mod surplus;
mod system_privileges;
mod table_differences;
mod tables;
mod targets_own;
mod texts;
mod unfound;
mod unread;
mod views;

pub use associations::RoleAssociation;
pub use batches::{batches, in_one_transaction};
pub use identity::{Furthest, identities_to_measure};
pub use note::{Definitions, Note, NoteText, note_texts};
pub use policy::{Interleaved, NewPassword, Owners, Passwords, Policy, Superusers};
pub use reason::Reason;
pub use standing_rows::{ReplacedRows, StandingRows, key_too_long, protected};
pub use step::{Phase, Stage, Step, Transaction};
pub use step_id::StepId;
pub use subject::Subject;
pub use views::refresh_order;

use crate::catalog::{Catalog, Grantee, Securable, User};
use crate::digest::sha256;
use crate::name::{Identifier, QualifiedName};
use crate::scope::Scope;
use crate::statement::Sql;
use crate::text::without_credentials;
use guards::Guards;
use reason::{
    Association, AssumeRoleCause, BlockedObject, CommentCause, Crosses, DefaultPrivilegeCause, Definition,
    Exposure, Fate, GroupCause, KeyCause, Left, NotMoved, OwnerCause, PolicyCause, PrivilegeCause, Reaches,
    RoleCause, RoutineCause, RowsCause, SchemaCause, SystemPrivilegeCause, TableCause, UnreadCause,
    UserCause, ViewCause,
};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::mem::take;
use surplus::Surplus;
pub(crate) use texts::Texts;

/// All that is to be done, and all that is not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// The version of this document's form.
    pub format: u32,
    /// What must not be done: with any blocker nothing is changed.
    pub blockers: Vec<Note>,
    /// What does not arrive, with the reason and what to do.
    pub not_carried_over: Vec<Note>,
    /// What reaches across the tenant's border, with what becomes of it.
    pub border: Vec<Note>,
    /// The IAM role is to be associated with these warehouses, before the first statement.
    pub associations: Vec<RoleAssociation>,
    /// Rows of the target that the loads of this run replace.
    pub replaced: Vec<ReplacedRows>,
    /// The changes, in order.
    pub steps: Vec<Step>,
    /// The users that get a password as they are created, and from where; never the password itself.
    pub passwords: Vec<NewPassword>,
}

impl Plan {
    /// SHA-256 over the plan's canonical JSON, in hexadecimal: the same plan has the same sum everywhere.
    pub fn sha256(&self) -> String {
        // By way of Value, whose maps are sorted: the sum does not depend on the order of fields in the program.
        let json = serde_json::to_value(self).expect("a plan is plain data").to_string();
        sha256(json)
    }

    /// How many steps of a stage there are, by phase.
    pub fn steps_by_phase(&self, stage: Stage) -> BTreeMap<Phase, usize> {
        let mut counts = BTreeMap::new();
        for step in self.stage(stage) {
            *counts.entry(step.phase).or_default() += 1;
        }
        if stage == Stage::BeforeData && !self.associations.is_empty() {
            counts.insert(Phase::IamRoles, self.associations.len());
        }
        counts
    }

    /// Adds what must not be done: then nothing is changed.
    pub fn block(&mut self, notes: impl IntoIterator<Item = Note>) {
        self.blockers.extend(notes);
        note::sort(&mut self.blockers);
    }

    /// The steps of one stage, in order.
    pub fn stage(&self, stage: Stage) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(move |step| step.stage == stage)
    }
}

/// Plans what the target lacks. `furthest` holds the value that each identity column of
/// [`identities_to_measure`] has reached on the source, and `policy` what the caller decides.
pub fn plan(source: &Catalog, target: &Catalog, scope: &Scope, furthest: &Furthest, policy: &Policy) -> Plan {
    let texts = Texts::of(source, target, scope, policy);
    let mut context = Context {
        source,
        target,
        scope,
        policy,
        after_data: views::after_data(source),
        guards: Guards::default(),
        surplus: Surplus::of(source, target, scope, &texts),
        texts,
    };
    context.guards = Guards::of(&context);
    let mut draft = Draft::default();
    if !policy.shares_principals {
        principals::plan(&context, &mut draft);
        system_privileges::plan(&context, &mut draft);
    }
    schemas::plan(&context, &mut draft);
    tables::plan(&context, furthest, &mut draft);
    keys::plan(&context, &mut draft);
    routines::plan(&context, &mut draft);
    views::plan(&context, &mut draft);
    otherwise::leave_out(&context, &mut draft);
    policies::plan(&context, &mut draft);
    ownership::plan(&context, &mut draft);
    rights::plan(&context, &mut draft);
    self_revokes::plan(&context, &mut draft);
    views::wait_for_rights(&context, &mut draft);
    default_privileges::plan(&context, &mut draft);
    exposure::refuse(&context, &mut draft);
    assume_role::plan(&context, &mut draft);
    border::plan(&context, &mut draft);
    outside::plan(&context, &mut draft);
    monitoring::plan(&context, &mut draft);
    lost_powers::plan(&context, &mut draft);
    comments::plan(&context, &mut draft);
    blockers::plan(&context, &mut draft);
    unread::plan(&context, &mut draft);
    draft.into_plan()
}

/// What every part of the plan looks at.
struct Context<'a> {
    source: &'a Catalog,
    target: &'a Catalog,
    scope: &'a Scope,
    policy: &'a Policy,
    /// The relations that come to be after the data.
    after_data: BTreeSet<&'a QualifiedName>,
    /// What must guard relations before somebody gets hold of them.
    guards: Guards<'a>,
    /// What views and procedures name.
    texts: Texts<'a>,
    /// What the target gives beyond the tenant that the source does not.
    surplus: Surplus<'a>,
}

impl Context<'_> {
    /// Whether a user is on the target, or will be.
    fn user_arrives(&self, name: &Identifier) -> bool {
        user_arrives(self.source, self.target, self.scope, name)
    }

    /// Whether who would get a right is on the target, or will be.
    fn grantee_arrives(&self, grantee: &Grantee) -> bool {
        match grantee {
            Grantee::Public => true,
            Grantee::User(name) => self.user_arrives(name),
            Grantee::Group(name) => {
                self.target.groups.contains_key(name)
                    || (self.scope.groups.contains(name) && self.source.groups.contains_key(name))
            }
            Grantee::Role(name) => roles::role_arrives(self, name),
        }
    }

    /// The stage in which an object gets its owner and rights: materialized views and what stands on them come after the data,
    /// and so do masks.
    fn stage_of(&self, securable: &Securable) -> Stage {
        let late = relation_of(securable).is_some_and(|name| self.after_data.contains(name));
        let masked = self.guards.on(securable).any(|guard| guard.after_data);
        if late || masked { Stage::AfterData } else { Stage::BeforeData }
    }

    /// The steps that guard an object, before which it gets neither owner nor rights.
    fn guards_of<'s>(&'s self, securable: &'s Securable) -> impl Iterator<Item = StepId> + 's {
        self.guards.on(securable).flat_map(|guard| &guard.needs).cloned()
    }
}

fn user_arrives(source: &Catalog, target: &Catalog, scope: &Scope, name: &Identifier) -> bool {
    let moves = |user: &User| !user.is_external(name);
    target.users.contains_key(name)
        || (scope.users.contains(name) && source.users.get(name).is_some_and(moves))
}

/// The relation that rights on this are rights on.
fn relation_of(securable: &Securable) -> Option<&QualifiedName> {
    match securable {
        Securable::Relation(name) | Securable::Column(name, _) => Some(name),
        Securable::Database
        | Securable::Language(_)
        | Securable::EveryInDatabase(_)
        | Securable::Schema(_)
        | Securable::EveryInSchema(..)
        | Securable::Routine(_) => None,
    }
}

/// A plan in the making.
#[derive(Default)]
struct Draft {
    blockers: Vec<Note>,
    not_carried_over: Vec<Note>,
    border: Vec<Note>,
    steps: Vec<Step>,
    absent: BTreeSet<StepId>,
    passwords: Vec<NewPassword>,
}

impl Draft {
    fn block(&mut self, subject: Subject, reason: impl Into<Reason>) {
        self.blockers.push(Note::new(subject, reason));
    }

    fn leave(&mut self, subject: Subject, reason: impl Into<Reason>) {
        self.not_carried_over.push(Note::new(subject, reason));
    }

    /// Names something that the target has with another definition, and in what they differ where that can be told: it is never
    /// changed, and nothing is built on it. A right on it, above all, would be one on something else than the source's.
    fn differs(
        &mut self,
        step: impl Into<Option<StepId>>,
        subject: Subject,
        differences: Vec<&'static str>,
        source: &Sql,
        target: &Sql,
    ) {
        self.absent.extend(step.into());
        let shown = |sql: &Sql| without_credentials(sql.as_str());
        let definitions = Definitions { source: shown(source), target: shown(target) };
        let note = Note::new(subject, Definition::Differs { differences });
        self.not_carried_over.push(Note { definitions: Some(definitions), ..note });
    }

    /// Leaves a step out, and with it, by name, every step that needs it.
    fn leave_out(&mut self, step: StepId, subject: Subject, reason: impl Into<Reason>) {
        self.absent.insert(step);
        self.leave(subject, reason);
    }

    fn into_plan(mut self) -> Plan {
        let ordered = graph::order(take(&mut self.steps), &self.absent);
        for circle in &ordered.circles {
            let steps: Vec<StepId> = circle.iter().map(|step| step.id.clone()).collect();
            for step in &steps {
                self.leave(Subject::Step(step.clone()), Left::InACircle { steps: steps.clone() });
            }
        }
        for (step, cause) in ordered.without {
            self.leave(Subject::Step(step.id), Left::NeedsWhatIsLeftOut { cause });
        }
        for id in ordered.ambiguous {
            self.block(Subject::Step(id), Left::Ambiguous);
        }
        for notes in [&mut self.blockers, &mut self.not_carried_over, &mut self.border] {
            note::sort(notes);
        }
        let Self { blockers, not_carried_over, border, mut passwords, .. } = self;
        let steps = ordered.steps;
        let ids: BTreeSet<&StepId> = steps.iter().map(|step| &step.id).collect();
        passwords.retain(|password| ids.contains(&password.step));
        let (associations, replaced) = (Vec::new(), Vec::new());
        Plan { format: 1, blockers, not_carried_over, border, associations, replaced, steps, passwords }
    }
}

#[cfg(test)]
mod every_field;
#[cfg(test)]
mod tests;
