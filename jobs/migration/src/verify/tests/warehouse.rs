//! A target in memory that does what the steps of a plan say, as Redshift would: what is created belongs to who creates it and has
//! the privileges that this one's objects to come give by themselves.

use crate::catalog::{
    Catalog, DefaultPrivileges, Grant, Grantee, Group, NewObject, Privilege, Role, RoutineKind, Securable,
    User,
};
use crate::name::Identifier;
use crate::plan::{Plan, Step, StepId};
use std::collections::{BTreeMap, BTreeSet};

/// Does to the target what a step says, with what the source holds.
#[allow(clippy::too_many_lines, reason = "an arm a kind of step")]
pub fn apply(step: &Step, plan: &Plan, source: &Catalog, target: &mut Catalog) {
    let login = target.login.clone();
    let login = || login.clone().expect("a target has a login");
    match &step.id {
        StepId::CreateUser(name) => {
            let superuser =
                plan.passwords.iter().any(|password| password.user == *name && password.superuser);
            target.users.insert(name.clone(), User { superuser, ..source.users[name].clone() });
        }
        StepId::CreateGroup(name) => {
            target.groups.insert(name.clone(), Group::default());
        }
        StepId::CreateRole(name) => {
            let (users, roles) = (BTreeMap::new(), BTreeSet::new());
            target.roles.insert(name.clone(), Role { owner: login(), external_id: None, users, roles });
        }
        StepId::ChangeRoleOwner(name) => {
            target.roles.get_mut(name).unwrap().owner = source.roles[name].owner.clone();
        }
        StepId::AddMember { member, group } => {
            target.groups.get_mut(group).unwrap().members.insert(member.clone());
        }
        StepId::GrantRole { role, to } => {
            let option = |user| source.roles[role].users[user];
            let there = target.roles.entry(role.clone()).or_insert_with(redshifts_own);
            match to {
                Grantee::User(user) => drop(there.users.insert(user.clone(), option(user))),
                Grantee::Role(holder) => drop(there.roles.insert(holder.clone())),
                Grantee::Public | Grantee::Group(_) => panic!("{to} takes no role"),
            }
        }
        StepId::GrantSystemPrivileges { to } => {
            let given = source.system_privileges[to].clone();
            target.system_privileges.entry(to.clone()).or_default().extend(given);
        }
        StepId::CreateSchema(name) => {
            let mut schema = source.schemas[name].clone();
            if !step.sql[0].to_string().contains("AUTHORIZATION") {
                schema.owner = login();
            }
            target.schemas.insert(name.clone(), schema);
            revoke_from_owner(step, &Securable::Schema(name.clone()), source, target);
        }
        StepId::CreateTable(name) => {
            target.tables.insert(
                name.clone(),
                crate::catalog::Table { owner: login(), ..source.tables[name].clone() },
            );
            give_by_default(target, &Securable::Relation(name.clone()), NewObject::Tables);
        }
        StepId::AddColumn { table, column } => {
            let added =
                source.tables[table].columns.iter().find(|other| other.name == *column).unwrap().clone();
            target.tables.get_mut(table).unwrap().columns.push(added);
        }
        StepId::CreateView(name) => {
            if let Some(view) = source.materialized_views.get(name) {
                let by_owner = step.sql[0].to_string().contains("SESSION AUTHORIZATION");
                let owner = if by_owner { view.owner.clone() } else { login() };
                let view = crate::catalog::MaterializedView { owner, ..view.clone() };
                target.materialized_views.insert(name.clone(), view);
            } else {
                let view = crate::catalog::View { owner: login(), ..source.views[name].clone() };
                target.views.insert(name.clone(), view);
            }
            let on = Securable::Relation(name.clone());
            give_by_default(target, &on, NewObject::Tables);
            change_owner(step, &on, source, target);
        }
        StepId::CreateRoutine(name) => {
            let routine = crate::catalog::Routine { owner: login(), ..source.routines[name].clone() };
            let kind = match routine.kind {
                RoutineKind::Function => NewObject::Functions,
                RoutineKind::Procedure => NewObject::Procedures,
            };
            target.routines.insert(name.clone(), routine);
            let on = Securable::Routine(name.clone());
            give_by_default(target, &on, kind);
            if step.sql.iter().any(|sql| sql.to_string().starts_with("REVOKE EXECUTE")) {
                revoke_from_public(target, &on);
            }
            change_owner(step, &on, source, target);
        }
        StepId::RevokeFromPublic(name) => revoke_from_public(target, &Securable::Routine(name.clone())),
        StepId::ChangeOwner(on) => change_owner(step, on, source, target),
        StepId::RevokeFromOwner(on) => revoke_from_owner(step, on, source, target),
        StepId::Grant { on, to, grantable } => {
            let sql = step.sql[0].to_string();
            let (privileges, _) = sql["GRANT ".len()..]
                .split_once(if sql.contains(" FOR ") { " FOR " } else { " ON " })
                .unwrap();
            for privilege in privileges.split(", ").map(Privilege::parse) {
                let grant = Grant { grantee: to.clone(), privilege, grantable: *grantable };
                target.grants.entry(on.clone()).or_default().insert(grant);
            }
        }
        StepId::GrantOnColumns { relation, to } => {
            for (on, grants) in &source.grants {
                if matches!(on, Securable::Column(of, _) if of == relation) {
                    let given = grants.iter().filter(|grant| grant.grantee == *to).cloned();
                    target.grants.entry(on.clone()).or_default().extend(given);
                }
            }
        }
        StepId::GrantDefaultPrivileges { rule, to, grantable } => {
            let given = source.default_privileges[rule].iter();
            let given: Vec<Grant> = given
                .filter(|grant| grant.grantee == *to && grant.grantable == *grantable)
                .cloned()
                .collect();
            let there = target.defaults(rule);
            target.default_privileges.entry(rule.clone()).or_insert(there).extend(given);
        }
        StepId::RevokeDefaultPrivileges(rule) => {
            let gives = rule.of_redshift();
            let left = target.defaults(rule).into_iter().filter(|grant| !gives.contains(grant)).collect();
            target.default_privileges.insert(rule.clone(), left);
        }
        StepId::SetUserParameter { .. }
        | StepId::WidenColumn { .. }
        | StepId::AddKey { .. }
        | StepId::SetSortKey(_)
        | StepId::SetAutoRefresh(_)
        | StepId::CreateRowPolicy(_)
        | StepId::CreateMaskingPolicy(_)
        | StepId::AttachRowPolicy { .. }
        | StepId::AttachMaskingPolicy { .. }
        | StepId::EnableRowLevelSecurity(_)
        | StepId::CommentOn(_) => {}
    }
}

fn redshifts_own() -> Role {
    let owner = Identifier::new("rdsdb").unwrap();
    Role { owner, external_id: None, users: BTreeMap::new(), roles: BTreeSet::new() }
}

fn owner_of<'a>(target: &'a mut Catalog, on: &Securable) -> &'a mut Identifier {
    match on {
        Securable::Schema(name) => &mut target.schemas.get_mut(name).unwrap().owner,
        Securable::Routine(name) => &mut target.routines.get_mut(name).unwrap().owner,
        Securable::Relation(name) => {
            let table = target.tables.get_mut(name).map(|table| &mut table.owner);
            table.or_else(|| target.views.get_mut(name).map(|view| &mut view.owner)).unwrap()
        }
        other => panic!("{other} has no owner"),
    }
}

/// What an object gives by itself as it is created (`r_ALTER_DEFAULT_PRIVILEGES`).
fn give_by_default(target: &mut Catalog, on: &Securable, kind: NewObject) {
    let owner = target.owner(on).unwrap().clone();
    let schema = on.schema().cloned();
    for schema in [None, schema] {
        let rule = DefaultPrivileges { owner: owner.clone(), schema, on: kind };
        let given = target.defaults(&rule).into_iter();
        let given: Vec<Grant> = given.filter(|grant| grant.grantee != Grantee::User(owner.clone())).collect();
        if !given.is_empty() {
            target.grants.entry(on.clone()).or_default().extend(given);
        }
    }
}

fn revoke_from_public(target: &mut Catalog, on: &Securable) {
    if let Some(grants) = target.grants.get_mut(on) {
        grants.retain(|grant| grant.grantee != Grantee::Public);
    }
}

fn change_owner(step: &Step, on: &Securable, source: &Catalog, target: &mut Catalog) {
    if !step.sql.iter().any(|sql| sql.to_string().contains(" OWNER TO ")) {
        return;
    }
    let owner = source.owner(on).unwrap().clone();
    *owner_of(target, on) = owner.clone();
    // An owner's privileges are no grants.
    if let Some(grants) = target.grants.get_mut(on) {
        grants.retain(|grant| grant.grantee != Grantee::User(owner.clone()));
    }
    revoke_from_owner(step, on, source, target);
}

fn revoke_from_owner(step: &Step, on: &Securable, source: &Catalog, target: &mut Catalog) {
    let owner = format!(" FROM {}", source.owner(on).unwrap());
    let revokes =
        step.sql.iter().any(|sql| sql.to_string().starts_with("REVOKE") && sql.to_string().ends_with(&owner));
    if revokes && let Some(privileges) = source.revoked_from_owners.get(on) {
        target.revoked_from_owners.insert(on.clone(), privileges.clone());
    }
}
