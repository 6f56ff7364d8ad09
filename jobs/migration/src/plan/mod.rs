//! What to do so that the target holds what the source holds: pure and deterministic.
//!
//! [`plan`] compares two catalogs within a scope. What is missing on the target becomes a [`Step`], what is
//! equal is left, what differs or cannot be moved is named in [`Plan::not_carried_over`], and what must not
//! happen at all in [`Plan::blockers`]. Nothing is ever dropped.

mod batches;
mod border;
mod comments;
mod graph;
mod identity;
mod keys;
mod ownership;
mod principals;
mod rights;
mod routines;
mod schemas;
mod step;
mod table_differences;
mod tables;
mod views;

pub use batches::{batches, in_one_transaction};
pub use identity::{Furthest, identities_to_measure};
pub use step::{Phase, Stage, Step, StepId, Transaction};
pub use tables::table_step;
pub use views::refresh_order;

use crate::catalog::{Catalog, Securable};
use crate::name::{Identifier, QualifiedName};
use crate::scope::Scope;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::mem::take;

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
    /// The changes, in order.
    pub steps: Vec<Step>,
}

/// Something that a person should know about one object.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, serde::Deserialize)]
pub struct Note {
    /// The object, for people to read.
    pub object: String,
    /// What is the matter.
    pub reason: String,
    /// What to do about it.
    pub remedy: String,
}

impl Plan {
    /// SHA-256 over the plan's canonical JSON, in hexadecimal: the same plan has the same sum everywhere.
    pub fn sha256(&self) -> String {
        // By way of Value, whose maps are sorted: the sum does not depend on the order of fields in the program.
        let json = serde_json::to_value(self).expect("a plan is plain data").to_string();
        Sha256::digest(json).iter().fold(String::new(), |mut hex, byte| {
            write!(hex, "{byte:02x}").expect("writing to a String cannot fail");
            hex
        })
    }

    /// The steps of one stage, in order.
    pub fn stage(&self, stage: Stage) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(move |step| step.stage == stage)
    }
}

/// Plans what the target lacks. `furthest` holds the value that each identity column of
/// [`identities_to_measure`] has reached on the source.
pub fn plan(source: &Catalog, target: &Catalog, scope: &Scope, furthest: &Furthest) -> Plan {
    let context = Context { source, target, scope, after_data: views::after_data(source) };
    let mut draft = Draft::default();
    principals::plan(&context, &mut draft);
    schemas::plan(&context, &mut draft);
    tables::plan(&context, furthest, &mut draft);
    keys::plan(&context, &mut draft);
    routines::plan(&context, &mut draft);
    views::plan(&context, &mut draft);
    ownership::plan(&context, &mut draft);
    rights::plan(&context, &mut draft);
    border::plan(&context, &mut draft);
    comments::plan(&context, &mut draft);
    draft.into_plan()
}

/// What every part of the plan looks at.
struct Context<'a> {
    source: &'a Catalog,
    target: &'a Catalog,
    scope: &'a Scope,
    /// The relations that come to be after the data.
    after_data: BTreeSet<&'a QualifiedName>,
}

impl Context<'_> {
    /// Whether a user is on the target, or will be.
    fn user_arrives(&self, name: &Identifier) -> bool {
        self.target.users.contains_key(name)
            || (self.scope.users.contains(name) && self.source.users.contains_key(name))
    }

    /// The stage in which an object comes to be: materialized views and what stands on them come after the data.
    fn stage_of(&self, securable: &Securable) -> Stage {
        match securable {
            Securable::Relation(name) if self.after_data.contains(name) => Stage::AfterData,
            _ => Stage::BeforeData,
        }
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
}

impl Draft {
    fn block(&mut self, object: String, reason: impl Into<String>, remedy: impl Into<String>) {
        self.blockers.push(Note { object, reason: reason.into(), remedy: remedy.into() });
    }

    fn leave(&mut self, object: String, reason: impl Into<String>, remedy: impl Into<String>) {
        self.not_carried_over.push(Note { object, reason: reason.into(), remedy: remedy.into() });
    }

    /// Leaves a step out, and with it, by name, every step that needs it.
    fn leave_out(
        &mut self,
        step: StepId,
        object: String,
        reason: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.absent.insert(step);
        self.leave(object, reason, remedy);
    }

    fn into_plan(mut self) -> Plan {
        let ordered = graph::order(take(&mut self.steps), &self.absent);
        for circle in &ordered.circles {
            let names: Vec<_> = circle.iter().map(|step| step.id.as_str()).collect();
            let reason = format!("it needs itself: {} need each other in a circle", names.join(", "));
            for step in circle {
                let remedy = "break the circle on the source, or create these on the target by hand";
                self.leave(step.id.to_string(), &reason, remedy);
            }
        }
        for (step, cause) in &ordered.without {
            let reason = format!("it needs what is left out: {cause}");
            self.leave(step.id.to_string(), reason, "see to that first, then start the job again");
        }
        for id in &ordered.ambiguous {
            self.block(id.to_string(), "two steps of the plan have this id", "report this as a defect");
        }
        self.blockers.sort();
        self.not_carried_over.sort();
        self.border.sort();
        let Self { blockers, not_carried_over, border, .. } = self;
        Plan { format: 1, blockers, not_carried_over, border, steps: ordered.steps }
    }
}

#[cfg(test)]
mod tests;
