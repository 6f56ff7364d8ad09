//! Which rights a principal holds, by itself or by way of others: for what only one with these rights can do.

use crate::catalog::{Catalog, Grantee, ObjectKind, Privilege, Securable};
use crate::name::{Identifier, QualifiedName};
use std::collections::BTreeSet;

/// What reads or changes rows.
pub(super) const USES: [Privilege; 4] =
    [Privilege::Select, Privilege::Insert, Privilege::Update, Privilege::Delete];

/// A principal's rights in a catalog. Being a superuser is not among them.
pub(super) struct Held<'a> {
    catalog: &'a Catalog,
    /// The principal, everybody, and the groups and roles that it is in.
    as_whom: BTreeSet<Grantee>,
}

impl<'a> Held<'a> {
    /// The rights of a user.
    pub(super) fn by(catalog: &'a Catalog, user: &Identifier) -> Self {
        Self::of(catalog, &Grantee::User(user.clone()))
    }

    /// The rights of a principal. Roles hold those of roles granted to them (`r_roles-assigning`).
    pub(super) fn of(catalog: &'a Catalog, principal: &Grantee) -> Self {
        let mut as_whom = BTreeSet::from([Grantee::Public, principal.clone()]);
        let mut open: Vec<&Identifier> = match principal {
            Grantee::User(user) => {
                let groups = catalog.groups.iter().filter(|(_, group)| group.members.contains(user));
                as_whom.extend(groups.map(|(name, _)| Grantee::Group(name.clone())));
                let direct = catalog.roles.iter().filter(|(_, role)| role.users.contains_key(user));
                direct.map(|(name, _)| name).collect()
            }
            Grantee::Role(role) => {
                let direct = catalog.roles.iter().filter(|(_, other)| other.roles.contains(role));
                direct.map(|(name, _)| name).collect()
            }
            Grantee::Group(_) | Grantee::Public => Vec::new(),
        };
        while let Some(role) = open.pop() {
            if as_whom.insert(Grantee::Role(role.clone())) {
                let held = catalog.roles.iter().filter(|(_, other)| other.roles.contains(role));
                open.extend(held.map(|(name, _)| name));
            }
        }
        Self { catalog, as_whom }
    }

    /// A privilege on an object: on itself, or by way of a scoped permission (`t_scoped-permissions`).
    pub(super) fn on(&self, privilege: &Privilege, securable: &Securable) -> bool {
        let mut on = vec![securable.clone()];
        let mut every = |kind: ObjectKind, schema: Option<&Identifier>| {
            on.extend(schema.map(|schema| Securable::EveryInSchema(kind, schema.clone())));
            on.push(Securable::EveryInDatabase(kind));
        };
        match securable {
            Securable::Relation(name) | Securable::Column(name, _) => {
                every(ObjectKind::Tables, Some(&name.schema));
            }
            Securable::Schema(_) => every(ObjectKind::Schemas, None),
            Securable::Routine(name) => {
                every(ObjectKind::Functions, Some(&name.name.schema));
                every(ObjectKind::Procedures, Some(&name.name.schema));
            }
            Securable::Database
            | Securable::Language(_)
            | Securable::EveryInDatabase(_)
            | Securable::EveryInSchema(..) => {}
        }
        self.holds(privilege, &on)
    }

    /// A privilege to read or change a relation's rows, or some of its columns: a view may read these alone.
    pub(super) fn uses(&self, relation: &QualifiedName) -> bool {
        let on = Securable::Relation(relation.clone());
        USES.iter().any(|privilege| self.on(privilege, &on) || self.on_a_column(privilege, relation))
    }

    /// A privilege on at least one column of a relation.
    pub(super) fn on_a_column(&self, privilege: &Privilege, relation: &QualifiedName) -> bool {
        self.catalog.grants.iter().any(|(securable, grants)| match securable {
            Securable::Column(name, _) if name == relation => grants
                .iter()
                .any(|grant| grant.privilege == *privilege && self.as_whom.contains(&grant.grantee)),
            _ => false,
        })
    }

    fn holds(&self, privilege: &Privilege, on: &[Securable]) -> bool {
        let granted = |securable: &Securable| {
            let mut grants = self.catalog.grants_on(securable);
            grants.any(|grant| grant.privilege == *privilege && self.as_whom.contains(&grant.grantee))
        };
        let owns = |securable: &Securable| {
            let owner = self.catalog.owner(securable).cloned().map(Grantee::User);
            owner.is_some_and(|owner| self.as_whom.contains(&owner))
                && !self.catalog.owner_lacks(securable, privilege)
        };
        on.iter().any(|securable| owns(securable) || granted(securable))
    }
}
