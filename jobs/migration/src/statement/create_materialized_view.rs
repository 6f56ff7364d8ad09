//! CREATE MATERIALIZED VIEW (`materialized-view-create-sql-command`).

use super::{NameCase, Sql};
use crate::catalog::MaterializedView;

/// Creates a materialized view from the statement that the source's catalog keeps, which holds its options
/// too. It is filled as it is created. `case_kept` says whether names in quotes kept their case for who typed it.
pub fn create_materialized_view(view: &MaterializedView, case_kept: Option<bool>) -> Sql {
    Sql::rendered(view.definition.clone()).with(NameCase::of_written(case_kept))
}
