//! Default privileges, which come last: they would widen what this plan creates.

mod create;
mod wording;

use self::create::Creators;
use self::wording::say;
use super::rights::gives;
use super::{
    Context, DefaultPrivilegeCause, Draft, Owners, Phase, Stage, Step, StepId, Subject, Transaction,
};
use crate::catalog::{DefaultPrivileges, Grant, Grantee, NewObject, Privilege, RoutineKind, Securable};
use crate::name::Identifier;
use crate::statement::{self, Sql};
use crate::words::list;
use std::collections::{BTreeMap, BTreeSet};
use std::mem::take;

pub(super) fn plan(context: &Context, draft: &mut Draft) {
    let mut rules: BTreeSet<&DefaultPrivileges> = context.source.default_privileges.keys().collect();
    rules.extend(context.target.default_privileges.keys());
    let creators = Creators::of(context, draft);
    for rule in rules.into_iter().filter(|rule| concerns(context, rule)) {
        plan_rule(context, &creators, rule, draft);
    }
    refuse_widening(context, draft);
}

/// The rules of the tenant's users, and all for its schemas.
fn concerns(context: &Context, rule: &DefaultPrivileges) -> bool {
    match &rule.schema {
        Some(schema) => context.scope.schemas.contains(schema),
        None => context.scope.users.contains(&rule.owner),
    }
}

fn plan_rule(context: &Context, creators: &Creators, rule: &DefaultPrivileges, draft: &mut Draft) {
    let (given, held) = (context.source.defaults(rule), context.target.defaults(rule));
    let mut missing: BTreeMap<(&Grantee, bool), BTreeSet<&Privilege>> = BTreeMap::new();
    for grant in given.iter().filter(|grant| !gives(&held, grant)) {
        if may_grant(context, rule, grant, draft) {
            missing.entry((&grant.grantee, grant.grantable)).or_default().insert(&grant.privilege);
        }
    }
    for ((grantee, grantable), privileges) in missing {
        let wording = say(rule, &given, grantee, grantable, privileges);
        for privilege in wording.unsaid {
            let (grantee, privilege) = (grantee.clone(), privilege.clone());
            let subject = Subject::DefaultPrivilege { privilege, rule: rule.clone(), grantee };
            draft.leave(subject, DefaultPrivilegeCause::CannotBeSaid);
        }
        if wording.sql.is_empty() {
            continue;
        }
        let id = StepId::GrantDefaultPrivileges { rule: rule.clone(), to: grantee.clone(), grantable };
        let names = list(&wording.given);
        let object = format!("{names} on {} to {}", rule.plain(), grantee.plain());
        let mut step = step(context, rule, id, object, StepId::principal(grantee), wording.sql);
        if let Some(schema) = &rule.schema {
            let (sql, needs) = creators.enable(&rule.owner, schema, take(&mut step.sql));
            step.sql = sql;
            step.needs.extend(needs);
        }
        draft.steps.push(step);
    }
    for grant in held.iter().filter(|grant| !gives(&given, grant) && !grant.privilege.allows_nothing()) {
        if rule.of_redshift().contains(grant) {
            let id = StepId::RevokeDefaultPrivileges(rule.clone());
            let object = format!("{} on {} from {}", grant.privilege, rule.plain(), grant.grantee.plain());
            draft.steps.push(step(
                context,
                rule,
                id,
                object,
                None,
                vec![statement::revoke_execute_by_default(rule)],
            ));
        } else {
            draft.block(subject(rule, grant), DefaultPrivilegeCause::OnlyOnTarget);
        }
    }
}

pub(super) fn subject(rule: &DefaultPrivileges, grant: &Grant) -> Subject {
    let Grant { grantee, privilege, grantable: _ } = grant.clone();
    Subject::DefaultPrivilege { privilege, rule: rule.clone(), grantee }
}

/// Whether a default can be granted; else it is named.
fn may_grant(context: &Context, rule: &DefaultPrivileges, grant: &Grant, draft: &mut Draft) -> bool {
    let known = match rule.on {
        NewObject::Tables => Privilege::is_on_tables(&grant.privilege),
        NewObject::Functions | NewObject::Procedures => grant.privilege == Privilege::Execute,
    };
    if grant.privilege.allows_nothing() {
        draft.leave(subject(rule, grant), DefaultPrivilegeCause::AllowsNothing);
    } else if !known {
        draft.block(subject(rule, grant), DefaultPrivilegeCause::Unknown);
    } else if !context.user_arrives(&rule.owner) {
        draft.leave(subject(rule, grant), DefaultPrivilegeCause::OwnerNotThere);
    } else if !context.grantee_arrives(&grant.grantee) {
        draft.leave(subject(rule, grant), DefaultPrivilegeCause::GranteeNotThere);
    } else {
        return true;
    }
    false
}

/// Materialized views are created by their owner, whose defaults must not be there yet: if one fails, its owner's wait with it.
fn step(
    context: &Context,
    rule: &DefaultPrivileges,
    id: StepId,
    object: String,
    grantee: Option<StepId>,
    sql: Vec<Sql>,
) -> Step {
    let views = context.source.materialized_views.iter().filter(|(_, view)| view.owner == rule.owner);
    let mut needs: BTreeSet<StepId> = views.map(|(name, _)| StepId::view(name)).collect();
    needs.insert(StepId::user(&rule.owner));
    needs.extend(rule.schema.as_ref().map(StepId::schema));
    needs.extend(grantee);
    Step {
        id,
        stage: Stage::AfterData,
        phase: Phase::DefaultPrivileges,
        object,
        needs,
        transaction: Transaction::Batched,
        sql,
    }
}

/// Default privileges that the target has already would widen what this plan creates there: those of the user whom the jobs act
/// for, and for materialized views those of their owners. What a function gives to everybody by Redshift's own default is taken
/// away with its creation.
fn refuse_widening(context: &Context, draft: &mut Draft) {
    for (rule, grants) in &context.target.default_privileges {
        for grant in grants.iter().filter(|grant| !rule.of_redshift().contains(grant)) {
            let unwanted = |on: &Securable| {
                let owners =
                    context.source.owner(on).cloned().map(Grantee::User).as_ref() == Some(&grant.grantee);
                let given = context.source.grants.get(on).is_some_and(|given| gives(given, grant));
                !owners && !given && !grant.privilege.allows_nothing()
            };
            let created = created_by(context, &rule.owner, rule.on);
            if let Some(example) = created.into_iter().find(|on| rule.covers(on) && unwanted(on)) {
                draft.block(subject(rule, grant), DefaultPrivilegeCause::WouldWiden { example });
            }
        }
    }
}

/// What this plan creates as this user.
pub(super) fn created_by(context: &Context, user: &Identifier, kind: NewObject) -> Vec<Securable> {
    let (source, target, scope) = (context.source, context.target, context.scope);
    let by_login = target.login.as_ref() == Some(user);
    let routine = |wanted: RoutineKind| {
        let all = source
            .routines
            .iter()
            .filter(move |(name, routine)| routine.kind == wanted && scope.holds_routine(name));
        all.filter(|(name, _)| by_login && !target.routines.contains_key(*name))
            .map(|(name, _)| Securable::Routine(name.clone()))
            .collect()
    };
    match kind {
        NewObject::Functions => routine(RoutineKind::Function),
        NewObject::Procedures => routine(RoutineKind::Procedure),
        NewObject::Tables => {
            let tables = source.tables.keys().filter(|name| by_login && !target.tables.contains_key(*name));
            let views = source.views.keys().filter(|name| by_login && !target.views.contains_key(*name));
            let materialized = source.materialized_views.iter().filter(|(name, view)| {
                let creates = match context.policy.owners {
                    Owners::Keep => view.owner == *user,
                    Owners::TargetAdmin => by_login,
                };
                creates && !target.materialized_views.contains_key(*name)
            });
            let all = tables.chain(views).chain(materialized.map(|(name, _)| name));
            all.filter(|name| scope.holds(name)).cloned().map(Securable::Relation).collect()
        }
    }
}

#[cfg(test)]
mod tests;
