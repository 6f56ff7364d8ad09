//! Counting a table's rows.

use super::Sql;
use crate::name::QualifiedName;

/// Asks for the number of rows of a table, in column `rows`.
pub fn count_rows(table: &QualifiedName) -> Sql {
    Sql::rendered(format!("SELECT COUNT(*) AS rows FROM {table}"))
}
