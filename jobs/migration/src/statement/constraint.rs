//! Keys: as part of CREATE TABLE, and ALTER TABLE … ADD CONSTRAINT (`r_ALTER_TABLE`). Redshift keeps them
//! for its planner and does not enforce them.

use super::{Sql, column_list};
use crate::catalog::{ForeignKey, UniqueKey};
use crate::name::QualifiedName;

/// The table constraint clause of a PRIMARY KEY or UNIQUE constraint.
pub(crate) fn unique_key_clause(key: &UniqueKey) -> String {
    format!("CONSTRAINT {} {} ({})", key.name, key.kind.keyword(), column_list(&key.columns))
}

/// Adds a PRIMARY KEY or UNIQUE constraint to a table that lacks it.
pub fn add_unique_key(table: &QualifiedName, key: &UniqueKey) -> Sql {
    Sql::rendered(format!("ALTER TABLE {table} ADD {}", unique_key_clause(key)))
}

/// Adds a FOREIGN KEY constraint; both tables exist by then.
pub fn add_foreign_key(table: &QualifiedName, key: &ForeignKey) -> Sql {
    Sql::rendered(format!("ALTER TABLE {table} ADD {}", foreign_key_clause(key)))
}

/// The table constraint clause of a FOREIGN KEY constraint.
pub(crate) fn foreign_key_clause(key: &ForeignKey) -> String {
    format!(
        "CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {} ({})",
        key.name,
        column_list(&key.columns),
        key.references,
        column_list(&key.referenced_columns),
    )
}

#[cfg(test)]
mod tests {
    use super::super::samples::{id, qualified};
    use super::*;
    use crate::catalog::KeyKind;

    #[test]
    fn renders_both_kinds() {
        let unique =
            UniqueKey { name: id("t_pkey"), kind: KeyKind::Primary, columns: vec![id("a"), id("b")] };
        let foreign = ForeignKey {
            name: id("t_fk"),
            columns: vec![id("a")],
            references: qualified("other", "u"),
            referenced_columns: vec![id("x")],
        };
        let table = qualified("s", "t");
        insta::assert_snapshot!(
            add_unique_key(&table, &unique),
            @r#"ALTER TABLE "s"."t" ADD CONSTRAINT "t_pkey" PRIMARY KEY ("a", "b")"#
        );
        insta::assert_snapshot!(
            add_foreign_key(&table, &foreign),
            @r#"ALTER TABLE "s"."t" ADD CONSTRAINT "t_fk" FOREIGN KEY ("a") REFERENCES "other"."u" ("x")"#
        );
    }
}
