//! Users, groups and roles.

use crate::name::Identifier;
use std::collections::{BTreeMap, BTreeSet};

/// The user that owns Redshift's own objects and roles; it exists on every warehouse.
pub const SYSTEM_USER: &str = "rdsdb";

/// The role whose holders are as good as CREATEUSER (`r_roles-default`).
pub const SUPERUSER_ROLE: &str = "sys:superuser";

/// What the names of users start with whom IAM or IAM Identity Center made at their login: no statement creates one
/// (Management Guide: `generating-user-credentials`, `redshift-iam-access-control-idp-connect`).
const FEDERATED: [&str; 4] = ["IAM:", "IAMR:", "IAMA:", "AWSIDC:"];

/// A database user and the options it was created with (`r_CREATE_USER`). Never its password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// CREATEUSER: a superuser.
    pub superuser: bool,
    /// CREATEDB.
    pub create_database: bool,
    /// VALID UNTIL as the catalog prints it; none when the password never expires.
    pub valid_until: Option<String>,
    /// CONNECTION LIMIT; none for UNLIMITED.
    pub connection_limit: Option<u32>,
    /// SYSLOG ACCESS UNRESTRICTED: sees other users' rows in the system tables.
    pub unrestricted_syslog_access: bool,
    /// SESSION TIMEOUT in seconds; none when the warehouse's own holds.
    pub session_timeout_s: Option<u32>,
    /// EXTERNALID: who it is to an identity provider.
    pub external_id: Option<String>,
    /// What ALTER USER … SET gave.
    pub settings: BTreeSet<Setting>,
}

impl User {
    /// A user as `CREATE USER name PASSWORD DISABLE` makes it.
    #[cfg(test)]
    pub(crate) fn ordinary() -> Self {
        Self {
            superuser: false,
            create_database: false,
            valid_until: None,
            connection_limit: None,
            unrestricted_syslog_access: false,
            session_timeout_s: None,
            external_id: None,
            settings: BTreeSet::new(),
        }
    }

    /// Whether the user of this name comes from an identity provider, IAM among them, and so is made by none of our statements.
    pub fn is_external(&self, name: &Identifier) -> bool {
        self.external_id.is_some() || FEDERATED.iter().any(|prefix| name.as_str().starts_with(prefix))
    }
}

/// A session parameter that a user starts with.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Setting {
    /// The parameter's name.
    pub parameter: Identifier,
    /// Its value as the catalog keeps it; for `search_path` a list of identifiers.
    pub value: String,
}

/// A user group (`r_CREATE_GROUP`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// The users in it.
    pub members: BTreeSet<Identifier>,
}

/// A role, Redshift's own `sys:` roles among them (`r_CREATE_ROLE`, `r_roles-default`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// Who owns it, and so may grant it.
    pub owner: Identifier,
    /// EXTERNALID: the group of an identity provider that it stands for.
    pub external_id: Option<String>,
    /// The users who hold it, and whether WITH ADMIN OPTION: these may grant it.
    pub users: BTreeMap<Identifier, bool>,
    /// The roles that hold it: they have its rights. Roles take no ADMIN OPTION (`r_GRANT`).
    pub roles: BTreeSet<Identifier>,
}

/// Whether a role of this name is one that Redshift defines: it exists on every warehouse, with the same rights.
pub fn is_system_role(role: &Identifier) -> bool {
    role.as_str().starts_with("sys:")
}

/// Whether a role or user of this name belongs to a datashare (`ds:`), which Redshift makes by itself; GRANT to such a user is refused
/// (dbt-redshift, issue 699).
pub fn is_datashares_own(principal: &Identifier) -> bool {
    principal.as_str().starts_with("ds:")
}
