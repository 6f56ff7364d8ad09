//! CREATE on a schema, which the user of its default privileges must have while they are given (`r_ALTER_DEFAULT_PRIVILEGES`, IN
//! SCHEMA). Default privileges outlive it: a user may have lost it on the source since, or never get it on the target.
//!
//! Such a user gets CREATE before the statement and loses it after, in the statement's transaction. No page keeps GRANT on a local
//! schema or ALTER DEFAULT PRIVILEGES out of a transaction (`r_GRANT`, `r_SVL_MULTI_STATEMENT_VIOLATIONS`: GRANT on external
//! resources alone), nobody else sees the right, and a run that is killed in between leaves none. Only who has it in no other
//! way gets it, for the REVOKE would take away a right of the user's own.

use super::Context;
use crate::catalog::{Grantee, ObjectKind, Privilege, Securable};
use crate::name::Identifier;
use crate::plan::{Draft, Owners, StepId};
use crate::statement::{self, GrantOn, Sql};
use std::collections::{BTreeMap, BTreeSet};

/// What this plan changes about who may create where, and for whom.
pub(super) struct Creators<'a> {
    context: &'a Context<'a>,
    planned: BTreeSet<StepId>,
    superusers: BTreeSet<Identifier>,
}

impl<'a> Creators<'a> {
    /// Once rights, owners and memberships are drafted.
    pub(super) fn of(context: &'a Context<'a>, draft: &Draft) -> Self {
        let matters = |id: &StepId| match id {
            StepId::Grant { on, .. } | StepId::ChangeOwner(on) => matches!(on, Securable::Schema(_)),
            StepId::AddMember { .. } | StepId::GrantRole { .. } => true,
            _ => false,
        };
        let planned = draft.steps.iter().map(|step| &step.id).filter(|id| matters(id)).cloned().collect();
        let superusers = draft.passwords.iter().filter(|password| password.superuser);
        let superusers = superusers.map(|password| password.user.clone()).collect();
        Self { context, planned, superusers }
    }

    /// The statements with CREATE around them where the user will not have it on the target; else the steps that it has it by.
    pub(super) fn enable(
        &self,
        user: &Identifier,
        schema: &Identifier,
        sql: Vec<Sql>,
    ) -> (Vec<Sql>, BTreeSet<StepId>) {
        if let Some(by) = self.may_create(user, schema) {
            return (sql, by);
        }
        let grantee = Grantee::User(user.clone());
        let grant =
            statement::grant_privileges([&Privilege::Create], &GrantOn::Schema(schema), &grantee, false);
        let revoke = statement::revoke_privileges([&Privilege::Create], &GrantOn::Schema(schema), user);
        (grant.into_iter().chain(sql).chain(revoke).collect(), BTreeSet::new())
    }

    /// The steps by which a user has CREATE on a schema of the target when this plan is carried out, none of them for what it has now;
    /// `None` where it will not have it.
    fn may_create(&self, user: &Identifier, schema: &Identifier) -> Option<BTreeSet<StepId>> {
        let Context { source, target, .. } = self.context;
        if self.superusers.contains(user) || target.is_superuser_by_option(user) {
            return Some(BTreeSet::new());
        }
        let on = Securable::Schema(schema.clone());
        if let Some(by) = self.owns(user, &on) {
            return Some(by);
        }
        let mut ways = Vec::new();
        for (grantee, by) in self.as_whom(user) {
            let held = |grants: &Securable| {
                target
                    .grants_on(grants)
                    .any(|grant| grant.privilege == Privilege::Create && grant.grantee == grantee)
            };
            if held(&on) || held(&Securable::EveryInDatabase(ObjectKind::Schemas)) {
                ways.push(by);
                continue;
            }
            let given = source
                .grants_on(&on)
                .filter(|grant| grant.privilege == Privilege::Create && grant.grantee == grantee)
                .map(|grant| StepId::Grant {
                    on: on.clone(),
                    to: grantee.clone(),
                    grantable: grant.grantable,
                })
                .find(|id| self.planned.contains(id));
            ways.extend(given.map(|id| by.into_iter().chain([id]).collect()));
        }
        ways.into_iter().min_by_key(BTreeSet::len)
    }

    /// The step, if any, by which the user owns the schema on the target, and has not taken CREATE from itself.
    fn owns(&self, user: &Identifier, on: &Securable) -> Option<BTreeSet<StepId>> {
        let Context { source, target, policy, .. } = self.context;
        if source.owner_lacks(on, &Privilege::Create) {
            return None;
        }
        let change = StepId::change_owner(on);
        let of_source = source.owner(on).filter(|owner| self.context.user_arrives(owner));
        if self.planned.contains(&change) {
            return (of_source == Some(user)).then(|| BTreeSet::from([change]));
        }
        let owner = match (target.owner(on), policy.owners) {
            (Some(owner), _) => Some(owner),
            (None, Owners::Keep) => of_source.or(target.login.as_ref()),
            (None, Owners::TargetAdmin) => target.login.as_ref(),
        };
        (owner == Some(user)).then(BTreeSet::new)
    }

    /// Whose rights a user has on the target, each with the steps by which.
    fn as_whom(&self, user: &Identifier) -> BTreeMap<Grantee, BTreeSet<StepId>> {
        let Context { source, target, .. } = self.context;
        let itself = Grantee::User(user.clone());
        let mut found =
            BTreeMap::from([(Grantee::Public, BTreeSet::new()), (itself.clone(), BTreeSet::new())]);
        for name in source.groups.keys().chain(target.groups.keys()) {
            let add = StepId::AddMember { member: user.clone(), group: name.clone() };
            if target.groups.get(name).is_some_and(|group| group.members.contains(user)) {
                found.insert(Grantee::Group(name.clone()), BTreeSet::new());
            } else if self.planned.contains(&add) {
                found.insert(Grantee::Group(name.clone()), BTreeSet::from([add]));
            }
        }
        // Roles hold the rights of those granted to them (`r_roles-assigning`).
        let mut open = vec![(itself, BTreeSet::new())];
        while let Some((holder, by)) = open.pop() {
            for name in source.roles.keys().chain(target.roles.keys()) {
                let role = Grantee::Role(name.clone());
                let held = target.roles.get(name).is_some_and(|role| match &holder {
                    Grantee::User(user) => role.users.contains_key(user),
                    Grantee::Role(holder) => role.roles.contains(holder),
                    Grantee::Group(_) | Grantee::Public => false,
                });
                let grant = StepId::membership(name, &holder);
                let mut by = by.clone();
                if !held {
                    if !self.planned.contains(&grant) {
                        continue;
                    }
                    by.insert(grant);
                }
                if found.get(&role).is_none_or(|known| known.len() > by.len()) {
                    found.insert(role.clone(), by.clone());
                    open.push((role, by));
                }
            }
        }
        found
    }
}
