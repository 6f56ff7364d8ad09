//! REFRESH MATERIALIZED VIEW (`materialized-view-refresh-sql-command`).

use super::Sql;
use crate::name::QualifiedName;

/// Brings a materialized view up to date; only its owner may, in a transaction of its own.
pub fn refresh_materialized_view(view: &QualifiedName) -> Sql {
    Sql::rendered(format!("REFRESH MATERIALIZED VIEW {view}"))
}
