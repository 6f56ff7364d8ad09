//! What a warehouse holds, as data: principals, schemas, tables, routines, views and the rights on them.
//!
//! Maps are ordered, so that the same warehouse always reads, plans and prints the same way.

mod principal;
mod privilege;
mod routine;
mod table;
mod view;

pub use principal::{Group, Setting, User};
pub use privilege::{Grant, Grantee, Privilege, Securable};
pub use routine::{Argument, ArgumentMode, Routine, RoutineKind, RoutineName, Volatility};
pub use table::{
    Automatic, Column, DefaultValue, DistributionStyle, ForeignKey, Identity, KeyKind, SortKey, SortStyle,
    Table, UniqueKey,
};
pub use view::{MaterializedView, View};

use crate::name::{Identifier, QualifiedName};
use std::collections::{BTreeMap, BTreeSet};

/// Everything of a warehouse that this version knows how to move, system schemas left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Catalog {
    /// Users by name.
    pub users: BTreeMap<Identifier, User>,
    /// Groups by name.
    pub groups: BTreeMap<Identifier, Group>,
    /// Schemas by name.
    pub schemas: BTreeMap<Identifier, Schema>,
    /// Permanent tables; the storage tables of materialized views are not among them.
    pub tables: BTreeMap<QualifiedName, Table>,
    /// SQL functions and stored procedures, told apart by their argument types.
    pub routines: BTreeMap<RoutineName, Routine>,
    /// Ordinary views.
    pub views: BTreeMap<QualifiedName, View>,
    /// Materialized views.
    pub materialized_views: BTreeMap<QualifiedName, MaterializedView>,
    /// Rights granted, by what they are on; an owner's own rights are not listed.
    pub grants: BTreeMap<Securable, BTreeSet<Grant>>,
}

/// A schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schema {
    /// Who owns it.
    pub owner: Identifier,
}

impl Catalog {
    /// The owner of a securable, when the catalog knows the securable.
    pub fn owner(&self, securable: &Securable) -> Option<&Identifier> {
        match securable {
            Securable::Schema(name) => self.schemas.get(name).map(|schema| &schema.owner),
            Securable::Relation(name) => self
                .tables
                .get(name)
                .map(|table| &table.owner)
                .or_else(|| self.views.get(name).map(|view| &view.owner))
                .or_else(|| self.materialized_views.get(name).map(|view| &view.owner)),
            Securable::Routine(name) => self.routines.get(name).map(|routine| &routine.owner),
        }
    }

    /// The grants on a securable; none when it is unknown.
    pub fn grants_on(&self, securable: &Securable) -> impl Iterator<Item = &Grant> {
        self.grants.get(securable).into_iter().flatten()
    }
}
