//! Views and procedures that read what only a cluster has, on their way to a workgroup: its monitoring relations.
//!
//! A workgroup could create no such view, and none after a second start either. A procedure is resolved when it runs
//! (`stored-procedure-create`), so it is created and named.

use super::{Context, Draft, RoutineCause, StepId, Subject, ViewCause};
use crate::catalog::{Catalog, Language, WarehouseKind, is_provisioned_only};
use crate::name::Identifier;
use crate::text::{Reading, usages};
use std::collections::BTreeSet;

/// Where Redshift's own relations lie (Management Guide: `serverless-monitoring`).
const OWN_SCHEMA: &str = "pg_catalog";

pub(super) fn plan(context: &Context, draft: &mut Draft) {
    match context.target.kind {
        Some(WarehouseKind::Serverless) => {}
        Some(WarehouseKind::Provisioned) | None => return,
    }
    let users = relation_names(context.source);
    let read = |text: &str, reading: Reading| -> Vec<Identifier> {
        let named = usages(text, reading).into_iter().filter(|usage| match &usage.schema {
            Some(schema) => schema.as_str() == OWN_SCHEMA,
            None => !users.contains(&usage.name),
        });
        let relations: BTreeSet<Identifier> =
            named.map(|usage| usage.name).filter(is_provisioned_only).collect();
        relations.into_iter().collect()
    };
    for (name, view) in context.source.views.iter().filter(|(name, _)| context.scope.holds(name)) {
        // What stands on the target under its name was made for it.
        if context.target.views.contains_key(name) {
            continue;
        }
        let relations = read(&view.definition, Reading::Sql);
        if !relations.is_empty() {
            let cause = ViewCause::ReadsProvisionedOnly { relations };
            draft.leave_out(StepId::view(name), Subject::View(name.clone()), cause);
        }
    }
    for (name, routine) in
        context.source.routines.iter().filter(|(name, _)| context.scope.holds_routine(name))
    {
        let changed = context.target.routines.get(name).is_some_and(|there| there.body != routine.body);
        if routine.language != Language::Plpgsql || changed {
            continue;
        }
        let relations = read(&routine.body, Reading::BodyWithLiterals);
        if !relations.is_empty() {
            let cause = RoutineCause::UsesProvisionedOnly { relations };
            draft.leave(Subject::Routine(name.clone()), cause);
        }
    }
}

/// The names of the users' relations: a bare name that one of them has may be of that one.
fn relation_names(source: &Catalog) -> BTreeSet<&Identifier> {
    let relations = source.tables.keys().chain(source.views.keys()).chain(source.materialized_views.keys());
    relations.map(|name| &name.name).collect()
}

#[cfg(test)]
mod tests;
