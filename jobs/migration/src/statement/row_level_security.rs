//! ALTER … ROW LEVEL SECURITY (`r_ALTER_TABLE`, `r_ALTER_MATERIALIZED_VIEW`).

use super::Sql;
use crate::catalog::Conjunction;
use crate::name::QualifiedName;

/// What has rows of its own, and so can be protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protectable {
    /// A table.
    Table,
    /// A materialized view.
    MaterializedView,
}

/// Turns row-level security on: from here on who has no policy sees no row.
pub fn turn_on_row_level_security(
    kind: Protectable,
    relation: &QualifiedName,
    conjunction: Conjunction,
) -> Sql {
    let conjunction = conjunction.keyword();
    Sql::rendered(match kind {
        Protectable::Table => {
            format!("ALTER TABLE {relation} ROW LEVEL SECURITY ON CONJUNCTION TYPE {conjunction}")
        }
        Protectable::MaterializedView => {
            format!("ALTER MATERIALIZED VIEW {relation} ROW LEVEL SECURITY ON CONJUNCTION TYPE {conjunction}")
        }
    })
}

#[cfg(test)]
mod tests {
    use super::super::samples::qualified;
    use super::*;

    #[test]
    fn names_the_kind_of_relation_and_the_conjunction() {
        let relation = qualified("s", "t");
        insta::assert_snapshot!(
            turn_on_row_level_security(Protectable::Table, &relation, Conjunction::And),
            @r#"ALTER TABLE "s"."t" ROW LEVEL SECURITY ON CONJUNCTION TYPE AND"#
        );
        insta::assert_snapshot!(
            turn_on_row_level_security(Protectable::MaterializedView, &relation, Conjunction::Or),
            @r#"ALTER MATERIALIZED VIEW "s"."t" ROW LEVEL SECURITY ON CONJUNCTION TYPE OR"#
        );
    }
}
