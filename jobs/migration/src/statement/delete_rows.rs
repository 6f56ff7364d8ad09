//! DELETE of all rows (`r_DELETE`): TRUNCATE would commit at once, before the new rows are loaded and checked.

use super::Sql;
use crate::name::QualifiedName;

/// Deletes every row of a table, inside the caller's transaction.
pub fn delete_rows(table: &QualifiedName) -> Sql {
    Sql::rendered(format!("DELETE FROM {table}"))
}
