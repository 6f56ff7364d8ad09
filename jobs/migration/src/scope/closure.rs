//! The principals that matter to a tenant: the fewest that these rules allow.
//!
//! 1. A user who owns something in the tenant's schemas matters, and one whose name holds the tenant's name literally.
//! 2. Whoever holds a right there matters, whom a policy there is for, and who will hold a right by default privileges, with the
//!    user whose objects to come give it.
//!    The default privileges of a user who matters count in every schema.
//! 3. The members of a group or role of rule 2 have its rights, so they matter; for a role these are users and roles, and so on.
//!    Redshift's own roles are everybody's: their members do not follow.
//! 4. A role that a user or role of the tenant holds matters, since without it they could do less; its other members do not.
//!
//! Redshift's own user and the roles of datashares never matter: no statement makes them.

use super::{Scope, owners};
use crate::catalog::{Catalog, Grantee, SYSTEM_USER, is_datashares_own, is_system_role};
use crate::name::Identifier;
use std::collections::{BTreeMap, BTreeSet};

/// The tenant of these schemas.
pub(super) fn of(source: &Catalog, schemas: BTreeSet<Identifier>, tenant: &str) -> Scope {
    let mut closure = Closure::new(source);
    for (schema, owner) in owners(source) {
        if schemas.contains(schema) {
            closure.add_user(owner);
        }
    }
    for user in source.users.keys().filter(|user| !tenant.is_empty() && user.as_str().contains(tenant)) {
        closure.add_user(user);
    }
    let ours = |schema: Option<&Identifier>| schema.is_some_and(|schema| schemas.contains(schema));
    for grant in source.grants.iter().filter(|(on, _)| ours(on.schema())).flat_map(|(_, grants)| grants) {
        closure.add_bearer(&grant.grantee);
    }
    for (rule, grants) in source.default_privileges.iter().filter(|(rule, _)| ours(rule.schema.as_ref())) {
        closure.add_user(&rule.owner);
        for grant in grants {
            closure.add_bearer(&grant.grantee);
        }
    }
    let policies = &source.policies;
    let guarded: BTreeSet<_> = policies.row_security.keys().chain(policies.masks.keys()).collect();
    for relation in guarded.into_iter().filter(|relation| schemas.contains(&relation.schema)) {
        policies.grantees_on(relation).for_each(|grantee| closure.add_bearer(grantee));
    }
    closure.follow();
    closure.into_scope(schemas)
}

/// A closure in the making.
struct Closure<'a> {
    source: &'a Catalog,
    /// The roles that a user or role holds.
    held: BTreeMap<Grantee, Vec<&'a Identifier>>,
    /// Whom the objects to come of a user are for, in every schema.
    given: BTreeMap<&'a Identifier, Vec<&'a Grantee>>,
    users: BTreeSet<&'a Identifier>,
    groups: BTreeSet<&'a Identifier>,
    roles: BTreeSet<&'a Identifier>,
    /// The roles whose members follow: those of rule 2.
    bearing: BTreeSet<&'a Identifier>,
    /// What was added and not looked at.
    open: Vec<Open<'a>>,
}

/// Something that others follow.
enum Open<'a> {
    /// A user: the roles that it holds, and whom its default privileges are for.
    User(&'a Identifier),
    /// A role: the roles that it holds.
    Role(&'a Identifier),
    /// A group that holds rights: its members.
    MembersOfGroup(&'a Identifier),
    /// A role that holds rights: its members.
    MembersOfRole(&'a Identifier),
}

impl<'a> Closure<'a> {
    fn new(source: &'a Catalog) -> Self {
        let mut held: BTreeMap<Grantee, Vec<&Identifier>> = BTreeMap::new();
        for (name, role) in &source.roles {
            let users = role.users.keys().map(|user| Grantee::User(user.clone()));
            for holder in users.chain(role.roles.iter().map(|role| Grantee::Role(role.clone()))) {
                held.entry(holder).or_default().push(name);
            }
        }
        let mut given: BTreeMap<&Identifier, Vec<&Grantee>> = BTreeMap::new();
        for (rule, grants) in source.default_privileges.iter().filter(|(rule, _)| rule.schema.is_none()) {
            given.entry(&rule.owner).or_default().extend(grants.iter().map(|grant| &grant.grantee));
        }
        let (users, groups, roles) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        Self { source, held, given, users, groups, roles, bearing: BTreeSet::new(), open: Vec::new() }
    }

    fn add_user(&mut self, name: &'a Identifier) {
        if name.as_str() != SYSTEM_USER && !is_datashares_own(name) && self.users.insert(name) {
            self.open.push(Open::User(name));
        }
    }

    fn add_role(&mut self, name: &'a Identifier) {
        if !is_datashares_own(name) && self.roles.insert(name) {
            self.open.push(Open::Role(name));
        }
    }

    /// Adds one who holds a right in the tenant, or will.
    fn add_bearer(&mut self, grantee: &'a Grantee) {
        match grantee {
            Grantee::Public => {}
            Grantee::User(name) => self.add_user(name),
            Grantee::Group(name) => {
                if self.groups.insert(name) {
                    self.open.push(Open::MembersOfGroup(name));
                }
            }
            Grantee::Role(name) => self.add_bearing_role(name),
        }
    }

    fn add_bearing_role(&mut self, name: &'a Identifier) {
        self.add_role(name);
        if !is_datashares_own(name) && !is_system_role(name) && self.bearing.insert(name) {
            self.open.push(Open::MembersOfRole(name));
        }
    }

    /// Adds what follows from what was added, until nothing does.
    fn follow(&mut self) {
        while let Some(open) = self.open.pop() {
            match open {
                Open::User(name) => {
                    self.follow_held(&Grantee::User(name.clone()));
                    for grantee in self.given.remove(name).unwrap_or_default() {
                        self.add_bearer(grantee);
                    }
                }
                Open::Role(name) => self.follow_held(&Grantee::Role(name.clone())),
                Open::MembersOfGroup(name) => {
                    let members = self.source.groups.get(name).into_iter().flat_map(|group| &group.members);
                    members.for_each(|member| self.add_user(member));
                }
                Open::MembersOfRole(name) => {
                    let Some(role) = self.source.roles.get(name) else { continue };
                    role.users.keys().for_each(|user| self.add_user(user));
                    role.roles.iter().for_each(|role| self.add_bearing_role(role));
                }
            }
        }
    }

    fn follow_held(&mut self, holder: &Grantee) {
        for role in self.held.remove(holder).unwrap_or_default() {
            self.add_role(role);
        }
    }

    fn into_scope(self, schemas: BTreeSet<Identifier>) -> Scope {
        let owned = |names: BTreeSet<&Identifier>| names.into_iter().cloned().collect();
        Scope { schemas, users: owned(self.users), groups: owned(self.groups), roles: owned(self.roles) }
    }
}

#[cfg(test)]
mod tests;
