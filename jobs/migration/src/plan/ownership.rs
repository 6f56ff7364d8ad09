//! Owners of schemas, tables, views and routines: those of the source, unless the caller leaves all to the login.

use super::principals::user_step;
use super::routines::{arrives, routine_step};
use super::schemas::{self, schema_step};
use super::tables::table_step;
use super::views::view_step;
use super::{Context, Draft, Owners, Phase, Stage, Step, StepId, Transaction};
use crate::catalog::{SchemaKind, Securable};
use crate::name::Identifier;
use crate::statement::{Ownable, alter_owner};
use std::collections::BTreeSet;

pub(super) fn plan(context: &Context, draft: &mut Draft) {
    match context.policy.owners {
        Owners::Keep => keep(context, draft),
        Owners::TargetAdmin => name_owners(context, draft),
    }
}

/// Whose objects stay with somebody else on the target: their owners on the source have there only what is granted.
fn name_owners(context: &Context, draft: &mut Draft) {
    let source = context.source;
    let relations = source.tables.keys().chain(source.views.keys()).chain(source.materialized_views.keys());
    let schemas = source.schemas.keys().cloned().map(Securable::Schema);
    let relations = relations.cloned().map(Securable::Relation);
    let routines = source.routines.keys().cloned().map(Securable::Routine);
    for securable in schemas.chain(relations).chain(routines).filter(|on| context.scope.holds_securable(on)) {
        let Some(owner) = source.owner(&securable) else { continue };
        let there = context.target.owner(&securable).or(context.target.login.as_ref());
        if there != Some(owner) {
            draft.leave(
                format!("owner of {}", securable.plain()),
                format!(
                    "--OWNERS target-admin leaves it with another user than {}, who has there only what is granted",
                    owner.as_str()
                ),
                "start the job again with --OWNERS keep, or ALTER … OWNER TO on the target",
            );
        }
    }
}

fn keep(context: &Context, draft: &mut Draft) {
    let source = context.source;
    for (name, schema) in &source.schemas {
        // A new local schema gets its owner as it is created.
        let local = matches!(schema.kind, SchemaKind::Local { .. });
        let new = !context.target.schemas.contains_key(name);
        if !schemas::arrives(context, name) || (new && local && context.user_arrives(&schema.owner)) {
            continue;
        }
        give(context, draft, &Securable::Schema(name.clone()), &Ownable::Schema(name), &[schema_step(name)]);
    }
    for name in source.tables.keys().chain(source.views.keys()) {
        let creates = [table_step(name), view_step(name)];
        give(context, draft, &Securable::Relation(name.clone()), &Ownable::Relation(name), &creates);
    }
    let views = source.materialized_views.iter().filter(|(name, _)| context.scope.holds(name));
    for (name, view) in views {
        // A new one is created by its owner; no statement gives another one away (`r_ALTER_MATERIALIZED_VIEW`).
        if let Some(existing) = context.target.materialized_views.get(name)
            && existing.owner != view.owner
        {
            let (there, here) = (existing.owner.as_str(), view.owner.as_str());
            draft.leave(
                format!("owner of {}", name.plain()),
                format!("the materialized view is {there}'s on the target and {here}'s on the source"),
                "DROP it on the target and start the job again, where only its owner is to refresh it",
            );
        }
    }
    for (name, routine) in source.routines.iter().filter(|(name, _)| arrives(context, name)) {
        let ownable = Ownable::Routine(routine.kind, name);
        give(context, draft, &Securable::Routine(name.clone()), &ownable, &[routine_step(name)]);
    }
}

/// The step that gives an object to its owner. Rights on what acts with its owner's rights need it.
pub(super) fn give_step(securable: &Securable) -> StepId {
    StepId::new("give", securable)
}

fn give(context: &Context, draft: &mut Draft, securable: &Securable, ownable: &Ownable, creates: &[StepId]) {
    let Some(owner) = context.source.owner(securable).filter(|_| context.scope.holds_securable(securable))
    else {
        return;
    };
    if context.target.owner(securable) == Some(owner) {
        return;
    }
    if !context.user_arrives(owner) {
        draft.leave_out(
            give_step(securable),
            format!("owner of {}", securable.plain()),
            format!("its owner {} is neither moved nor on the target", owner.as_str()),
            "ALTER … OWNER TO on the target",
        );
        return;
    }
    let mut step = step(context.stage_of(securable), securable, ownable, owner, creates);
    step.needs.extend(context.guards_of(securable));
    draft.steps.push(step);
}

fn step(
    stage: Stage,
    securable: &Securable,
    ownable: &Ownable,
    owner: &Identifier,
    creates: &[StepId],
) -> Step {
    let mut needs: BTreeSet<StepId> = creates.iter().cloned().collect();
    needs.insert(user_step(owner));
    Step {
        id: give_step(securable),
        stage,
        phase: Phase::Owners,
        object: format!("{} to {}", securable.plain(), owner.as_str()),
        needs,
        transaction: Transaction::Batched,
        sql: vec![alter_owner(ownable, owner)],
    }
}
