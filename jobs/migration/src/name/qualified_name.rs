//! A schema's object, named with its schema.

use super::Identifier;
use serde::{Deserialize, Serialize};
use std::fmt;

/// `"schema"."name"`: how every statement of ours names a table, view or routine.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct QualifiedName {
    /// The schema.
    pub schema: Identifier,
    /// The object in it.
    pub name: Identifier,
}

impl QualifiedName {
    /// Puts both parts together.
    pub fn new(schema: Identifier, name: Identifier) -> Self {
        Self { schema, name }
    }

    /// `schema.name` for people to read: log lines, the ledger; never for SQL.
    pub fn plain(&self) -> String {
        format!("{}.{}", self.schema.as_str(), self.name.as_str())
    }
}

impl fmt::Display for QualifiedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.schema, self.name)
    }
}
