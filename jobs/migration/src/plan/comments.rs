//! Comments on what arrives: a missing one is made, one that somebody wrote on the target is left.

use super::keys::key_step;
use super::tables::{column_step, table_step};
use super::views::view_step;
use super::{Context, Draft, Phase, Step, StepId, Transaction};
use crate::catalog::{Commentable, Securable};
use crate::statement;
use std::collections::BTreeSet;

/// Comes last: it looks at what the draft creates.
pub(super) fn plan(context: &Context, draft: &mut Draft) {
    let created: BTreeSet<StepId> = draft.steps.iter().map(|step| step.id.clone()).collect();
    let held = |on: &&Commentable| context.scope.holds(on.relation());
    for (on, text) in context.source.comments.iter().filter(|(on, _)| held(on)) {
        match context.target.comments.get(on) {
            Some(existing) if existing == text => {}
            Some(existing) => draft.leave(
                format!("comment on {}", on.plain()),
                format!("it is {existing:?} on the target and {text:?} on the source"),
                "COMMENT ON it on the target, or leave it: a comment is never replaced by this tool",
            ),
            None if arrives(context, on, &created) => draft.steps.push(step(context, on, text)),
            // What it is on does not arrive, and has been named.
            None => {}
        }
    }
    for on in context.target.comments.keys().filter(held) {
        if !context.source.comments.contains_key(on) && on_source(context, on) {
            draft.leave(
                format!("comment on {}", on.plain()),
                "only the target has one",
                "COMMENT ON … IS NULL on the target, where it is not meant to be there",
            );
        }
    }
}

/// Whether something is on the target, or will be.
fn arrives(context: &Context, on: &Commentable, created: &BTreeSet<StepId>) -> bool {
    let relation = on.relation();
    let table = context.target.tables.get(relation);
    let new_table = created.contains(&table_step(relation));
    let view = context.target.views.contains_key(relation)
        || context.target.materialized_views.contains_key(relation)
        || created.contains(&view_step(relation));
    match on {
        Commentable::Table(_) => table.is_some() || new_table,
        Commentable::View(_) => view,
        Commentable::Column(_, column) => {
            view || new_table
                || created.contains(&column_step(relation, column))
                || table.is_some_and(|table| table.columns.iter().any(|own| own.name == *column))
        }
        Commentable::Constraint(_, key) => {
            let unique = |table: &crate::catalog::Table| table.unique_keys.iter().any(|own| own.name == *key);
            created.contains(&key_step(relation, key))
                || new_table && context.source.tables.get(relation).is_some_and(unique)
                || table.is_some_and(|table| {
                    unique(table) || table.foreign_keys.iter().any(|own| own.name == *key)
                })
        }
    }
}

/// Whether the source has what a comment of the target is on.
fn on_source(context: &Context, on: &Commentable) -> bool {
    context.source.relation(on.relation()).is_some()
}

fn step(context: &Context, on: &Commentable, text: &str) -> Step {
    let relation = on.relation();
    let mut needs = BTreeSet::from([table_step(relation), view_step(relation)]);
    match on {
        Commentable::Table(_) | Commentable::View(_) => {}
        Commentable::Column(_, column) => {
            needs.insert(column_step(relation, column));
        }
        Commentable::Constraint(_, key) => {
            needs.insert(key_step(relation, key));
        }
    }
    Step {
        id: StepId::new("comment on", on),
        stage: context.stage_of(&Securable::Relation(relation.clone())),
        phase: Phase::Comments,
        object: on.plain(),
        needs,
        transaction: Transaction::Batched,
        sql: vec![statement::comment(on, text)],
    }
}
