//! VACUUM (`r_VACUUM_command`).

use super::Sql;
use crate::name::QualifiedName;

/// Takes back the space of deleted rows and sorts the others. Not inside a transaction, and no two on one table at a time.
pub fn vacuum(table: &QualifiedName) -> Sql {
    Sql::rendered(format!("VACUUM {table}"))
}
