//! Which objects and principals belong to the tenant.
//!
//! The tenant is its schemas, everything in them, and the closure of principals that matter to them: owners,
//! grantees, the members of groups and roles that hold rights, users whose name holds the tenant's name, and the roles that any
//! of these hold.

use crate::catalog::{
    Catalog, Grantee, RoutineName, SYSTEM_USER, Securable, is_datashare_role, is_system_role,
};
use crate::name::{Identifier, QualifiedName};
use std::collections::BTreeSet;

/// The tenant, in names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// Its schemas.
    pub schemas: BTreeSet<Identifier>,
    /// The users that matter to them.
    pub users: BTreeSet<Identifier>,
    /// The groups that matter to them.
    pub groups: BTreeSet<Identifier>,
    /// The roles that matter to them, Redshift's own among them.
    pub roles: BTreeSet<Identifier>,
}

/// A schema that was named and is not there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no schema {} on the source: check --SCHEMAS", .0.as_str())]
pub struct MissingSchema(pub Identifier);

/// Sees to it that every schema named is there: a misspelt name must not move a part in silence.
pub fn require_schemas(source: &Catalog, schemas: &[Identifier]) -> Result<(), MissingSchema> {
    match schemas.iter().find(|name| !source.schemas.contains_key(name)) {
        Some(missing) => Err(MissingSchema(missing.clone())),
        None => Ok(()),
    }
}

impl Scope {
    /// Finds the tenant in the source's catalog.
    pub fn of(source: &Catalog, schemas: &[Identifier], tenant: &str) -> Result<Self, MissingSchema> {
        require_schemas(source, schemas)?;
        let mut scope = Self {
            schemas: schemas.iter().cloned().collect(),
            users: BTreeSet::new(),
            groups: BTreeSet::new(),
            roles: BTreeSet::new(),
        };
        scope.add_owners(source);
        scope.add_grantees(source);
        scope.add_members_of_roles(source);
        let named = |user: &&Identifier| !tenant.is_empty() && user.as_str().contains(tenant);
        scope.users.extend(source.users.keys().filter(named).cloned());
        let members = scope.groups.iter().filter_map(|name| source.groups.get(name)).flat_map(|g| &g.members);
        scope.users.extend(members.cloned().collect::<Vec<_>>());
        scope.users.retain(|name| name.as_str() != SYSTEM_USER);
        scope.add_roles_held(source);
        scope.roles.retain(|name| !is_datashare_role(name));
        Ok(scope)
    }

    fn add_owners(&mut self, source: &Catalog) {
        let schemas = source.schemas.iter().map(|(name, schema)| (name, &schema.owner));
        let tables = source.tables.iter().map(|(name, table)| (&name.schema, &table.owner));
        let views = source.views.iter().map(|(name, view)| (&name.schema, &view.owner));
        let materialized = source.materialized_views.iter().map(|(name, view)| (&name.schema, &view.owner));
        let routines = source.routines.iter().map(|(name, routine)| (&name.name.schema, &routine.owner));
        let all = schemas.chain(tables).chain(views).chain(materialized).chain(routines);
        let owners = all.filter(|(schema, _)| self.schemas.contains(*schema)).map(|(_, owner)| owner.clone());
        self.users.extend(owners);
    }

    fn add_grantees(&mut self, source: &Catalog) {
        let ours = |schema: Option<&Identifier>| schema.is_some_and(|schema| self.schemas.contains(schema));
        let on_objects = source.grants.iter().filter(|(on, _)| ours(on.schema())).map(|(_, grants)| grants);
        let on_objects_to_come = source
            .default_privileges
            .iter()
            .filter(|(on, _)| ours(on.schema.as_ref()))
            .map(|(_, grants)| grants);
        let grantees: BTreeSet<_> =
            on_objects.chain(on_objects_to_come).flatten().map(|grant| &grant.grantee).collect();
        for grantee in grantees {
            match grantee {
                Grantee::User(name) => self.users.insert(name.clone()),
                Grantee::Group(name) => self.groups.insert(name.clone()),
                Grantee::Role(name) => self.roles.insert(name.clone()),
                Grantee::Public => false,
            };
        }
    }

    /// Who holds a role that holds rights has these rights: users, and roles through which others hold it. Not for Redshift's own
    /// roles, which are everybody's.
    fn add_members_of_roles(&mut self, source: &Catalog) {
        let mut found: Vec<Identifier> =
            self.roles.iter().filter(|name| !is_system_role(name)).cloned().collect();
        while let Some(role) = found.pop().and_then(|name| source.roles.get(&name)) {
            self.users.extend(role.users.keys().cloned());
            found.extend(role.roles.iter().filter(|name| self.roles.insert((*name).clone())).cloned());
        }
    }

    /// The roles that the tenant's users and roles hold, and those that these hold: without them a user could do less.
    fn add_roles_held(&mut self, source: &Catalog) {
        let by_user =
            source.roles.iter().filter(|(_, role)| role.users.keys().any(|user| self.users.contains(user)));
        self.roles.extend(by_user.map(|(name, _)| name.clone()).collect::<Vec<_>>());
        let mut more = self.roles.len();
        while more > 0 {
            let held = source.roles.iter().filter(|(_, role)| !role.roles.is_disjoint(&self.roles));
            let held: Vec<_> =
                held.map(|(name, _)| name).filter(|name| !self.roles.contains(*name)).cloned().collect();
            more = held.len();
            self.roles.extend(held);
        }
    }

    /// Whether a table or view belongs to the tenant.
    pub fn holds(&self, name: &QualifiedName) -> bool {
        self.schemas.contains(&name.schema)
    }

    /// Whether a routine belongs to the tenant.
    pub fn holds_routine(&self, name: &RoutineName) -> bool {
        self.schemas.contains(&name.name.schema)
    }

    /// Whether every right on this belongs to the tenant: what lies in its schemas. Of the rights on what is the whole
    /// database's only those of its principals do.
    pub fn holds_securable(&self, securable: &Securable) -> bool {
        securable.schema().is_some_and(|schema| self.schemas.contains(schema))
    }

    /// Whether a role matters to the tenant.
    pub fn holds_role(&self, name: &Identifier) -> bool {
        self.roles.contains(name)
    }

    /// Whether a grantee matters to the tenant; PUBLIC is nobody's.
    pub fn holds_principal(&self, grantee: &Grantee) -> bool {
        match grantee {
            Grantee::Public => false,
            Grantee::User(name) => self.users.contains(name),
            Grantee::Group(name) => self.groups.contains(name),
            Grantee::Role(name) => self.holds_role(name),
        }
    }
}
