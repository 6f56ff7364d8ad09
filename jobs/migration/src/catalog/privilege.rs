//! Rights: who may do what on which object (`r_GRANT`).

use super::{ObjectKind, Securable};
use crate::name::Identifier;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Whom a right was granted to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grantee {
    /// Everybody.
    Public,
    /// One user.
    User(Identifier),
    /// The users of a group.
    Group(Identifier),
    /// Who holds a role.
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

impl Grant {
    /// Whether everybody has it from the start, and the views list it or not: USAGE of the languages of SQL functions and of
    /// procedures (`udf-security-and-privileges`, `stored-procedure-security-and-privileges`).
    pub fn is_there_from_the_start(&self, on: &Securable) -> bool {
        let Securable::Language(language) = on else { return false };
        let everybodys = ["sql", "plpgsql"].contains(&language.as_str());
        everybodys && self.grantee == Grantee::Public && self.privilege == Privilege::Usage
    }
}

/// A privilege that we know how to grant, or the name of one that we do not.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
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
    Temporary,
    Execute,
    /// Of PostgreSQL 8.0, part of what GRANT ALL leaves in the catalog. It allows nothing, since Redshift has no rules, and
    /// `r_GRANT` cannot grant it.
    Rule,
    /// Like [`Self::Rule`]: Redshift has no triggers (`c_unsupported-postgresql-features`).
    Trigger,
    /// Not known to this version: never granted by guess.
    Unknown(String),
}

impl From<String> for Privilege {
    fn from(name: String) -> Self {
        Self::parse(&name)
    }
}

impl From<Privilege> for String {
    fn from(privilege: Privilege) -> Self {
        privilege.to_string()
    }
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
            "TEMP" | "TEMPORARY" => Self::Temporary,
            "EXECUTE" => Self::Execute,
            "RULE" => Self::Rule,
            "TRIGGER" => Self::Trigger,
            other => Self::Unknown(other.to_owned()),
        }
    }

    /// Whether it allows nothing at all on Redshift.
    pub fn allows_nothing(&self) -> bool {
        matches!(self, Self::Rule | Self::Trigger)
    }

    /// The keyword that grants it; none for a privilege that `r_GRANT` cannot grant or that this version does not know.
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
            Self::Temporary => Some("TEMPORARY"),
            Self::Execute => Some("EXECUTE"),
            Self::Rule | Self::Trigger | Self::Unknown(_) => None,
        }
    }

    /// Whether `r_GRANT` has this privilege on that kind of object: granting any other would be a guess.
    pub fn is_on(&self, securable: &Securable) -> bool {
        match securable {
            Securable::Database => matches!(self, Self::Create | Self::Temporary | Self::Alter),
            Securable::Language(_) | Securable::EveryInDatabase(ObjectKind::Languages) => {
                *self == Self::Usage
            }
            Securable::Schema(_) => self.is_on_schemas(),
            Securable::Relation(_) => self.is_on_tables(),
            Securable::Column(..) => matches!(self, Self::Select | Self::Update),
            Securable::Routine(_) => *self == Self::Execute,
            Securable::EveryInSchema(kind, _) | Securable::EveryInDatabase(kind) => match kind {
                ObjectKind::Schemas => self.is_on_schemas(),
                ObjectKind::Tables => self.is_on_tables(),
                ObjectKind::Functions | ObjectKind::Procedures => *self == Self::Execute,
                ObjectKind::Languages => *self == Self::Usage,
                ObjectKind::CopyJobs => matches!(self, Self::Create | Self::Alter | Self::Drop),
            },
        }
    }

    fn is_on_schemas(&self) -> bool {
        matches!(self, Self::Create | Self::Usage | Self::Alter | Self::Drop)
    }

    /// Whether tables and views have this privilege.
    pub fn is_on_tables(&self) -> bool {
        match self {
            Self::Select
            | Self::Insert
            | Self::Update
            | Self::Delete
            | Self::Drop
            | Self::References
            | Self::Alter
            | Self::Truncate => true,
            Self::Usage
            | Self::Create
            | Self::Temporary
            | Self::Execute
            | Self::Rule
            | Self::Trigger
            | Self::Unknown(_) => false,
        }
    }
}

impl fmt::Display for Privilege {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rule => f.write_str("RULE"),
            Self::Trigger => f.write_str("TRIGGER"),
            Self::Unknown(name) => f.write_str(name),
            known => f.write_str(known.keyword().unwrap_or_default()),
        }
    }
}
