//! CREATE VIEW (`r_CREATE_VIEW`).

use super::Sql;
use crate::catalog::View;
use crate::name::QualifiedName;

/// Creates an ordinary view from its SELECT.
pub fn create_view(name: &QualifiedName, view: &View) -> Sql {
    Sql::rendered(format!("CREATE VIEW {name} AS\n{}", view.definition.trim()))
}
