//! What a note is about.

use super::StepId;
use crate::catalog::{
    Commentable, DefaultPrivileges, Grantee, OtherKind, Privilege, RoutineName, Section, Securable,
    SystemPrivilege,
};
use crate::name::{Identifier, QualifiedName};
use crate::words::list;
use std::collections::BTreeSet;
use std::fmt;

/// What a note is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names say it, and so does the text of each")]
pub enum Subject {
    Database,
    Principal(Grantee),
    Setting {
        user: Identifier,
        parameter: Identifier,
    },
    Membership {
        member: Identifier,
        group: Identifier,
    },
    RoleMembership {
        role: Identifier,
        holder: Grantee,
    },
    Schema(Identifier),
    ExternalSchema(Identifier),
    Table(QualifiedName),
    Column {
        table: QualifiedName,
        column: Identifier,
    },
    /// Columns that a policy masks, as it names them.
    MaskedColumns {
        table: QualifiedName,
        columns: Vec<String>,
    },
    Key {
        table: QualifiedName,
        key: Identifier,
    },
    ForeignKey {
        table: QualifiedName,
        key: Identifier,
    },
    Routine(RoutineName),
    /// The privileges on a routine that no catalog lists.
    RoutinePrivileges(RoutineName),
    /// Of all procedures.
    ProcedureClauses,
    View(QualifiedName),
    MaterializedView(QualifiedName),
    MaterializedViewRows(QualifiedName),
    Policy(Identifier),
    AttachedPolicy {
        policy: Identifier,
        relation: QualifiedName,
        grantee: Grantee,
    },
    RowLevelSecurity(QualifiedName),
    /// What was granted to a policy.
    PolicyPrivileges(Identifier),
    Owner(Securable),
    RoleOwner(Identifier),
    Privilege {
        privilege: Privilege,
        on: Securable,
        grantee: Grantee,
    },
    /// Privileges that allow nothing, on this many relations.
    InertPrivileges {
        relations: usize,
    },
    SystemPrivileges {
        privileges: BTreeSet<SystemPrivilege>,
        grantee: Grantee,
    },
    DefaultPrivilege {
        privilege: Privilege,
        rule: DefaultPrivileges,
        grantee: Grantee,
    },
    AssumeRole {
        iam_role: String,
        grantee: Grantee,
    },
    Comment(Commentable),
    /// Names of one place that differ only by case.
    Names {
        place: String,
        names: Vec<String>,
    },
    Other {
        kind: OtherKind,
        schema: Option<String>,
        name: String,
    },
    IamRole(String),
    /// A part of the catalog.
    Section(Section),
    /// A row of a catalog query.
    CatalogRow {
        query: &'static str,
        object: String,
    },
    /// A step that the plan leaves out.
    Step(StepId),
}

impl Subject {
    /// A user.
    pub(super) fn user(name: &Identifier) -> Self {
        Self::Principal(Grantee::User(name.clone()))
    }
}

/// Kind and name, for people to read: `owner of shop.orders`.
impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Database => f.write_str("database"),
            Self::Principal(name) => f.write_str(&name.plain()),
            Self::Setting { user, parameter } => {
                write!(f, "setting {} {}", user.as_str(), parameter.as_str())
            }
            Self::Membership { member, group } => {
                write!(f, "membership {} in {}", member.as_str(), group.as_str())
            }
            Self::RoleMembership { role, holder } => {
                write!(f, "role {} for {}", role.as_str(), holder.plain())
            }
            Self::Schema(name) => write!(f, "schema {}", name.as_str()),
            Self::ExternalSchema(name) => write!(f, "external schema {}", name.as_str()),
            Self::Table(name) => write!(f, "table {}", name.plain()),
            Self::Column { table, column } => {
                write!(f, "column {} of table {}", column.as_str(), table.plain())
            }
            Self::MaskedColumns { table, columns } => {
                write!(f, "columns {} of {}", columns.join(", "), table.plain())
            }
            Self::Key { table, key } => write!(f, "key {} of {}", key.as_str(), table.plain()),
            Self::ForeignKey { table, key } => {
                write!(f, "foreign key {} of {}", key.as_str(), table.plain())
            }
            Self::Routine(name) => write!(f, "routine {}", name.plain()),
            Self::RoutinePrivileges(name) => write!(f, "rights on routine {}", name.plain()),
            Self::ProcedureClauses => f.write_str("NONATOMIC and SET clauses of procedures"),
            Self::View(name) => write!(f, "view {}", name.plain()),
            Self::MaterializedView(name) => write!(f, "materialized view {}", name.plain()),
            Self::MaterializedViewRows(name) => write!(f, "rows of materialized view {}", name.plain()),
            Self::Policy(name) => write!(f, "policy {}", name.as_str()),
            Self::AttachedPolicy { policy, relation, grantee } => {
                write!(f, "policy {} on {} for {}", policy.as_str(), relation.plain(), grantee.plain())
            }
            Self::RowLevelSecurity(name) => write!(f, "row-level security of {}", name.plain()),
            Self::PolicyPrivileges(name) => write!(f, "rights of policy {}", name.as_str()),
            Self::Owner(securable) => write!(f, "owner of {}", securable.plain()),
            Self::RoleOwner(name) => write!(f, "owner of role {}", name.as_str()),
            Self::Privilege { privilege, on, grantee } => {
                write!(f, "{privilege} for {} on {}", grantee.plain(), on.plain())
            }
            Self::InertPrivileges { relations } => write!(f, "RULE and TRIGGER on {relations} relations"),
            Self::SystemPrivileges { privileges, grantee } => {
                write!(f, "{} for {}", list(privileges), grantee.plain())
            }
            Self::DefaultPrivilege { privilege, rule, grantee } => {
                write!(f, "default {privilege} for {} on {}", grantee.plain(), rule.plain())
            }
            Self::AssumeRole { iam_role, grantee } => {
                write!(f, "ASSUMEROLE on {iam_role} for {}", grantee.plain())
            }
            Self::Comment(on) => write!(f, "comment on {}", on.plain()),
            Self::Names { place, names } => write!(f, "{place} {}", names.join(", ")),
            Self::Other { kind, schema: None, name } => write!(f, "{} {name}", kind.name()),
            Self::Other { kind, schema: Some(schema), name } => write!(f, "{} {schema}.{name}", kind.name()),
            Self::IamRole(arn) => write!(f, "IAM role {arn}"),
            Self::Section(section) => section.fmt(f),
            Self::CatalogRow { query, object } if object.is_empty() => write!(f, "row of {query}.sql"),
            Self::CatalogRow { query, object } => write!(f, "row of {query}.sql about {object}"),
            Self::Step(id) => id.fmt(f),
        }
    }
}
