//! Masks on the source's columns: rows would be unloaded as the login sees them. A superuser passes row-level security by, but
//! no page says that of masks (`t_ddm-considerations`).

use super::super::{Context, Draft};
use crate::catalog::{Catalog, Grantee};
use crate::name::Identifier;

pub(super) fn plan(context: &Context, draft: &mut Draft) {
    let source = context.source;
    for (name, masks) in source.policies.masks.iter().filter(|(name, _)| context.scope.holds(name)) {
        if !source.tables.contains_key(name) {
            continue;
        }
        for mask in masks.iter().filter(|mask| may_hold(source, &mask.grantee)) {
            draft.block(
                format!("columns {} of {}", mask.masked.join(", "), name.plain()),
                format!(
                    "the masking policy {} for {} may hold for the login of the jobs, who would unload masked values",
                    mask.policy.as_str(),
                    mask.grantee.plain()
                ),
                "DETACH MASKING POLICY on the source while the tenant moves, or attach it to a role that the login does not hold",
            );
        }
    }
}

/// Whether a policy for this grantee may hold for the source's login.
fn may_hold(source: &Catalog, grantee: &Grantee) -> bool {
    let is_login = |user: &Identifier| source.login.as_ref() == Some(user);
    match grantee {
        Grantee::Public => true,
        Grantee::User(name) => is_login(name),
        Grantee::Group(name) => {
            source.groups.get(name).is_some_and(|group| group.members.iter().any(is_login))
        }
        Grantee::Role(name) => {
            let (mut open, mut seen) = (vec![name], Vec::new());
            while let Some(name) = open.pop() {
                let Some(role) = source.roles.get(name).filter(|_| !seen.contains(&name)) else { continue };
                if role.users.keys().any(is_login) {
                    return true;
                }
                seen.push(name);
                open.extend(&role.roles);
            }
            false
        }
    }
}
