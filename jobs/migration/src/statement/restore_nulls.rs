//! NULL in SUPER columns after a COPY from CSV.

use super::Sql;
use crate::name::{Identifier, QualifiedName};

/// Makes NULL of what is JSON null as a whole: UNLOAD ignores NULL AS for SUPER and writes NULL as `null`
/// (`r_UNLOAD`), which COPY reads as JSON null (`r_json_typeof`).
pub fn restore_nulls(table: &QualifiedName, column: &Identifier) -> Sql {
    Sql::rendered(format!("UPDATE {table} SET {column} = NULL WHERE JSON_TYPEOF({column}) = 'null'"))
}
