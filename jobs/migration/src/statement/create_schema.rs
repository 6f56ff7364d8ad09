//! CREATE SCHEMA (`r_CREATE_SCHEMA`).

use super::Sql;
use crate::name::Identifier;

/// Creates a schema that belongs to `owner`.
pub fn create_schema(name: &Identifier, owner: &Identifier) -> Sql {
    Sql::rendered(format!("CREATE SCHEMA {name} AUTHORIZATION {owner}"))
}
