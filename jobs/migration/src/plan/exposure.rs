//! Rights that the target gives already, or will by itself, and that would show what policies are still to hide there.
//!
//! What this plan grants waits for the policies. What stands on the target does not, so it stops everything.

use super::default_privileges::{self, created_by};
use super::readers::Seen;
use super::{Context, Draft, Exposure, rights};
use crate::catalog::{Grantee, Privilege};

pub(super) fn refuse(context: &Context, draft: &mut Draft) {
    let seen = Seen::of(context.target, context.guards.open());
    let open = Seen::of(context.source, context.guards.open());
    for (securable, grants) in &context.target.grants {
        let mut shown = seen.through(securable);
        shown.extend(open.through(securable));
        let Some(relation) = shown.first() else { continue };
        let owner = context.target.owner(securable).cloned().map(Grantee::User);
        for grant in grants.iter().filter(|grant| shows(&grant.privilege)) {
            if owner.as_ref() != Some(&grant.grantee) && !is_superuser(context, &grant.grantee) {
                let cause = Exposure::Granted { relation: (*relation).clone() };
                draft.block(rights::subject(securable, grant), cause);
            }
        }
    }
    for (rule, grants) in &context.target.default_privileges {
        let created = created_by(context, &rule.owner, rule.on);
        let created = created.iter().filter(|on| rule.covers(on));
        let Some(relation) = created.flat_map(|on| open.through(on)).next() else { continue };
        let owner = Grantee::User(rule.owner.clone());
        for grant in grants.iter().filter(|grant| shows(&grant.privilege)) {
            if grant.grantee != owner && !is_superuser(context, &grant.grantee) {
                let cause = Exposure::GrantedByDefault { relation: relation.clone() };
                draft.block(default_privileges::subject(rule, grant), cause);
            }
        }
    }
}

fn is_superuser(context: &Context, grantee: &Grantee) -> bool {
    match grantee {
        Grantee::User(name) => context.target.is_superuser_by_option(name),
        Grantee::Public | Grantee::Group(_) | Grantee::Role(_) => false,
    }
}

/// Whether somebody with it learns of rows: ALTER allows to move them to another table (`r_ALTER_TABLE_APPEND`).
fn shows(privilege: &Privilege) -> bool {
    match privilege {
        Privilege::Select
        | Privilege::Update
        | Privilege::Delete
        | Privilege::Alter
        | Privilege::Execute
        | Privilege::Unknown(_) => true,
        Privilege::Insert
        | Privilege::Drop
        | Privilege::References
        | Privilege::Truncate
        | Privilege::Usage
        | Privilege::Create
        | Privilege::Temporary
        | Privilege::Rule
        | Privilege::Trigger => false,
    }
}

#[cfg(test)]
mod tests;
