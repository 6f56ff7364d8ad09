//! What rights can be on (`r_GRANT`).

use super::RoutineName;
use crate::name::{Identifier, QualifiedName};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Something that rights can be granted on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Securable {
    /// The database that the session is connected to, whatever its name.
    Database,
    /// A language of routines.
    Language(Identifier),
    /// Every object of a kind in the database, those to come too (`t_scoped-permissions`).
    EveryInDatabase(ObjectKind),
    /// A schema.
    Schema(Identifier),
    /// Every object of a kind in a schema, those to come too (`t_scoped-permissions`).
    EveryInSchema(ObjectKind, Identifier),
    /// A table, view or materialized view.
    Relation(QualifiedName),
    /// One column of a table, view or materialized view.
    Column(QualifiedName, Identifier),
    /// A function or procedure.
    Routine(RoutineName),
}

/// A kind of object in a scoped permission (`t_scoped-permissions`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "each is the keyword of the same name in r_GRANT")]
pub enum ObjectKind {
    Schemas,
    Tables,
    Functions,
    Procedures,
    Languages,
    CopyJobs,
}

impl ObjectKind {
    /// The kind of this name in the `privilege_scope` columns of the SVV views; none for one that this version does not know.
    pub fn parse(name: &str) -> Option<Self> {
        match name.trim().to_ascii_uppercase().as_str() {
            "SCHEMAS" => Some(Self::Schemas),
            "TABLES" => Some(Self::Tables),
            "FUNCTIONS" => Some(Self::Functions),
            "PROCEDURES" => Some(Self::Procedures),
            "LANGUAGES" => Some(Self::Languages),
            "COPY JOBS" => Some(Self::CopyJobs),
            _ => None,
        }
    }

    /// Its keywords.
    pub fn keyword(self) -> &'static str {
        match self {
            Self::Schemas => "SCHEMAS",
            Self::Tables => "TABLES",
            Self::Functions => "FUNCTIONS",
            Self::Procedures => "PROCEDURES",
            Self::Languages => "LANGUAGES",
            Self::CopyJobs => "COPY JOBS",
        }
    }
}

impl Securable {
    /// The schema that it is or lies in; none for what is the whole database's.
    pub fn schema(&self) -> Option<&Identifier> {
        match self {
            Self::Database | Self::Language(_) | Self::EveryInDatabase(_) => None,
            Self::Schema(name) | Self::EveryInSchema(_, name) => Some(name),
            Self::Relation(name) | Self::Column(name, _) => Some(&name.schema),
            Self::Routine(name) => Some(&name.name.schema),
        }
    }

    /// Its name for people to read.
    pub fn plain(&self) -> String {
        match self {
            Self::Database => "the database".to_owned(),
            Self::Language(name) => format!("language {}", name.as_str()),
            Self::EveryInDatabase(kind) => format!("all {} of the database", kind.keyword()),
            Self::Schema(name) => name.as_str().to_owned(),
            Self::EveryInSchema(kind, name) => format!("all {} of {}", kind.keyword(), name.as_str()),
            Self::Relation(name) => name.plain(),
            Self::Column(name, column) => format!("{}.{}", name.plain(), column.as_str()),
            Self::Routine(name) => name.plain(),
        }
    }
}

/// The kind and the delimited name: no two securables print alike.
impl fmt::Display for Securable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Database => f.write_str("database"),
            Self::Language(name) => write!(f, "language {name}"),
            Self::EveryInDatabase(kind) => write!(f, "{} in database", kind.keyword()),
            Self::Schema(name) => write!(f, "schema {name}"),
            Self::EveryInSchema(kind, name) => write!(f, "{} in schema {name}", kind.keyword()),
            Self::Relation(name) => write!(f, "relation {name}"),
            Self::Column(name, column) => write!(f, "column {name}.{column}"),
            Self::Routine(name) => write!(f, "routine {name}"),
        }
    }
}
