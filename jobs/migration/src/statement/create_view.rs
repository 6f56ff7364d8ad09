//! CREATE VIEW (`r_CREATE_VIEW`).

use super::Sql;
use crate::catalog::View;
use crate::name::QualifiedName;

/// Creates an ordinary view from its SELECT, a late-binding one by the statement that the catalog keeps.
pub fn create_view(name: &QualifiedName, view: &View) -> Sql {
    if view.late_binding() {
        Sql::rendered(view.definition.clone())
    } else {
        Sql::rendered(format!("CREATE VIEW {name} AS\n{}", view.definition.trim()))
    }
}
