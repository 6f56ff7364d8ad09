//! Default privileges: what objects to come give by themselves (`r_ALTER_DEFAULT_PRIVILEGES`).

use super::{Grant, Grantee, Privilege, Securable};
use crate::name::Identifier;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;

/// Whose objects to come, where, and of which kind.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DefaultPrivileges {
    /// FOR USER: who creates them.
    pub owner: Identifier,
    /// IN SCHEMA; none for those of every schema. What a schema's rule gives comes on top of what every schema's gives.
    pub schema: Option<Identifier>,
    /// Their kind.
    pub on: NewObject,
}

/// A kind of object with default privileges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "each is the keyword of the same name in r_ALTER_DEFAULT_PRIVILEGES")]
pub enum NewObject {
    /// Views among them.
    Tables,
    Functions,
    Procedures,
}

impl NewObject {
    /// The keyword of this kind.
    pub fn keyword(self) -> &'static str {
        match self {
            Self::Tables => "TABLES",
            Self::Functions => "FUNCTIONS",
            Self::Procedures => "PROCEDURES",
        }
    }

    /// What ALL PRIVILEGES stands for (`r_GRANT`), but for what allows nothing.
    pub fn all(self) -> &'static [Privilege] {
        match self {
            Self::Tables => &[
                Privilege::Select,
                Privilege::Insert,
                Privilege::Update,
                Privilege::Delete,
                Privilege::Drop,
                Privilege::References,
                Privilege::Alter,
                Privilege::Truncate,
            ],
            Self::Functions | Self::Procedures => &[Privilege::Execute],
        }
    }

    /// Whether GRANT lists a privilege by its name (`r_ALTER_DEFAULT_PRIVILEGES`): ALTER comes with ALL alone.
    pub fn has_in_grant(self, privilege: &Privilege) -> bool {
        self.all().contains(privilege) && *privilege != Privilege::Alter
    }

    /// Whether REVOKE lists a privilege by its name (`r_ALTER_DEFAULT_PRIVILEGES`): DROP, too, goes with ALL alone.
    pub fn has_in_revoke(self, privilege: &Privilege) -> bool {
        self.has_in_grant(privilege) && *privilege != Privilege::Drop
    }
}

impl DefaultPrivileges {
    /// What holds until somebody changes it: every function can be called by everybody.
    pub fn of_redshift(&self) -> BTreeSet<Grant> {
        match (self.on, &self.schema) {
            (NewObject::Functions, None) => BTreeSet::from([Grant {
                grantee: Grantee::Public,
                privilege: Privilege::Execute,
                grantable: false,
            }]),
            (NewObject::Functions, Some(_)) | (NewObject::Tables | NewObject::Procedures, _) => {
                BTreeSet::new()
            }
        }
    }

    /// Whether it is for what lies where this does.
    pub fn covers(&self, on: &Securable) -> bool {
        self.schema.as_ref().is_none_or(|schema| on.schema() == Some(schema))
    }

    /// Its name for people to read.
    pub fn plain(&self) -> String {
        let place = self.schema.as_ref().map(|schema| format!(" in {}", schema.as_str())).unwrap_or_default();
        format!("{} to come of user {}{place}", self.on.keyword(), self.owner.as_str())
    }
}

/// The kind and the delimited names: no two print alike.
impl fmt::Display for DefaultPrivileges {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of user {}", self.on.keyword(), self.owner)?;
        self.schema.as_ref().map_or(Ok(()), |schema| write!(f, " in schema {schema}"))
    }
}
