//! Roles, who owns them and who holds them.

use super::{Context, Draft, Phase, RoleCause, Stage, Step, StepId, Subject, Transaction};
use crate::catalog::{Catalog, Grantee, Role, is_system_role};
use crate::name::Identifier;
use crate::statement::{self, Sql};
use std::collections::BTreeSet;

/// Whether a role is on the target, or will be. Redshift's own are on every warehouse.
pub(super) fn role_arrives(context: &Context, name: &Identifier) -> bool {
    let moves = |role: &Role| role.external_id.is_none();
    context.target.roles.contains_key(name)
        || is_system_role(name)
        || (context.scope.holds_role(name) && context.source.roles.get(name).is_some_and(moves))
}

/// The steps by which the tenant's users and roles come to have a role that the target does not let them have yet, by way of
/// other roles too.
pub(super) fn missing_memberships(context: &Context, role: &Identifier) -> BTreeSet<StepId> {
    let mut missing = BTreeSet::new();
    let (mut seen, mut open) = (BTreeSet::from([role]), vec![role]);
    while let Some(name) = open.pop() {
        let Some(role) = context.source.roles.get(name) else { continue };
        let existing = context.target.roles.get(name);
        for user in role.users.keys().filter(|user| context.scope.users.contains(*user)) {
            if !existing.is_some_and(|existing| existing.users.contains_key(user)) {
                missing.insert(StepId::membership(name, &Grantee::User(user.clone())));
            }
        }
        for holder in role.roles.iter().filter(|holder| context.scope.holds_role(holder)) {
            let is_redshifts = is_system_role(name) && is_system_role(holder);
            if !is_redshifts && !existing.is_some_and(|existing| existing.roles.contains(holder)) {
                missing.insert(StepId::membership(name, &Grantee::Role(holder.clone())));
            }
            if seen.insert(holder) {
                open.push(holder);
            }
        }
    }
    missing
}

pub(super) fn plan(context: &Context, draft: &mut Draft) {
    for name in &context.scope.roles {
        let Some(role) = context.source.roles.get(name) else {
            draft.leave(subject(name), RoleCause::NotListed);
            continue;
        };
        let existing = context.target.roles.get(name);
        if !is_system_role(name) {
            plan_role(context, name, role, existing, draft);
        }
        if role_arrives(context, name) {
            let foreign = existing.is_some() && context.surplus.has(&Grantee::Role(name.clone()));
            let superuser = context.surplus.makes_superuser(name);
            let membership = Membership { name, role, existing, foreign, superuser };
            membership.plan(context, draft);
        }
    }
    refuse_other_roles(context, draft);
}

fn plan_role(context: &Context, name: &Identifier, role: &Role, existing: Option<&Role>, draft: &mut Draft) {
    if existing.is_none() && role.external_id.is_some() {
        draft.leave(subject(name), RoleCause::External);
        return;
    }
    if existing.is_none() {
        let sql = vec![statement::create_role(name)];
        let id = StepId::role(name);
        draft.steps.push(step(id, Phase::Roles, BTreeSet::new(), name.as_str().to_owned(), sql));
    }
    if existing.is_some_and(|existing| existing.external_id != role.external_id) {
        draft.block(subject(name), RoleCause::ExternalElsewhere);
    }
    let owner_there = existing.map_or(context.target.login.as_ref(), |existing| Some(&existing.owner));
    if owner_there == Some(&role.owner) {
        return;
    }
    let owner = role.owner.clone();
    if !context.user_arrives(&owner) {
        draft.leave(Subject::RoleOwner(name.clone()), RoleCause::OwnerNotThere { owner });
    } else if existing.is_some() && context.surplus.has(&Grantee::Role(name.clone())) {
        draft.leave(Subject::RoleOwner(name.clone()), RoleCause::OwnerCouldGrant { owner });
    } else {
        let needs = BTreeSet::from([StepId::role(name), StepId::user(&role.owner)]);
        let sql = vec![statement::alter_role_owner(name, &role.owner)];
        let object = format!("{} to {}", name.as_str(), owner.as_str());
        draft.steps.push(step(StepId::ChangeRoleOwner(name.clone()), Phase::Roles, needs, object, sql));
    }
}

/// Who holds a role.
struct Membership<'a> {
    name: &'a Identifier,
    role: &'a Role,
    existing: Option<&'a Role>,
    /// Whether it may do outside the tenant what it may not on the source.
    foreign: bool,
    /// Whether who holds it on the target is as good as a superuser there.
    superuser: bool,
}

impl Membership<'_> {
    fn plan(&self, context: &Context, draft: &mut Draft) {
        for (user, admin_option) in
            self.role.users.iter().filter(|(user, _)| context.scope.users.contains(*user))
        {
            let held = self.existing.and_then(|existing| existing.users.get(user));
            let has_it = held.is_some_and(|there| *there || !admin_option);
            if !has_it {
                let sql = statement::grant_role_to_user(self.name, user, *admin_option);
                self.grant(context, &Grantee::User(user.clone()), sql, draft);
            }
            if held == Some(&true) && !admin_option {
                draft.block(self.subject(&Grantee::User(user.clone())), RoleCause::AdminOption);
            }
        }
        for holder in self.role.roles.iter().filter(|holder| context.scope.holds_role(holder)) {
            // What one of Redshift's own roles holds is the same on every warehouse.
            let is_redshifts = is_system_role(self.name) && is_system_role(holder);
            let has_it = self.existing.is_some_and(|existing| existing.roles.contains(holder));
            if !has_it && !is_redshifts {
                let sql = statement::grant_role_to_role(self.name, holder);
                self.grant(context, &Grantee::Role(holder.clone()), sql, draft);
            }
        }
        self.refuse_strangers(context, draft);
    }

    fn subject(&self, holder: &Grantee) -> Subject {
        Subject::RoleMembership { role: self.name.clone(), holder: holder.clone() }
    }

    fn grant(&self, context: &Context, holder: &Grantee, sql: Sql, draft: &mut Draft) {
        let (id, subject) = (StepId::membership(self.name, holder), self.subject(holder));
        if !context.grantee_arrives(holder) {
            draft.leave_out(id, subject, RoleCause::HolderNotThere);
        } else if self.superuser {
            draft.leave_out(id, subject, RoleCause::AsGoodAsSuperuser);
        } else if self.foreign {
            draft.leave_out(id, subject, RoleCause::HasOtherPrivileges);
        } else {
            let needs = StepId::principal(holder).into_iter().chain([StepId::role(self.name)]).collect();
            draft.steps.push(step(id, Phase::Memberships, needs, subject.to_string(), vec![sql]));
        }
    }

    /// Who holds the role on the target alone, by way of other roles too, would gain the tenant's rights. Redshift's own roles gain
    /// none, unless the source grants them some.
    fn refuse_strangers(&self, context: &Context, draft: &mut Draft) {
        if self.existing.is_none() || (is_system_role(self.name) && !holds_rights_here(context, self.name)) {
            return;
        }
        let here = holders(context.source, self.name);
        for stranger in holders(context.target, self.name).difference(&here) {
            draft.block(self.subject(stranger), RoleCause::Stranger);
        }
    }
}

/// Who holds a role, by way of other roles too (`t_role_hierarchy`).
fn holders(catalog: &Catalog, role: &Identifier) -> BTreeSet<Grantee> {
    let mut found = BTreeSet::new();
    let mut open = vec![role];
    while let Some(role) = open.pop() {
        let Some((_, role)) = catalog.roles.get_key_value(role) else { continue };
        found.extend(role.users.keys().cloned().map(Grantee::User));
        open.extend(role.roles.iter().filter(|holder| found.insert(Grantee::Role((*holder).clone()))));
    }
    found
}

fn holds_rights_here(context: &Context, role: &Identifier) -> bool {
    let ours = context.source.grants.iter().filter(|(on, _)| context.scope.holds_securable(on));
    let of_role = |grantee: &Grantee| matches!(grantee, Grantee::Role(name) if name == role);
    ours.into_iter().any(|(_, grants)| grants.iter().any(|grant| of_role(&grant.grantee)))
}

/// The tenant's users and roles hold no role on the target that lets them do more anywhere, by itself or by way of other roles:
/// Redshift's own, or one with system permissions. A role that does neither gives them rights on others' objects only, as those see fit.
fn refuse_other_roles(context: &Context, draft: &mut Draft) {
    for (name, role) in &context.target.roles {
        let there = context.source.roles.get(name);
        // Strangers in the tenant's own roles are refused with these.
        let is_ours = context.scope.holds_role(name) && !is_system_role(name);
        let users = role.users.keys().cloned().map(Grantee::User);
        for holder in users.chain(role.roles.iter().cloned().map(Grantee::Role)) {
            let has_it = there.is_some_and(|there| match &holder {
                Grantee::User(user) => there.users.contains_key(user),
                Grantee::Role(role) => there.roles.contains(role),
                Grantee::Group(_) | Grantee::Public => false,
            });
            let is_redshifts = matches!(&holder, Grantee::Role(role) if is_system_role(role));
            if !has_it
                && !is_ours
                && !is_redshifts
                && context.scope.holds_principal(&holder)
                && context.surplus.is_powerful(name, &holder)
            {
                draft.block(Subject::RoleMembership { role: name.clone(), holder }, RoleCause::OnlyOnTarget);
            }
        }
    }
}

fn subject(role: &Identifier) -> Subject {
    Subject::Principal(Grantee::Role(role.clone()))
}

fn step(id: StepId, phase: Phase, needs: BTreeSet<StepId>, object: String, sql: Vec<Sql>) -> Step {
    Step { id, stage: Stage::BeforeData, phase, object, needs, transaction: Transaction::Batched, sql }
}

#[cfg(test)]
mod tests;
