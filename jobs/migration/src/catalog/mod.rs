//! What a warehouse holds, as data: principals, schemas, tables, routines, views and the rights on them.
//!
//! Maps are ordered, so that the same warehouse always reads, plans and prints the same way.

mod assume_role;
mod comment;
mod databases;
mod default_privileges;
mod materialized;
mod name_case;
mod other_object;
mod policy;
mod principal;
mod privilege;
mod procedure_clauses;
mod provisioned_only;
mod routine;
mod schema;
mod securable;
mod system_privilege;
mod table;
mod unread;
mod view;
mod warehouse_kind;

pub use assume_role::AssumeRole;
pub use comment::Commentable;
pub use default_privileges::{DefaultPrivileges, NewObject};
pub use other_object::{OtherKind, OtherObject};
pub use policy::{
    AttachedMask, AttachedRowPolicy, Conjunction, MaskingPolicy, Policies, PolicyColumn, RowPolicy,
    RowSecurity,
};
pub use principal::{
    Group, Role, SUPERUSER_ROLE, SYSTEM_USER, Setting, User, is_datashares_own, is_system_role,
};
pub use privilege::{Grant, Grantee, Privilege};
pub use procedure_clauses::{ProcedureClauses, SetClause, SetValue};
pub use provisioned_only::{in_place_of, is_provisioned_only};
pub use routine::{Argument, ArgumentMode, Language, Routine, RoutineKind, RoutineName, Volatility};
pub use schema::{ExternalSchema, ExternalSource, Schema, SchemaKind};
pub use securable::{ObjectKind, Securable};
pub use system_privilege::SystemPrivilege;
pub use table::{
    Automatic, Column, DefaultValue, DistributionStyle, ForeignKey, Identity, KeyKind, SortKey, SortStyle,
    Table, UniqueKey,
};
pub use unread::{Section, Unread};
pub use view::{Broken, MaterializedView, View};
pub use warehouse_kind::WarehouseKind;

use crate::name::{Identifier, QualifiedName};
use std::collections::{BTreeMap, BTreeSet};

/// Everything of a warehouse that this version knows how to move, system schemas left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Catalog {
    /// What the warehouse is; none where nobody said.
    pub kind: Option<WarehouseKind>,
    /// Whether names in quotes keep their case in a session that does not ask for it
    /// (`r_enable_case_sensitive_identifier`); none where that is not known.
    pub case_sensitive: Option<bool>,
    /// The database that the session is connected to; none for a catalog that was not read from a warehouse.
    pub database: Option<Identifier>,
    /// Whom the session acts for, who owns what it creates.
    pub login: Option<Identifier>,
    /// How the database compares text unless a column says otherwise.
    pub collation: Collation,
    /// Users by name.
    pub users: BTreeMap<Identifier, User>,
    /// Groups by name.
    pub groups: BTreeMap<Identifier, Group>,
    /// Roles by name, Redshift's own among them.
    pub roles: BTreeMap<Identifier, Role>,
    /// Schemas by name.
    pub schemas: BTreeMap<Identifier, Schema>,
    /// Permanent tables; the storage tables of materialized views are not among them.
    pub tables: BTreeMap<QualifiedName, Table>,
    /// What tables take on disk, in blocks of 1 MB; nothing for tables without rows (`r_SVV_TABLE_INFO`).
    pub table_sizes: BTreeMap<QualifiedName, u64>,
    /// Functions and stored procedures, told apart by their argument types.
    pub routines: BTreeMap<RoutineName, Routine>,
    /// Ordinary views.
    pub views: BTreeMap<QualifiedName, View>,
    /// Materialized views.
    pub materialized_views: BTreeMap<QualifiedName, MaterializedView>,
    /// Comments by what they are on.
    pub comments: BTreeMap<Commentable, String>,
    /// Row-level security and masking.
    pub policies: Policies,
    /// Rights granted, by what they are on; an owner's own rights are not listed.
    pub grants: BTreeMap<Securable, BTreeSet<Grant>>,
    /// What owners may not do with what they own, since they took it from themselves (`r_Privileges`).
    pub revoked_from_owners: BTreeMap<Securable, BTreeSet<Privilege>>,
    /// System permissions: what a role may do anywhere on the warehouse.
    pub system_privileges: BTreeMap<Grantee, BTreeSet<SystemPrivilege>>,
    /// Who may name which IAM role in which commands.
    pub assume_role: BTreeSet<AssumeRole>,
    /// What objects to come give by themselves, by whose and which they are. Where there is no entry, Redshift's own
    /// defaults hold: [`DefaultPrivileges::of_redshift`].
    pub default_privileges: BTreeMap<DefaultPrivileges, BTreeSet<Grant>>,
    /// Objects of kinds that are not moved.
    pub others: BTreeSet<OtherObject>,
    /// What names relations of other databases, and which; `database.schema.relation`. [`Catalog::rename_database`] fills it.
    pub names_databases: BTreeMap<Securable, BTreeSet<String>>,
    /// What could not be read.
    pub unread: BTreeSet<Unread>,
}

/// How text compares (`r_CREATE_DATABASE`, COLLATE).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the keyword of the same name")]
pub enum Collation {
    #[default]
    CaseSensitive,
    CaseInsensitive,
}

impl Collation {
    /// The keyword of this collation.
    pub fn keyword(self) -> &'static str {
        match self {
            Self::CaseSensitive => "CASE_SENSITIVE",
            Self::CaseInsensitive => "CASE_INSENSITIVE",
        }
    }
}

impl Catalog {
    /// The owner of a securable, when the catalog knows the securable.
    pub fn owner(&self, securable: &Securable) -> Option<&Identifier> {
        match securable {
            Securable::Database
            | Securable::Language(_)
            | Securable::EveryInDatabase(_)
            | Securable::EveryInSchema(..) => None,
            Securable::Schema(name) => self.schemas.get(name).map(|schema| &schema.owner),
            Securable::Relation(name) | Securable::Column(name, _) => self
                .tables
                .get(name)
                .map(|table| &table.owner)
                .or_else(|| self.views.get(name).map(|view| &view.owner))
                .or_else(|| self.materialized_views.get(name).map(|view| &view.owner)),
            Securable::Routine(name) => self.routines.get(name).map(|routine| &routine.owner),
        }
    }

    /// Whether a schema shows what lies elsewhere.
    pub fn is_external(&self, schema: &Identifier) -> bool {
        self.schemas.get(schema).is_some_and(|schema| match schema.kind {
            SchemaKind::External(_) => true,
            SchemaKind::Local { .. } => false,
        })
    }

    /// Whether a user has CREATEUSER. A role may make a superuser, too (`r_roles-default`).
    pub fn is_superuser_by_option(&self, user: &Identifier) -> bool {
        self.users.get(user).is_some_and(|user| user.superuser)
    }

    /// The name of the table, view or materialized view that is called so.
    pub fn relation(&self, name: &QualifiedName) -> Option<&QualifiedName> {
        let table = self.tables.get_key_value(name).map(|(name, _)| name);
        let view = || self.views.get_key_value(name).map(|(name, _)| name);
        let materialized = || self.materialized_views.get_key_value(name).map(|(name, _)| name);
        table.or_else(view).or_else(materialized)
    }

    /// What a table takes on disk, in blocks of 1 MB; 0 where it has no rows.
    pub fn megabytes(&self, table: &QualifiedName) -> u64 {
        self.table_sizes.get(table).copied().unwrap_or_default()
    }

    /// Whether the warehouse told a part that a migration can do without.
    pub fn tells(&self, part: Section) -> bool {
        !self
            .unread
            .iter()
            .any(|unread| matches!(unread, Unread::Section { section, .. } if *section == part))
    }

    /// Everything that has an owner: schemas, relations and routines.
    pub fn securables(&self) -> impl Iterator<Item = Securable> + '_ {
        let schemas = self.schemas.keys().cloned().map(Securable::Schema);
        let relations = self.tables.keys().chain(self.views.keys()).chain(self.materialized_views.keys());
        let routines = self.routines.keys().cloned().map(Securable::Routine);
        schemas.chain(relations.cloned().map(Securable::Relation)).chain(routines)
    }

    /// Whether an owner took a privilege on what it owns from itself.
    pub fn owner_lacks(&self, securable: &Securable, privilege: &Privilege) -> bool {
        self.revoked_from_owners.get(securable).is_some_and(|revoked| revoked.contains(privilege))
    }

    /// The grants on a securable; none when it is unknown.
    pub fn grants_on(&self, securable: &Securable) -> impl Iterator<Item = &Grant> {
        self.grants.get(securable).into_iter().flatten()
    }

    /// What an object to come gives by itself by one rule: the rule's entry, or what Redshift's own defaults give.
    pub fn defaults(&self, key: &DefaultPrivileges) -> BTreeSet<Grant> {
        self.default_privileges.get(key).cloned().unwrap_or_else(|| key.of_redshift())
    }
}
