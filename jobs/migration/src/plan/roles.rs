//! Roles, who owns them and who holds them.

use super::foreign_rights::ForeignRights;
use super::principals::{principal_step, user_step};
use super::{Context, Draft, Phase, Stage, Step, StepId, Transaction};
use crate::catalog::{Grantee, Role, is_system_role};
use crate::name::Identifier;
use crate::statement::{self, Sql};
use std::collections::BTreeSet;

/// The role that is as good as CREATEUSER (`r_roles-default`).
const SUPERUSER_ROLE: &str = "sys:superuser";

/// The step that creates a role: grants to it and of it need it.
pub(super) fn role_step(name: &Identifier) -> StepId {
    StepId::new("create role", name)
}

/// Whether a role is on the target, or will be. Redshift's own are on every warehouse.
pub(super) fn role_arrives(context: &Context, name: &Identifier) -> bool {
    let moves = |role: &Role| role.external_id.is_none();
    context.target.roles.contains_key(name)
        || is_system_role(name)
        || (context.scope.holds_role(name) && context.source.roles.get(name).is_some_and(moves))
}

/// The step that lets somebody have a role: what a policy for the role guards needs it.
fn membership_step(role: &Identifier, holder: &Grantee) -> StepId {
    StepId::new("grant role", format!("{role} to {holder}"))
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
                missing.insert(membership_step(name, &Grantee::User(user.clone())));
            }
        }
        for holder in role.roles.iter().filter(|holder| context.scope.holds_role(holder)) {
            let is_redshifts = is_system_role(name) && is_system_role(holder);
            if !is_redshifts && !existing.is_some_and(|existing| existing.roles.contains(holder)) {
                missing.insert(membership_step(name, &Grantee::Role(holder.clone())));
            }
            if seen.insert(holder) {
                open.push(holder);
            }
        }
    }
    missing
}

pub(super) fn plan(context: &Context, foreign: &ForeignRights, draft: &mut Draft) {
    for name in &context.scope.roles {
        let Some(role) = context.source.roles.get(name) else {
            let reason = "it holds rights, but is not listed as a role";
            draft.leave(format!("role {}", name.as_str()), reason, "check its id on the source");
            continue;
        };
        let existing = context.target.roles.get(name);
        if !is_system_role(name) {
            plan_role(context, name, role, existing, foreign, draft);
        }
        if role_arrives(context, name) {
            let membership =
                Membership { name, role, existing, foreign: existing.is_some() && foreign.role(name) };
            membership.plan(context, draft);
        }
    }
    refuse_other_roles(context, draft);
}

fn plan_role(
    context: &Context,
    name: &Identifier,
    role: &Role,
    existing: Option<&Role>,
    foreign: &ForeignRights,
    draft: &mut Draft,
) {
    let object = format!("role {}", name.as_str());
    if existing.is_none() && role.external_id.is_some() {
        let reason = "it stands for a group of an identity provider, and its members are decided there";
        let remedy = "register the identity provider on the target, then CREATE ROLE … EXTERNALID, and run this job again for its rights";
        draft.leave(object, reason, remedy);
        return;
    }
    if existing.is_none() {
        let sql = vec![statement::create_role(name)];
        let id = role_step(name);
        draft.steps.push(step(id, Phase::Roles, BTreeSet::new(), name.as_str().to_owned(), sql));
    }
    if existing.is_some_and(|existing| existing.external_id != role.external_id) {
        let reason = "on the target it stands for another group of an identity provider";
        draft.block(
            object.clone(),
            reason,
            "ALTER ROLE … EXTERNALID TO on the target, or another name for the role",
        );
    }
    let owner_there = existing.map_or(context.target.login.as_ref(), |existing| Some(&existing.owner));
    if owner_there == Some(&role.owner) {
        return;
    }
    let owner = role.owner.as_str();
    if !context.user_arrives(&role.owner) {
        let reason =
            format!("its owner {owner} is neither moved nor on the target; it belongs to who creates it");
        draft.leave(format!("owner of {object}"), reason, "ALTER ROLE … OWNER TO on the target");
    } else if existing.is_some() && foreign.role(name) {
        let reason = format!(
            "{owner}, who owns it on the source, could grant what it may do outside the tenant's schemas"
        );
        draft.leave(
            format!("owner of {object}"),
            reason,
            "ALTER ROLE … OWNER TO on the target, if the user may",
        );
    } else {
        let needs = BTreeSet::from([role_step(name), user_step(&role.owner)]);
        let sql = vec![statement::alter_role_owner(name, &role.owner)];
        let id = StepId::new("give role", name);
        draft.steps.push(step(id, Phase::Roles, needs, format!("{} to {owner}", name.as_str()), sql));
    }
}

/// Who holds a role.
struct Membership<'a> {
    name: &'a Identifier,
    role: &'a Role,
    existing: Option<&'a Role>,
    /// Whether it may do outside the tenant what it may not on the source.
    foreign: bool,
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
                let object = self.object(&Grantee::User(user.clone()));
                let reason = "the target lets the user grant the role (ADMIN OPTION) and the source does not";
                draft.block(
                    object,
                    reason,
                    "REVOKE ADMIN OPTION FOR ROLE on the target, or grant it on the source",
                );
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

    fn object(&self, holder: &Grantee) -> String {
        format!("role {} for {}", self.name.as_str(), holder.plain())
    }

    fn grant(&self, context: &Context, holder: &Grantee, sql: Sql, draft: &mut Draft) {
        let (id, object) = (membership_step(self.name, holder), self.object(holder));
        let remedy = "GRANT ROLE on the target, if it must be";
        if !context.grantee_arrives(holder) {
            let reason = "the holder is neither moved nor on the target";
            draft.leave_out(id, object, reason, "create it on the target, then GRANT ROLE");
        } else if self.name.as_str() == SUPERUSER_ROLE {
            draft.leave_out(id, object, "it is as good as a superuser, and none is made", remedy);
        } else if self.foreign {
            let reason = "on the target the role holds rights beyond the tenant's schemas that it does not hold on the source";
            draft.leave_out(id, object, reason, remedy);
        } else {
            let needs = principal_step(holder).into_iter().chain([role_step(self.name)]).collect();
            draft.steps.push(step(id, Phase::Memberships, needs, object, vec![sql]));
        }
    }

    /// Who holds the role on the target alone would gain the tenant's rights. Redshift's own roles gain none, unless the
    /// source grants them some.
    fn refuse_strangers(&self, context: &Context, draft: &mut Draft) {
        let Some(existing) = self.existing else { return };
        if is_system_role(self.name) && !holds_rights_here(context, self.name) {
            return;
        }
        let users = existing
            .users
            .keys()
            .filter(|user| !self.role.users.contains_key(*user))
            .cloned()
            .map(Grantee::User);
        let roles =
            existing.roles.iter().filter(|role| !self.role.roles.contains(*role)).cloned().map(Grantee::Role);
        for stranger in users.chain(roles) {
            let reason =
                "the holder has the role on the target and not on the source, and would gain its rights";
            draft.block(
                self.object(&stranger),
                reason,
                "REVOKE ROLE on the target, or GRANT ROLE on the source",
            );
        }
    }
}

fn holds_rights_here(context: &Context, role: &Identifier) -> bool {
    let ours = context.source.grants.iter().filter(|(on, _)| context.scope.holds_securable(on));
    let of_role = |grantee: &Grantee| matches!(grantee, Grantee::Role(name) if name == role);
    ours.into_iter().any(|(_, grants)| grants.iter().any(|grant| of_role(&grant.grantee)))
}

/// The tenant's users and roles hold no role on the target that lets them do more anywhere: Redshift's own, or one with system
/// permissions. A role that is neither gives them rights on others' objects only, as those see fit.
fn refuse_other_roles(context: &Context, draft: &mut Draft) {
    for (name, role) in &context.target.roles {
        let powerful = is_system_role(name)
            || context.target.system_privileges.contains_key(&Grantee::Role(name.clone()));
        // Strangers in the tenant's own roles are refused with these.
        if !powerful || (context.scope.holds_role(name) && !is_system_role(name)) {
            continue;
        }
        let there = context.source.roles.get(name);
        let users =
            role.users.keys().filter(|user| !there.is_some_and(|there| there.users.contains_key(*user)));
        let roles = role.roles.iter().filter(|role| !there.is_some_and(|there| there.roles.contains(*role)));
        let holders = users.cloned().map(Grantee::User).chain(roles.cloned().map(Grantee::Role));
        for holder in holders.filter(|holder| context.scope.holds_principal(holder)) {
            let reason = "the target lets the holder have the role and the source does not";
            let object = format!("role {} for {}", name.as_str(), holder.plain());
            draft.block(object, reason, "REVOKE ROLE on the target, or GRANT ROLE on the source");
        }
    }
}

fn step(id: StepId, phase: Phase, needs: BTreeSet<StepId>, object: String, sql: Vec<Sql>) -> Step {
    Step { id, stage: Stage::BeforeData, phase, object, needs, transaction: Transaction::Batched, sql }
}

#[cfg(test)]
mod tests;
