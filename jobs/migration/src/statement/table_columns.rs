//! What columns a table has now.

use super::Sql;
use crate::name::{Literal, QualifiedName};

/// Asks for the columns of one table in their order: `attname`, `data_type`, `attnotnull`, `default_expression`, as
/// `sql/catalog/columns.sql` does for all (PG_ATTRIBUTE, PG_ATTRDEF: `c_intro_catalog_views`, leader node).
pub fn table_columns(table: &QualifiedName) -> Sql {
    Sql::rendered(format!(
        "SELECT a.attname, FORMAT_TYPE(a.atttypid, a.atttypmod) AS data_type, a.attnotnull, d.adsrc AS default_expression\n\
         FROM pg_attribute AS a\n\
         JOIN pg_class AS c ON c.oid = a.attrelid\n\
         JOIN pg_namespace AS n ON n.oid = c.relnamespace\n\
         LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum\n\
         WHERE n.nspname = {} AND c.relname = {} AND a.attnum > 0 AND NOT a.attisdropped \
         AND a.attname !~ '^padb_internal_'\n\
         ORDER BY a.attnum",
        Literal::text(table.schema.as_str()),
        Literal::text(table.name.as_str()),
    ))
}

#[cfg(test)]
mod tests {
    use super::super::samples::qualified;
    use super::*;

    #[test]
    fn the_table_is_named_by_literals() {
        insta::assert_snapshot!(table_columns(&qualified("s", "it's")), @r"
        SELECT a.attname, FORMAT_TYPE(a.atttypid, a.atttypmod) AS data_type, a.attnotnull, d.adsrc AS default_expression
        FROM pg_attribute AS a
        JOIN pg_class AS c ON c.oid = a.attrelid
        JOIN pg_namespace AS n ON n.oid = c.relnamespace
        LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE n.nspname = 's' AND c.relname = 'it''s' AND a.attnum > 0 AND NOT a.attisdropped AND a.attname !~ '^padb_internal_'
        ORDER BY a.attnum
        ");
    }
}
