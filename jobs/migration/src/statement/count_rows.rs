//! Counting rows.

use super::Sql;
use crate::name::{Literal, QualifiedName};

/// How many tables one query counts: keeps a message far below 16 MB whatever the names.
pub const TABLES_A_QUERY: usize = 200;

/// Asks for the number of rows of a table, in column `rows`.
pub fn count_rows(table: &QualifiedName) -> Sql {
    Sql::rendered(format!("SELECT COUNT(*) AS rows FROM {table}"))
}

/// Asks for the number of rows of each table, in columns `schema_name`, `table_name` and `rows`.
pub fn count_rows_of_each<'a>(tables: impl IntoIterator<Item = &'a QualifiedName>) -> Sql {
    let queries = tables.into_iter().map(|table| {
        format!(
            "SELECT CAST({} AS VARCHAR(127)) AS schema_name, CAST({} AS VARCHAR(127)) AS table_name, \
             COUNT(*) AS rows FROM {table}",
            Literal::text(table.schema.as_str()),
            Literal::text(table.name.as_str()),
        )
    });
    Sql::rendered(queries.collect::<Vec<_>>().join("\nUNION ALL\n"))
}

#[cfg(test)]
mod tests {
    use super::super::samples::qualified;
    use super::*;

    #[test]
    fn each_table_is_a_row_under_its_own_name() {
        let tables = [qualified("s", "t"), qualified("o'x", "a\"b")];
        insta::assert_snapshot!(count_rows_of_each(&tables), @r#"
        SELECT CAST('s' AS VARCHAR(127)) AS schema_name, CAST('t' AS VARCHAR(127)) AS table_name, COUNT(*) AS rows FROM "s"."t"
        UNION ALL
        SELECT CAST('o''x' AS VARCHAR(127)) AS schema_name, CAST('a"b' AS VARCHAR(127)) AS table_name, COUNT(*) AS rows FROM "o'x"."a""b"
        "#);
    }
}
