//! The values that identity columns have reached.

use super::Sql;
use crate::catalog::Identity;
use crate::name::{Identifier, Literal, QualifiedName};

/// How many identity columns one query measures: a warehouse compiles each shape of a query when it first meets it, and every branch
/// adds to that.
pub const IDENTITIES_A_QUERY: usize = 50;

/// Asks for the furthest value of each identity column, in columns `schema_name`, `table_name`, `column_name` and `furthest`:
/// the maximum, or the minimum where the step is negative; NULL for an empty table.
pub fn identity_maxima<'a>(
    columns: impl IntoIterator<Item = (&'a QualifiedName, &'a Identifier, Identity)>,
) -> Sql {
    let queries = columns.into_iter().map(|(table, column, identity)| {
        let aggregate = if identity.step < 0 { "MIN" } else { "MAX" };
        format!(
            "SELECT CAST({} AS VARCHAR(127)) AS schema_name, CAST({} AS VARCHAR(127)) AS table_name, \
             CAST({} AS VARCHAR(127)) AS column_name, CAST({aggregate}({column}) AS BIGINT) AS furthest FROM {table}",
            Literal::text(table.schema.as_str()),
            Literal::text(table.name.as_str()),
            Literal::text(column.as_str()),
        )
    });
    Sql::rendered(queries.collect::<Vec<_>>().join("\nUNION ALL\n"))
}
