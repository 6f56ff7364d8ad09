//! Comments on what arrives: a missing one is made, one that somebody wrote on the target is left.

use super::{CommentCause, Context, Draft, Phase, Step, StepId, Subject, Transaction};
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
                Subject::Comment(on.clone()),
                CommentCause::Differs { source: text.clone(), target: existing.clone() },
            ),
            None if arrives(context, on, &created) => draft.steps.push(step(context, on, text)),
            // What it is on does not arrive, and has been named.
            None => {}
        }
    }
    for on in context.target.comments.keys().filter(held) {
        if !context.source.comments.contains_key(on) && on_source(context, on) {
            draft.leave(Subject::Comment(on.clone()), CommentCause::OnlyOnTarget);
        }
    }
}

/// Whether something is on the target, or will be.
fn arrives(context: &Context, on: &Commentable, created: &BTreeSet<StepId>) -> bool {
    let relation = on.relation();
    let table = context.target.tables.get(relation);
    let new_table = created.contains(&StepId::table(relation));
    let view = context.target.views.contains_key(relation)
        || context.target.materialized_views.contains_key(relation)
        || created.contains(&StepId::view(relation));
    match on {
        Commentable::Table(_) => table.is_some() || new_table,
        Commentable::View(_) => view,
        Commentable::Column(_, column) => {
            view || new_table
                || created.contains(&StepId::column(relation, column))
                || table.is_some_and(|table| table.columns.iter().any(|own| own.name == *column))
        }
        Commentable::Constraint(_, key) => {
            let unique = |table: &crate::catalog::Table| table.unique_keys.iter().any(|own| own.name == *key);
            created.contains(&StepId::key(relation, key))
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
    let mut needs = BTreeSet::from(StepId::relation(relation));
    match on {
        Commentable::Table(_) | Commentable::View(_) => {}
        Commentable::Column(_, column) => {
            needs.insert(StepId::column(relation, column));
        }
        Commentable::Constraint(_, key) => {
            needs.insert(StepId::key(relation, key));
        }
    }
    Step {
        id: StepId::CommentOn(on.clone()),
        stage: context.stage_of(&Securable::Relation(relation.clone())),
        phase: Phase::Comments,
        object: on.plain(),
        needs,
        transaction: Transaction::Batched,
        sql: vec![statement::comment(on, text)],
    }
}
