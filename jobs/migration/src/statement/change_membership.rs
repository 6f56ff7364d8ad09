//! ALTER GROUP … ADD USER (`r_ALTER_GROUP`).

use super::Sql;
use crate::name::Identifier;

/// Puts a user into a group.
pub fn add_user_to_group(user: &Identifier, group: &Identifier) -> Sql {
    Sql::rendered(format!("ALTER GROUP {group} ADD USER {user}"))
}
