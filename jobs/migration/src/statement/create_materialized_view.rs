//! CREATE MATERIALIZED VIEW (`materialized-view-create-sql-command`).

use super::Sql;
use crate::catalog::MaterializedView;

/// Creates a materialized view from the statement that the source's catalog keeps, which holds its options
/// too. It is filled as it is created.
pub fn create_materialized_view(view: &MaterializedView) -> Sql {
    Sql::rendered(view.definition.clone())
}
