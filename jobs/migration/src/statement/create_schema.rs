//! CREATE SCHEMA (`r_CREATE_SCHEMA`).

use super::Sql;
use crate::name::Identifier;

/// Creates a schema that belongs to `owner`, or else to whoever runs the statement.
pub fn create_schema(name: &Identifier, owner: Option<&Identifier>) -> Sql {
    let authorization = owner.map(|owner| format!(" AUTHORIZATION {owner}")).unwrap_or_default();
    Sql::rendered(format!("CREATE SCHEMA {name}{authorization}"))
}
