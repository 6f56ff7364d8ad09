//! CREATE GROUP (`r_CREATE_GROUP`).

use super::Sql;
use crate::name::Identifier;

/// Creates a group without members.
pub fn create_group(name: &Identifier) -> Sql {
    Sql::rendered(format!("CREATE GROUP {name}"))
}
