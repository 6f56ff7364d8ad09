//! Which objects and principals belong to the tenant, and what crosses its border.
//!
//! The tenant is its schemas, everything in them, and the closure of principals that matter to them: see [`closure`].

mod border;
mod closure;

pub(crate) use border::{Crossing, Outside, Text, crossings};

use crate::catalog::{Catalog, Grantee, RoutineName, Securable};
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
    /// Finds the tenant in the source's catalog. `tenant` is its name, which stands in the names of its users; empty for none.
    pub fn of(source: &Catalog, schemas: &[Identifier], tenant: &str) -> Result<Self, MissingSchema> {
        require_schemas(source, schemas)?;
        Ok(closure::of(source, schemas.iter().cloned().collect(), tenant))
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

/// The owner of every object, with the schema that the object is or lies in.
fn owners(source: &Catalog) -> impl Iterator<Item = (&Identifier, &Identifier)> {
    let schemas = source.schemas.iter().map(|(name, schema)| (name, &schema.owner));
    let tables = source.tables.iter().map(|(name, table)| (&name.schema, &table.owner));
    let views = source.views.iter().map(|(name, view)| (&name.schema, &view.owner));
    let materialized = source.materialized_views.iter().map(|(name, view)| (&name.schema, &view.owner));
    let routines = source.routines.iter().map(|(name, routine)| (&name.name.schema, &routine.owner));
    schemas.chain(tables).chain(views).chain(materialized).chain(routines)
}
