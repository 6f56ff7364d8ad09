//! SHOW PROCEDURE (`r_SHOW_PROCEDURE`).

use super::Sql;
use crate::catalog::RoutineName;

/// Asks for the statement that creates a procedure: it alone tells NONATOMIC and SET.
pub fn show_procedure(name: &RoutineName) -> Sql {
    Sql::rendered(format!("SHOW PROCEDURE {name}"))
}

#[cfg(test)]
mod tests {
    use super::super::samples::qualified;
    use super::*;

    #[test]
    fn a_procedure_is_named_with_its_input_types() {
        let name =
            RoutineName { name: qualified("s", "p"), argument_types: "integer, character varying".into() };
        insta::assert_snapshot!(show_procedure(&name), @r#"SHOW PROCEDURE "s"."p"(integer, character varying)"#);
    }
}
