//! Values that travel by a marker ([`crate::transfer::marked`]): how many there are, and how they come back after a COPY from CSV.

use super::Sql;
use crate::name::QualifiedName;
use crate::transfer::{Marked, MarkedValue, NullMarker};

/// Asks how many such values a table holds, in columns `m1`, `m2`, … in the order given.
pub fn count_marked(table: &QualifiedName, marked: &[Marked]) -> Sql {
    let counts = marked.iter().enumerate().map(|(at, Marked { column, value })| {
        let holds = match value {
            MarkedValue::NullSuper => format!("{column} IS NULL"),
            MarkedValue::EmptyVarbyte | MarkedValue::EmptyShortVarbyte => {
                format!("OCTET_LENGTH({column}) = 0")
            }
        };
        format!("COUNT(CASE WHEN {holds} THEN 1 END) AS m{}", at + 1)
    });
    Sql::rendered(format!("SELECT {} FROM {table}", counts.collect::<Vec<_>>().join(", ")))
}

/// Puts the value in the place of its marker. NULL AS is said of fields, whatever their column (`copy-parameters-data-conversion`), so
/// that COPY may have made NULL of a SUPER's marker by itself: no page speaks of SUPER.
pub fn restore_marked(table: &QualifiedName, of: &Marked, marker: &NullMarker) -> Option<Sql> {
    let (value, stored) = match of.value {
        MarkedValue::NullSuper => ("NULL", marker.as_number()),
        MarkedValue::EmptyVarbyte => ("CAST('' AS VARBYTE)", marker.as_varbyte()),
        MarkedValue::EmptyShortVarbyte => return None,
    };
    let column = of.column;
    Some(Sql::rendered(format!("UPDATE {table} SET {column} = {value} WHERE {column} = {stored}")))
}

#[cfg(test)]
mod tests {
    use super::super::samples::{id, qualified};
    use super::*;

    #[test]
    fn only_the_marker_is_replaced() {
        let (table, marker) = (qualified("s", "t"), NullMarker::from_bits(7));
        let (null, empty) = (id("d"), id("e"));
        let values = [
            Marked { column: &null, value: MarkedValue::NullSuper },
            Marked { column: &empty, value: MarkedValue::EmptyVarbyte },
        ];
        insta::assert_snapshot!(restore_marked(&table, &values[0], &marker).unwrap(), @r#"UPDATE "s"."t" SET "d" = NULL WHERE "d" = CAST(10000000000000000000000000000000000007 AS DECIMAL(38, 0))"#);
        insta::assert_snapshot!(restore_marked(&table, &values[1], &marker).unwrap(), @r#"UPDATE "s"."t" SET "e" = CAST('' AS VARBYTE) WHERE "e" = TO_VARBYTE('000000000000000000000000000000000007', 'hex')"#);
        insta::assert_snapshot!(count_marked(&table, &values), @r#"SELECT COUNT(CASE WHEN "d" IS NULL THEN 1 END) AS m1, COUNT(CASE WHEN OCTET_LENGTH("e") = 0 THEN 1 END) AS m2 FROM "s"."t""#);
        let short = Marked { column: &empty, value: MarkedValue::EmptyShortVarbyte };
        assert_eq!(restore_marked(&table, &short, &marker), None);
    }
}
