//! Rights on schemas, relations and routines: what the source grants is granted, and nothing more.

use super::principals::{group_step, user_step};
use super::routines::{self, routine_step};
use super::schemas::{self, schema_step};
use super::tables::table_step;
use super::views::view_step;
use super::{Context, Draft, Phase, Step, StepId, Transaction};
use crate::catalog::{Grant, Grantee, Privilege, RoutineKind, Securable};
use crate::statement::{self, Sql};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn plan(context: &Context, draft: &mut Draft) {
    let mut securables: BTreeSet<&Securable> = context.source.grants.keys().collect();
    securables.extend(context.target.grants.keys());
    for securable in
        securables.into_iter().filter(|on| context.scope.holds_securable(on) && arrives(context, on))
    {
        grant_missing(context, securable, draft);
        refuse_wider(context, securable, draft);
    }
}

/// Whether a securable is one that this version moves: rights on others have been named with the object.
fn arrives(context: &Context, securable: &Securable) -> bool {
    match securable {
        Securable::Relation(_) => true,
        Securable::Routine(name) => routines::arrives(context, name),
        Securable::Schema(name) => schemas::arrives(context, name),
        Securable::Database
        | Securable::Language(_)
        | Securable::EveryInDatabase(_)
        | Securable::EveryInSchema(..)
        | Securable::Column(..) => false,
    }
}

fn grant_missing(context: &Context, securable: &Securable, draft: &mut Draft) {
    let held: BTreeSet<&Grant> = context.target.grants_on(securable).collect();
    let fresh_function = matches!(securable, Securable::Routine(name)
        if !context.target.routines.contains_key(name) && kind(context, securable) == Some(RoutineKind::Function));
    let mut missing: BTreeMap<(&Grantee, bool), BTreeSet<&Privilege>> = BTreeMap::new();
    for grant in context.source.grants_on(securable) {
        let wider = Grant { grantable: true, ..grant.clone() };
        let comes_with_it = fresh_function && grant.grantee == Grantee::Public;
        if held.contains(grant) || held.contains(&wider) || comes_with_it {
            continue;
        }
        let object = format!("{} for {} on {}", grant.privilege, grant.grantee.plain(), securable.plain());
        if let Grantee::Role(_) = grant.grantee {
            draft.leave(
                object,
                "roles are not moved by this version",
                "create the role and grant it on the target",
            );
        } else if grant.privilege.keyword().is_none() {
            let remedy = "revoke it on the source, or use a version that knows it";
            draft.block(
                object,
                "this version does not know the privilege and grants nothing by guess",
                remedy,
            );
        } else if !grantee_arrives(context, &grant.grantee) {
            let remedy = "create the grantee on the target and grant it there";
            draft.leave(object, "the grantee is neither moved nor on the target", remedy);
        } else {
            missing.entry((&grant.grantee, grant.grantable)).or_default().insert(&grant.privilege);
        }
    }
    for ((grantee, grantable), privileges) in missing {
        let kind = kind(context, securable);
        let sql =
            statement::grant_privileges(privileges.iter().copied(), securable, kind, grantee, grantable);
        draft
            .steps
            .extend(sql.map(|sql| grant_step(context, securable, grantee, grantable, &privileges, sql)));
    }
}

/// A right that the target gives and the source does not is never left in silence. The one that every new function
/// gives to everybody is taken away; any other was given by somebody, and is theirs to take back.
fn refuse_wider(context: &Context, securable: &Securable, draft: &mut Draft) {
    let granted: BTreeSet<&Grant> = context.source.grants_on(securable).collect();
    let owner = context.source.owner(securable);
    for grant in context.target.grants_on(securable) {
        let grantable = Grant { grantable: true, ..grant.clone() };
        let owners = matches!(&grant.grantee, Grantee::User(user) if Some(user) == owner);
        if granted.contains(grant) || granted.contains(&grantable) || owners {
            continue;
        }
        if let Securable::Routine(name) = securable {
            let untouched =
                context.target.routines.get(name).is_some_and(|routine| routine.default_privileges);
            if let (true, Grantee::Public, Some(kind)) = (untouched, &grant.grantee, kind(context, securable))
            {
                let sql = statement::revoke_execute_from_public(name, kind);
                draft.steps.push(Step {
                    id: StepId::new("revoke from PUBLIC", securable),
                    ..grant_step(
                        context,
                        securable,
                        &grant.grantee,
                        false,
                        &BTreeSet::from([&grant.privilege]),
                        sql,
                    )
                });
                continue;
            }
        }
        draft.block(
            format!("{} for {} on {}", grant.privilege, grant.grantee.plain(), securable.plain()),
            "the target grants it and the source does not",
            "revoke it on the target, or grant it on the source",
        );
    }
}

fn kind(context: &Context, securable: &Securable) -> Option<RoutineKind> {
    match securable {
        Securable::Routine(name) => context
            .source
            .routines
            .get(name)
            .or_else(|| context.target.routines.get(name))
            .map(|routine| routine.kind),
        Securable::Database
        | Securable::Language(_)
        | Securable::EveryInDatabase(_)
        | Securable::Schema(_)
        | Securable::EveryInSchema(..)
        | Securable::Relation(_)
        | Securable::Column(..) => None,
    }
}

fn grantee_arrives(context: &Context, grantee: &Grantee) -> bool {
    match grantee {
        Grantee::Public => true,
        Grantee::User(name) => context.user_arrives(name),
        Grantee::Group(name) => {
            context.target.groups.contains_key(name) || context.source.groups.contains_key(name)
        }
        Grantee::Role(_) => false,
    }
}

fn grant_step(
    context: &Context,
    securable: &Securable,
    grantee: &Grantee,
    grantable: bool,
    privileges: &BTreeSet<&Privilege>,
    sql: Sql,
) -> Step {
    let mut needs = match securable {
        Securable::Database | Securable::Language(_) | Securable::EveryInDatabase(_) => BTreeSet::new(),
        Securable::Schema(name) | Securable::EveryInSchema(_, name) => BTreeSet::from([schema_step(name)]),
        Securable::Relation(name) | Securable::Column(name, _) => {
            BTreeSet::from([table_step(name), view_step(name)])
        }
        Securable::Routine(name) => BTreeSet::from([routine_step(name)]),
    };
    match grantee {
        Grantee::User(name) => needs.insert(user_step(name)),
        Grantee::Group(name) => needs.insert(group_step(name)),
        Grantee::Public | Grantee::Role(_) => false,
    };
    needs.extend(context.guards_of(securable));
    let names = privileges.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let option = if grantable { " with grant option" } else { "" };
    Step {
        id: StepId::new("grant on", format!("{securable} to {grantee}{option}")),
        stage: context.stage_of(securable),
        phase: Phase::Rights,
        object: format!("{names} on {} to {}", securable.plain(), grantee.plain()),
        needs,
        transaction: Transaction::Batched,
        sql: vec![sql],
    }
}
