//! System permissions: what roles may do on the whole warehouse (`r_GRANT`, `r_roles-managing`).

use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;

/// A system permission that we know how to grant, or the name of one that we do not.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(into = "String")]
pub enum SystemPrivilege {
    /// One of `r_GRANT`, by its key words.
    Known(&'static str),
    /// Not known to this version: never granted by guess.
    Unknown(String),
}

/// `r_GRANT`, "granting system permissions to roles", with those of row-level security and masking.
const KNOWN: [&str; 34] = [
    "ACCESS CATALOG",
    "ACCESS SYSTEM TABLE",
    "ALTER DATASHARE",
    "ALTER DEFAULT PRIVILEGES",
    "ALTER TABLE",
    "ALTER USER",
    "ANALYZE",
    "CANCEL",
    "CREATE DATASHARE",
    "CREATE LIBRARY",
    "CREATE MODEL",
    "CREATE OR REPLACE EXTERNAL FUNCTION",
    "CREATE OR REPLACE FUNCTION",
    "CREATE OR REPLACE PROCEDURE",
    "CREATE OR REPLACE VIEW",
    "CREATE ROLE",
    "CREATE SCHEMA",
    "CREATE TABLE",
    "CREATE USER",
    "DROP DATASHARE",
    "DROP FUNCTION",
    "DROP LIBRARY",
    "DROP MODEL",
    "DROP PROCEDURE",
    "DROP ROLE",
    "DROP SCHEMA",
    "DROP TABLE",
    "DROP USER",
    "DROP VIEW",
    "EXPLAIN MASKING",
    "EXPLAIN RLS",
    "IGNORE RLS",
    "TRUNCATE TABLE",
    "VACUUM",
];

/// By hand, since a derived one would be for texts that live as long as the program, as the key words do.
impl<'de> Deserialize<'de> for SystemPrivilege {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::parse(&String::deserialize(deserializer)?))
    }
}

impl From<SystemPrivilege> for String {
    fn from(privilege: SystemPrivilege) -> Self {
        privilege.to_string()
    }
}

impl SystemPrivilege {
    /// To see rows whatever policies hide them (`t_rls_ownership`).
    pub const IGNORE_RLS: Self = Self::Known("IGNORE RLS");

    /// The permission of this name in `svv_system_privileges`.
    pub fn parse(name: &str) -> Self {
        let name = name.trim().to_ascii_uppercase();
        KNOWN.iter().find(|known| **known == name).map_or(Self::Unknown(name), |known| Self::Known(known))
    }

    /// The key words that grant it; none for a permission that this version does not know.
    pub fn keywords(&self) -> Option<&'static str> {
        match self {
            Self::Known(keywords) => Some(keywords),
            Self::Unknown(_) => None,
        }
    }
}

impl fmt::Display for SystemPrivilege {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(name) => f.write_str(name),
            Self::Unknown(name) => f.write_str(name),
        }
    }
}
