//! LOCK (`r_LOCK`).

use super::Sql;
use crate::name::QualifiedName;

/// Keeps every other session from a table until the transaction ends.
pub fn lock_table(table: &QualifiedName) -> Sql {
    Sql::rendered(format!("LOCK TABLE {table}"))
}
