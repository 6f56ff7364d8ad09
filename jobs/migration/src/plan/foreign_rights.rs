//! Which groups and roles of the target may do outside the tenant what they may not on the source: who joins one of these gains it.

use super::Context;
use crate::catalog::{Catalog, Grantee};
use crate::name::Identifier;
use std::collections::BTreeSet;

/// The grantees with rights on the target's other schemas that the source does not give them.
pub(super) struct ForeignRights<'a> {
    target: &'a Catalog,
    holders: BTreeSet<&'a Grantee>,
}

impl<'a> ForeignRights<'a> {
    pub(super) fn of(context: &Context<'a>) -> Self {
        let foreign = context
            .target
            .grants
            .iter()
            .filter(|(on, _)| on.schema().is_some() && !context.scope.holds_securable(on));
        let holders = foreign.flat_map(|(on, grants)| {
            let given = context.source.grants.get(on);
            grants.iter().filter(move |grant| !given.is_some_and(|given| given.contains(*grant)))
        });
        Self { target: context.target, holders: holders.map(|grant| &grant.grantee).collect() }
    }

    pub(super) fn group(&self, name: &Identifier) -> bool {
        self.holders.contains(&Grantee::Group(name.clone()))
    }

    /// A role has the rights of the roles that it holds, too.
    pub(super) fn role(&self, name: &Identifier) -> bool {
        let mut seen = BTreeSet::from([name]);
        let mut waiting = vec![name];
        while let Some(role) = waiting.pop() {
            if self.holders.contains(&Grantee::Role(role.clone())) {
                return true;
            }
            let held = self.target.roles.iter().filter(|(_, held)| held.roles.contains(role));
            waiting.extend(held.map(|(name, _)| name).filter(|name| seen.insert(name)));
        }
        false
    }
}
