//! Owners of schemas, tables, views and routines: those of the source, unless the caller leaves all to the login.

use super::acting;
use super::routines::arrives;
use super::schemas;
use super::self_revokes;
use super::{Context, Draft, OwnerCause, Owners, Phase, Stage, Step, StepId, Subject, Transaction};
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
            let owner = owner.clone();
            draft.leave(Subject::Owner(securable), OwnerCause::TargetAdmin { owner });
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
        give(
            context,
            draft,
            &Securable::Schema(name.clone()),
            &Ownable::Schema(name),
            &[StepId::schema(name)],
        );
    }
    for name in source.tables.keys().chain(source.views.keys()) {
        let creates = StepId::relation(name);
        give(context, draft, &Securable::Relation(name.clone()), &Ownable::Relation(name), &creates);
    }
    let views = source.materialized_views.iter().filter(|(name, _)| context.scope.holds(name));
    for (name, view) in views {
        // A new one is created by its owner; no statement gives another one away (`r_ALTER_MATERIALIZED_VIEW`).
        if let Some(existing) = context.target.materialized_views.get(name)
            && existing.owner != view.owner
        {
            let (source, target) = (view.owner.clone(), existing.owner.clone());
            let subject = Subject::Owner(Securable::Relation(name.clone()));
            draft.leave(subject, OwnerCause::OfMaterializedView { source, target });
        }
    }
    for (name, routine) in source.routines.iter().filter(|(name, _)| arrives(context, name)) {
        let ownable = Ownable::Routine(routine.kind, name);
        give(context, draft, &Securable::Routine(name.clone()), &ownable, &[StepId::routine(name)]);
    }
}

fn give(context: &Context, draft: &mut Draft, securable: &Securable, ownable: &Ownable, creates: &[StepId]) {
    let Some(owner) = context.source.owner(securable).filter(|_| context.scope.holds_securable(securable))
    else {
        return;
    };
    if context.target.owner(securable) == Some(owner) || acting::created_with_owner(context, securable) {
        return;
    }
    if !context.user_arrives(owner) {
        let (subject, owner) = (Subject::Owner(securable.clone()), owner.clone());
        draft.leave_out(StepId::change_owner(securable), subject, OwnerCause::NotThere { owner });
        return;
    }
    // What stands may be granted to others already, who would gain by its new owner.
    if context.target.owner(securable).is_some()
        && let Some(widens) = acting::cause(context, securable)
    {
        let subject = Subject::Owner(securable.clone());
        draft.leave_out(StepId::change_owner(securable), subject, OwnerCause::WouldWiden { widens });
        return;
    }
    if let Some((object, anothers)) = anothers_in(context, securable, owner) {
        let (subject, owner) = (Subject::Owner(securable.clone()), anothers.clone());
        draft.leave_out(
            StepId::change_owner(securable),
            subject,
            OwnerCause::HoldsAnothers { object, owner },
        );
        return;
    }
    let mut step = step(context.stage_of(securable), securable, ownable, owner, creates);
    step.needs.extend(context.guards_of(securable));
    step.sql.extend(self_revokes::revoke(context, securable));
    draft.steps.push(step);
}

/// Something in a schema that only the target has, and that is another's than the schema's owner to be: DROP SCHEMA … CASCADE takes it along,
/// which the schema's owner may do (`r_DROP_SCHEMA`).
fn anothers_in<'a>(
    context: &Context<'a>,
    securable: &Securable,
    owner: &Identifier,
) -> Option<(Securable, &'a Identifier)> {
    let Securable::Schema(schema) = securable else { return None };
    let within = |on: &Securable| on.schema() == Some(schema) && on != securable;
    let mut only_there =
        context.target.securables().filter(|on| within(on) && context.source.owner(on).is_none());
    only_there.find_map(|on| {
        let anothers = context.target.owner(&on).filter(|there| *there != owner)?;
        Some((on, anothers))
    })
}

fn step(
    stage: Stage,
    securable: &Securable,
    ownable: &Ownable,
    owner: &Identifier,
    creates: &[StepId],
) -> Step {
    let mut needs: BTreeSet<StepId> = creates.iter().cloned().collect();
    needs.insert(StepId::user(owner));
    Step {
        id: StepId::change_owner(securable),
        stage,
        phase: Phase::Owners,
        object: format!("{} to {}", securable.plain(), owner.as_str()),
        needs,
        transaction: Transaction::Batched,
        sql: vec![alter_owner(ownable, owner)],
    }
}
