//! Masks on the source's columns: rows would be unloaded as the login sees them. A superuser passes row-level security by, but
//! no page says that of masks (`t_ddm-considerations`).

use super::super::{Context, Draft, PolicyCause, Subject};
use crate::catalog::{Catalog, Grantee};
use crate::name::Identifier;

pub(super) fn plan(context: &Context, draft: &mut Draft) {
    let source = context.source;
    for (name, masks) in source.policies.masks.iter().filter(|(name, _)| context.scope.holds(name)) {
        if !source.tables.contains_key(name) {
            continue;
        }
        for mask in masks.iter().filter(|mask| may_hold(source, &mask.grantee)) {
            let (policy, grantee) = (mask.policy.clone(), mask.grantee.clone());
            draft.block(
                Subject::MaskedColumns { table: name.clone(), columns: mask.masked.clone() },
                PolicyCause::MayMaskUnload { policy, grantee },
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
