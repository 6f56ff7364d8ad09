//! VACUUM (`r_VACUUM_command`).

use super::Sql;
use crate::name::QualifiedName;

/// Takes back the space of deleted rows and sorts the others. Not inside a transaction; one at a time on a warehouse.
pub fn vacuum(table: &QualifiedName) -> Sql {
    Sql::rendered(format!("VACUUM {table}"))
}
