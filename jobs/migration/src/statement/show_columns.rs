//! SHOW COLUMNS (`r_SHOW_COLUMNS`).

use super::Sql;
use crate::name::{Identifier, QualifiedName};

/// Asks for a table's columns: the one thing that tells the COLLATE of each besides the statement that SHOW TABLE prints.
pub fn show_columns(database: &Identifier, table: &QualifiedName) -> Sql {
    Sql::rendered(format!("SHOW COLUMNS FROM TABLE {database}.{table}"))
}

#[cfg(test)]
mod tests {
    use super::super::samples::{id, qualified};
    use super::*;

    #[test]
    fn a_table_is_named_with_its_database() {
        insta::assert_snapshot!(
            show_columns(&id("dev"), &qualified("s", "a.b")),
            @r#"SHOW COLUMNS FROM TABLE "dev"."s"."a.b""#
        );
    }
}
