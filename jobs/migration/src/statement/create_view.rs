//! CREATE VIEW (`r_CREATE_VIEW`).

use super::{NameCase, Sql};
use crate::catalog::View;
use crate::name::QualifiedName;

/// Creates an ordinary view from its SELECT, a late-binding one by the statement that the catalog keeps, as it was typed: `case_kept`
/// says whether names in quotes kept their case for who typed it.
pub fn create_view(name: &QualifiedName, view: &View, case_kept: Option<bool>) -> Sql {
    if view.late_binding() {
        let written = NameCase::of_written(case_kept);
        Sql::rendered(view.definition.clone()).with(written)
    } else {
        Sql::rendered(format!("CREATE VIEW {name} AS\n{}", view.definition.trim()))
    }
}
