//! NULL in SUPER columns after a COPY from CSV.

use super::Sql;
use crate::name::{Identifier, QualifiedName};
use crate::transfer::NullMarker;

/// Makes NULL of the number that stands for it (see [`NullMarker`]), should COPY have loaded it into a SUPER column as it is: NULL AS
/// is said of fields, whatever their column (`copy-parameters-data-conversion`), and no page speaks of SUPER.
pub fn restore_nulls(table: &QualifiedName, column: &Identifier, null_marker: &NullMarker) -> Sql {
    Sql::rendered(format!("UPDATE {table} SET {column} = NULL WHERE {column} = {}", null_marker.as_number()))
}

#[cfg(test)]
mod tests {
    use super::super::samples::{id, qualified};
    use super::*;

    #[test]
    fn only_the_marker_becomes_null() {
        let sql = restore_nulls(&qualified("s", "t"), &id("d"), &NullMarker::from_bits(7));
        insta::assert_snapshot!(sql, @r#"UPDATE "s"."t" SET "d" = NULL WHERE "d" = CAST(10000000000000000000000000000000000007 AS DECIMAL(38, 0))"#);
    }
}
