//! What can have a comment (`r_COMMENT`): tables, views, their columns, and constraints. Schemas, routines and principals
//! cannot; the comment on a database is no tenant's.

use crate::name::{Identifier, QualifiedName};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Something that can have a comment.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Commentable {
    /// A table.
    Table(QualifiedName),
    /// A view of any kind.
    View(QualifiedName),
    /// A column of a table or view.
    Column(QualifiedName, Identifier),
    /// A key of a table.
    Constraint(QualifiedName, Identifier),
}

impl Commentable {
    /// The table or view that it is or belongs to.
    pub fn relation(&self) -> &QualifiedName {
        match self {
            Self::Table(name) | Self::View(name) | Self::Column(name, _) | Self::Constraint(name, _) => name,
        }
    }

    /// Its kind and name for people to read.
    pub fn plain(&self) -> String {
        match self {
            Self::Table(name) => format!("table {}", name.plain()),
            Self::View(name) => format!("view {}", name.plain()),
            Self::Column(relation, name) => format!("column {} of {}", name.as_str(), relation.plain()),
            Self::Constraint(table, name) => format!("constraint {} of {}", name.as_str(), table.plain()),
        }
    }
}

/// The kind and the delimited name, as COMMENT ON takes them.
impl fmt::Display for Commentable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Table(name) => write!(f, "TABLE {name}"),
            Self::View(name) => write!(f, "VIEW {name}"),
            Self::Column(relation, name) => write!(f, "COLUMN {relation}.{name}"),
            Self::Constraint(table, name) => write!(f, "CONSTRAINT {name} ON {table}"),
        }
    }
}
