//! Which objects and principals belong to the tenant.
//!
//! The tenant is its schemas, everything in them, and the closure of principals that matter to them: owners,
//! grantees, the members of groups that hold rights, and users whose name holds the tenant's name.

use crate::catalog::{Catalog, Grantee, RoutineName, Securable};
use crate::name::{Identifier, QualifiedName};
use std::collections::BTreeSet;

/// The user that owns Redshift's own objects; it exists on every warehouse and is never moved.
const SYSTEM_USER: &str = "rdsdb";

/// The tenant, in names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// Its schemas.
    pub schemas: BTreeSet<Identifier>,
    /// The users that matter to them.
    pub users: BTreeSet<Identifier>,
    /// The groups that matter to them.
    pub groups: BTreeSet<Identifier>,
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
        };
        scope.add_owners(source);
        scope.add_grantees(source);
        let named = |user: &&Identifier| !tenant.is_empty() && user.as_str().contains(tenant);
        scope.users.extend(source.users.keys().filter(named).cloned());
        let members = scope.groups.iter().filter_map(|name| source.groups.get(name)).flat_map(|g| &g.members);
        scope.users.extend(members.cloned().collect::<Vec<_>>());
        scope.users.retain(|name| name.as_str() != SYSTEM_USER);
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
        let grants = source.grants.iter().filter(|(on, _)| self.schemas.contains(on.schema()));
        for grant in grants.flat_map(|(_, grants)| grants) {
            match &grant.grantee {
                Grantee::User(name) => self.users.insert(name.clone()),
                Grantee::Group(name) => self.groups.insert(name.clone()),
                Grantee::Public | Grantee::Role(_) => false,
            };
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

    /// Whether rights on this belong to the tenant.
    pub fn holds_securable(&self, securable: &Securable) -> bool {
        self.schemas.contains(securable.schema())
    }
}
