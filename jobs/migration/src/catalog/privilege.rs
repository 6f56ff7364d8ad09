//! Rights: who may do what on which object (`r_GRANT`).

use super::RoutineName;
use crate::name::{Identifier, QualifiedName};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Something that rights can be granted on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Securable {
    /// A schema.
    Schema(Identifier),
    /// A table, view or materialized view.
    Relation(QualifiedName),
    /// A function or procedure.
    Routine(RoutineName),
}

impl Securable {
    /// The schema that it is or lies in.
    pub fn schema(&self) -> &Identifier {
        match self {
            Self::Schema(name) => name,
            Self::Relation(name) => &name.schema,
            Self::Routine(name) => &name.name.schema,
        }
    }

    /// Its name for people to read.
    pub fn plain(&self) -> String {
        match self {
            Self::Schema(name) => name.as_str().to_owned(),
            Self::Relation(name) => name.plain(),
            Self::Routine(name) => name.plain(),
        }
    }
}

/// The kind and the delimited name: no two securables print alike.
impl fmt::Display for Securable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Schema(name) => write!(f, "schema {name}"),
            Self::Relation(name) => write!(f, "relation {name}"),
            Self::Routine(name) => write!(f, "routine {name}"),
        }
    }
}

/// Whom a right was granted to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grantee {
    /// Everybody.
    Public,
    /// One user.
    User(Identifier),
    /// The users of a group.
    Group(Identifier),
    /// A role: read, so that nothing is skipped in silence, but not moved by this version.
    Role(Identifier),
}

impl Grantee {
    /// Its name for people to read.
    pub fn plain(&self) -> String {
        match self {
            Self::Public => "PUBLIC".to_owned(),
            Self::User(name) => format!("user {}", name.as_str()),
            Self::Group(name) => format!("group {}", name.as_str()),
            Self::Role(name) => format!("role {}", name.as_str()),
        }
    }
}

/// The kind and the delimited name: no two grantees print alike.
impl fmt::Display for Grantee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Public => f.write_str("PUBLIC"),
            Self::User(name) => write!(f, "user {name}"),
            Self::Group(name) => write!(f, "group {name}"),
            Self::Role(name) => write!(f, "role {name}"),
        }
    }
}

/// One right of one grantee.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Grant {
    /// Who holds it.
    pub grantee: Grantee,
    /// What it allows.
    pub privilege: Privilege,
    /// WITH GRANT OPTION.
    pub grantable: bool,
}

/// A privilege that we know how to grant, or the name of one that we do not.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "each is the keyword of the same name in r_GRANT")]
pub enum Privilege {
    Select,
    Insert,
    Update,
    Delete,
    Drop,
    References,
    Alter,
    Truncate,
    Usage,
    Create,
    Execute,
    /// Not known to this version: never granted by guess.
    Unknown(String),
}

impl Privilege {
    /// The privilege of this name in the `privilege_type` columns of the SVV views.
    pub fn parse(name: &str) -> Self {
        match name.trim().to_ascii_uppercase().as_str() {
            "SELECT" => Self::Select,
            "INSERT" => Self::Insert,
            "UPDATE" => Self::Update,
            "DELETE" => Self::Delete,
            "DROP" => Self::Drop,
            "REFERENCES" => Self::References,
            "ALTER" => Self::Alter,
            "TRUNCATE" => Self::Truncate,
            "USAGE" => Self::Usage,
            "CREATE" => Self::Create,
            "EXECUTE" => Self::Execute,
            other => Self::Unknown(other.to_owned()),
        }
    }

    /// The keyword that grants it; none for a privilege that this version does not know.
    pub fn keyword(&self) -> Option<&'static str> {
        match self {
            Self::Select => Some("SELECT"),
            Self::Insert => Some("INSERT"),
            Self::Update => Some("UPDATE"),
            Self::Delete => Some("DELETE"),
            Self::Drop => Some("DROP"),
            Self::References => Some("REFERENCES"),
            Self::Alter => Some("ALTER"),
            Self::Truncate => Some("TRUNCATE"),
            Self::Usage => Some("USAGE"),
            Self::Create => Some("CREATE"),
            Self::Execute => Some("EXECUTE"),
            Self::Unknown(_) => None,
        }
    }
}

impl fmt::Display for Privilege {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(name) => f.write_str(name),
            known => f.write_str(known.keyword().unwrap_or_default()),
        }
    }
}
