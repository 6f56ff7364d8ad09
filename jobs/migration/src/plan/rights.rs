//! Rights on the database, languages, schemas, relations and routines: what the source grants is granted, and nothing more.

use super::acting;
use super::actors::actors;
use super::column_rights::OnColumns;
use super::routines;
use super::schemas;
use super::targets_own::targets_own;
use super::{Context, Draft, Phase, PrivilegeCause, Step, StepId, Subject, Transaction};
use crate::catalog::{
    DefaultPrivileges, Grant, Grantee, NewObject, Privilege, RoutineKind, RoutineName, SchemaKind, Securable,
};
use crate::statement::{self, GrantOn};
use crate::words::list;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn plan(context: &Context, draft: &mut Draft) {
    let mut securables: BTreeSet<&Securable> = context.source.grants.keys().collect();
    securables.extend(context.target.grants.keys());
    let mut columns = OnColumns::default();
    let mut inert = BTreeSet::new();
    for securable in securables.into_iter().filter(|on| concerns(context, on)) {
        if !arrives(context, securable) {
            name_unknown(context, securable, draft);
            continue;
        }
        let mut missing: BTreeMap<(&Grantee, bool), BTreeSet<&Privilege>> = BTreeMap::new();
        let grants = missing_grants(context, securable);
        let widens = if grants.is_empty() { None } else { acting::cause(context, securable) };
        for grant in grants {
            if grant.privilege.allows_nothing() {
                inert.insert(securable);
            } else if may_grant(context, securable, grant, widens.as_ref(), draft) {
                missing.entry((&grant.grantee, grant.grantable)).or_default().insert(&grant.privilege);
            }
        }
        if let Securable::Column(relation, column) = securable {
            for ((grantee, _), privileges) in missing {
                columns.add(relation, column, grantee, privileges);
            }
        } else {
            grant(context, securable, missing, draft);
        }
        refuse_wider(context, securable, draft);
    }
    columns.grant(context, draft);
    if !inert.is_empty() {
        draft.leave(Subject::InertPrivileges { relations: inert.len() }, PrivilegeCause::AllowsNothing);
    }
}

/// Of what is the whole database's only the rights of the tenant's principals matter, and those that everybody has.
fn concerns(context: &Context, securable: &Securable) -> bool {
    securable.schema().is_none() || context.scope.holds_securable(securable)
}

fn concerns_grant(context: &Context, securable: &Securable, grant: &Grant) -> bool {
    match securable {
        Securable::Language(_) | Securable::Database | Securable::EveryInDatabase(_) => {
            let matters = grant.grantee == Grantee::Public || context.scope.holds_principal(&grant.grantee);
            matters && !grant.is_there_from_the_start(securable)
        }
        Securable::Schema(_)
        | Securable::EveryInSchema(..)
        | Securable::Relation(_)
        | Securable::Column(..)
        | Securable::Routine(_) => true,
    }
}

/// Whether a securable is one that this version moves: rights on others have been named with the object.
fn arrives(context: &Context, securable: &Securable) -> bool {
    match securable {
        Securable::Routine(name) => routines::arrives(context, name),
        Securable::Schema(name) | Securable::EveryInSchema(_, name) => schemas::arrives(context, name),
        Securable::Database
        | Securable::Language(_)
        | Securable::EveryInDatabase(_)
        | Securable::Relation(_)
        | Securable::Column(..) => true,
    }
}

/// A right on a routine that no catalog lists: others were named with the routine.
fn name_unknown(context: &Context, securable: &Securable, draft: &mut Draft) {
    if let Securable::Routine(name) = securable
        && !context.source.routines.contains_key(name)
    {
        draft.leave(Subject::RoutinePrivileges(name.clone()), PrivilegeCause::UnknownRoutine);
    }
}

/// What the source grants and the target does not, neither now nor by creating the object.
fn missing_grants<'a>(context: &Context<'a>, securable: &'a Securable) -> Vec<&'a Grant> {
    let held = context.target.grants.get(securable);
    let comes_with_it = comes_with_object(context, securable);
    context
        .source
        .grants_on(securable)
        .filter(|grant| concerns_grant(context, securable, grant))
        .filter(move |grant| {
            !held.is_some_and(|held| gives(held, grant)) && comes_with_it.as_ref() != Some(*grant)
        })
        .collect()
}

/// Whether grants hold this one, perhaps with grant option.
pub(super) fn gives(grants: &BTreeSet<Grant>, grant: &Grant) -> bool {
    grants.contains(grant) || grants.contains(&Grant { grantable: true, ..grant.clone() })
}

/// What a new function gives to everybody by itself, unless who creates it has other defaults.
fn comes_with_object(context: &Context, securable: &Securable) -> Option<Grant> {
    let Securable::Routine(name) = securable else { return None };
    let is_new = !context.target.routines.contains_key(name);
    let everybody = Grant { grantee: Grantee::Public, privilege: Privilege::Execute, grantable: false };
    let by_default = context.target.login.as_ref().is_none_or(|login| {
        let key = DefaultPrivileges { owner: login.clone(), schema: None, on: NewObject::Functions };
        context.target.defaults(&key).contains(&everybody)
    });
    (is_new && by_default && kind(context, name) == Some(RoutineKind::Function)).then_some(everybody)
}

/// Whether a grant can and may be made; else it is named.
fn may_grant(
    context: &Context,
    securable: &Securable,
    grant: &Grant,
    widens: Option<&PrivilegeCause>,
    draft: &mut Draft,
) -> bool {
    let left = if !grant.privilege.is_on(securable) {
        draft.block(subject(securable, grant), PrivilegeCause::Unknown);
        return false;
    } else if !context.grantee_arrives(&grant.grantee) {
        PrivilegeCause::GranteeNotThere
    } else if let Securable::EveryInDatabase(_) = securable {
        PrivilegeCause::ReachesOthers
    } else if securable.schema().is_none() && grant.grantee == Grantee::Public {
        PrivilegeCause::Everybodys
    } else if grant_on(context, securable).is_none() && !matches!(securable, Securable::Column(..)) {
        PrivilegeCause::NothingToName
    } else if let Some(example) = targets_own(context.source, context.target, securable, &grant.privilege) {
        PrivilegeCause::ReachesTargetsOwn { example }
    } else if let Some(cause) = widens.filter(|_| may_widen(securable, &grant.privilege)) {
        cause.clone()
    } else {
        return true;
    };
    draft.leave(subject(securable, grant), left);
    false
}

/// Of a schema's privileges USAGE alone lets its holder use what lies in it.
fn may_widen(securable: &Securable, privilege: &Privilege) -> bool {
    !matches!(securable, Securable::Schema(_)) || *privilege == Privilege::Usage
}

pub(super) fn subject(securable: &Securable, grant: &Grant) -> Subject {
    let Grant { grantee, privilege, grantable: _ } = grant.clone();
    Subject::Privilege { privilege, on: securable.clone(), grantee }
}

fn grant(
    context: &Context,
    securable: &Securable,
    missing: BTreeMap<(&Grantee, bool), BTreeSet<&Privilege>>,
    draft: &mut Draft,
) {
    let Some(on) = grant_on(context, securable) else { return };
    for ((grantee, grantable), privileges) in missing {
        let names = list(&privileges);
        let sql = statement::grant_privileges(privileges, &on, grantee, grantable);
        draft.steps.extend(sql.map(|sql| Step {
            id: StepId::Grant { on: securable.clone(), to: grantee.clone(), grantable },
            stage: context.stage_of(securable),
            phase: Phase::Rights,
            object: format!("{names} on {} to {}", securable.plain(), grantee.plain()),
            needs: needs(context, securable, grantee),
            transaction: transaction(context, securable),
            sql: vec![sql],
        }));
    }
}

/// A right on an external schema cannot be granted between BEGIN and END (`r_GRANT`).
fn transaction(context: &Context, securable: &Securable) -> Transaction {
    let external = |name| {
        let schema = context.source.schemas.get(name);
        schema.is_some_and(|schema| !matches!(schema.kind, SchemaKind::Local { .. }))
    };
    match securable {
        Securable::Schema(name) if external(name) => Transaction::Alone,
        _ => Transaction::Batched,
    }
}

/// What a GRANT names. None for columns, which have a statement of their own, and for what the catalogs do not tell.
pub(super) fn grant_on<'a>(context: &Context<'a>, securable: &'a Securable) -> Option<GrantOn<'a>> {
    match securable {
        Securable::Database => context.target.database.as_ref().map(GrantOn::Database),
        Securable::Language(name) => Some(GrantOn::Language(name)),
        Securable::Schema(name) => Some(GrantOn::Schema(name)),
        Securable::EveryInSchema(kind, name) => Some(GrantOn::EveryInSchema(*kind, name)),
        Securable::Relation(name) => Some(GrantOn::Relation(name)),
        Securable::Routine(name) => kind(context, name).map(|kind| GrantOn::Routine(kind, name)),
        Securable::EveryInDatabase(_) | Securable::Column(..) => None,
    }
}

/// A right that the target gives and the source does not is never left in silence. The one that every new function
/// gives to everybody is taken away; any other was given by somebody, and is theirs to take back.
fn refuse_wider(context: &Context, securable: &Securable, draft: &mut Draft) {
    let owner = context.source.owner(securable);
    // Whoever may reach every object of the database reaches the tenant's, too.
    let reaches_ours = matches!(securable, Securable::EveryInDatabase(_));
    let ours = |grant: &&Grant| reaches_ours || concerns_grant(context, securable, grant);
    for grant in context.target.grants_on(securable).filter(ours) {
        let given = context.source.grants.get(securable).is_some_and(|given| gives(given, grant));
        let owners = matches!(&grant.grantee, Grantee::User(user) if Some(user) == owner);
        if given || owners || grant.privilege.allows_nothing() {
            continue;
        }
        match revoked_from_everybody(context, securable, grant) {
            Some(step) => draft.steps.push(step),
            None => draft.block(subject(securable, grant), PrivilegeCause::OnlyOnTarget),
        }
    }
}

/// The step that takes away what a function of the target still gives to everybody since it was created.
fn revoked_from_everybody(context: &Context, securable: &Securable, grant: &Grant) -> Option<Step> {
    let Securable::Routine(name) = securable else { return None };
    let untouched = context.target.routines.get(name).is_some_and(|routine| routine.default_privileges);
    let kind = kind(context, name).filter(|_| untouched && grant.grantee == Grantee::Public)?;
    Some(Step {
        id: StepId::RevokeFromPublic(name.clone()),
        stage: context.stage_of(securable),
        phase: Phase::Rights,
        object: format!("{} on {} from {}", grant.privilege, securable.plain(), grant.grantee.plain()),
        needs: needs(context, securable, &grant.grantee),
        transaction: Transaction::Batched,
        sql: vec![statement::revoke_execute_from_public(name, kind)],
    })
}

fn kind(context: &Context, name: &RoutineName) -> Option<RoutineKind> {
    let routine = context.source.routines.get(name).or_else(|| context.target.routines.get(name));
    routine.map(|routine| routine.kind)
}

/// The steps that create what a right is on, and who gets it.
///
/// A view reads with its owner's rights, and a routine with SECURITY DEFINER runs with them (`r_CREATE_VIEW`,
/// `stored-procedure-security-and-privileges`). Until such an object has its owner it has those of the login, a superuser, so
/// nobody else may use it before.
pub(super) fn needs(context: &Context, securable: &Securable, grantee: &Grantee) -> BTreeSet<StepId> {
    let mut needs = match securable {
        Securable::Database | Securable::Language(_) | Securable::EveryInDatabase(_) => BTreeSet::new(),
        Securable::Schema(name) | Securable::EveryInSchema(_, name) => BTreeSet::from([StepId::schema(name)]),
        Securable::Relation(name) | Securable::Column(name, _) => BTreeSet::from(StepId::relation(name)),
        Securable::Routine(name) => BTreeSet::from([StepId::routine(name)]),
    };
    let acting = actors(context.source, securable).into_iter();
    needs.extend(acting.map(|object| StepId::change_owner(&object.securable())));
    needs.extend(StepId::principal(grantee));
    needs.extend(context.guards_of(securable));
    needs
}

#[cfg(test)]
mod tests;
