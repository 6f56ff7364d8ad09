//! Users and groups.

use crate::name::Identifier;
use std::collections::BTreeSet;

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
    /// What ALTER USER … SET gave.
    pub settings: BTreeSet<Setting>,
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
