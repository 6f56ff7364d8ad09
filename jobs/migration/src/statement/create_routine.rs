//! CREATE FUNCTION and CREATE PROCEDURE (`r_CREATE_FUNCTION`, `create-user-defined-functions`,
//! `r_CREATE_PROCEDURE`).

use super::Sql;
use crate::catalog::{Argument, Routine, RoutineKind, RoutineName};
use crate::name::{DollarQuoted, Identifier};

/// Creates a function or procedure.
pub fn create_routine(name: &RoutineName, routine: &Routine) -> Sql {
    let arguments = routine.arguments.iter().map(|argument| render_argument(routine.kind, argument));
    let arguments = arguments.collect::<Vec<_>>().join(", ");
    let returns =
        routine.returns.as_ref().map(|data_type| format!("\nRETURNS {data_type}")).unwrap_or_default();
    let body = DollarQuoted::new(routine.body.as_str());
    let language =
        Identifier::new(routine.language.as_str()).map(|name| name.to_string()).unwrap_or_default();
    let qualities = match routine.kind {
        RoutineKind::Function => format!("\n{}", routine.volatility.keyword()),
        RoutineKind::Procedure => String::new(),
    };
    let security = if routine.security_definer { "\nSECURITY DEFINER" } else { "" };
    Sql::rendered(format!(
        "CREATE {} {} ({arguments}){returns}{qualities}\nAS {body}\nLANGUAGE {language}{security}",
        routine.kind.keyword(),
        name.name,
    ))
}

fn render_argument(kind: RoutineKind, argument: &Argument) -> String {
    let name = argument.name.as_ref().map(|name| format!("{name} ")).unwrap_or_default();
    match kind {
        RoutineKind::Function => format!("{name}{}", argument.data_type),
        RoutineKind::Procedure => format!("{name}{} {}", argument.mode.keyword(), argument.data_type),
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{id, qualified};
    use super::*;
    use crate::catalog::{ArgumentMode, Volatility};

    fn routine(kind: RoutineKind) -> Routine {
        Routine {
            kind,
            owner: id("o"),
            language: "sql".into(),
            arguments: vec![Argument { name: None, mode: ArgumentMode::In, data_type: "integer".into() }],
            returns: Some("integer".into()),
            volatility: Volatility::Stable,
            security_definer: false,
            body: " SELECT $1 + 1 ".into(),
            default_privileges: true,
        }
    }

    #[test]
    fn renders_functions_and_procedures() {
        let name = RoutineName { name: qualified("s", "f"), argument_types: "integer".into() };
        insta::assert_snapshot!(create_routine(&name, &routine(RoutineKind::Function)), @r#"
        CREATE FUNCTION "s"."f" (integer)
        RETURNS integer
        STABLE
        AS $$ SELECT $1 + 1 $$
        LANGUAGE "sql"
        "#);
        let procedure = Routine {
            language: "plpgsql".into(),
            returns: None,
            arguments: vec![
                Argument { name: Some(id("a")), mode: ArgumentMode::In, data_type: "integer".into() },
                Argument {
                    name: Some(id("b")),
                    mode: ArgumentMode::InOut,
                    data_type: "character varying".into(),
                },
            ],
            security_definer: true,
            body: "BEGIN EXECUTE $$SELECT 1$$; END".into(),
            ..routine(RoutineKind::Procedure)
        };
        insta::assert_snapshot!(create_routine(&name, &procedure), @r#"
        CREATE PROCEDURE "s"."f" ("a" IN integer, "b" INOUT character varying)
        AS $body1$BEGIN EXECUTE $$SELECT 1$$; END$body1$
        LANGUAGE "plpgsql"
        SECURITY DEFINER
        "#);
    }
}
