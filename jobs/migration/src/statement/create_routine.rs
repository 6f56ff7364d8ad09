//! CREATE FUNCTION, CREATE EXTERNAL FUNCTION and CREATE PROCEDURE (`r_CREATE_FUNCTION`, `create-user-defined-functions`,
//! `r_CREATE_EXTERNAL_FUNCTION`, `r_CREATE_PROCEDURE`).

use super::{NameCase, Sql};
use crate::catalog::{Argument, Language, Routine, RoutineKind, RoutineName, SetClause, SetValue};
use crate::name::{DollarQuoted, Literal};
use crate::text::has_capital_in_quotes;

/// Creates a function or procedure.
pub fn create_routine(name: &RoutineName, routine: &Routine) -> Sql {
    let arguments = routine.arguments.iter().map(|argument| render_argument(routine.kind, argument));
    let arguments = arguments.collect::<Vec<_>>().join(", ");
    let returns =
        routine.returns.as_ref().map(|data_type| format!("\nRETURNS {data_type}")).unwrap_or_default();
    let qualities = match routine.kind {
        RoutineKind::Function => format!("\n{}", routine.volatility.keyword()),
        RoutineKind::Procedure if routine.clauses.as_ref().is_some_and(|clauses| clauses.nonatomic) => {
            "\nNONATOMIC".to_owned()
        }
        RoutineKind::Procedure => String::new(),
    };
    let kind = routine.kind.keyword();
    let head = format!("{kind} {} ({arguments}){returns}{qualities}", name.name);
    if routine.language == Language::Lambda {
        return Sql::rendered(format!("CREATE EXTERNAL {head}\n{}", routine.body.trim()));
    }
    let body = DollarQuoted::new(routine.body.as_str());
    let language = routine.language.name();
    let security = if routine.security_definer { "\nSECURITY DEFINER" } else { "" };
    let setting = routine.clauses.as_ref().and_then(|clauses| clauses.setting.as_ref());
    let setting = setting.map(set_clause).unwrap_or_default();
    let sql = Sql::rendered(format!("CREATE {head}\nAS {body}\nLANGUAGE {language}{security}{setting}"));
    // The body of a function in SQL is read as it is created; that of a procedure when it runs.
    let reads_body = routine.language == Language::Sql && has_capital_in_quotes(&routine.body);
    if reads_body { sql.with(NameCase::Kept) } else { sql }
}

/// Every text goes as a literal, names of schemas too (`r_search_path`): a literal is never folded.
fn set_clause(setting: &SetClause) -> String {
    let value = |value: &SetValue| match value {
        SetValue::Number(digits) => digits.clone(),
        SetValue::Text(text) => Literal::text(text.as_str()).to_string(),
    };
    let values = setting.values.iter().map(value).collect::<Vec<_>>().join(", ");
    format!("\nSET {} TO {values}", setting.parameter.as_str())
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
    use crate::catalog::{ArgumentMode, ProcedureClauses, Volatility};

    fn routine(kind: RoutineKind) -> Routine {
        Routine {
            kind,
            owner: id("o"),
            language: Language::Sql,
            arguments: vec![Argument { name: None, mode: ArgumentMode::In, data_type: "integer".into() }],
            returns: Some("integer".into()),
            volatility: Volatility::Stable,
            security_definer: false,
            clauses: None,
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
        LANGUAGE sql
        "#);
        let procedure = Routine {
            language: Language::Plpgsql,
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
        LANGUAGE plpgsql
        SECURITY DEFINER
        "#);
    }

    #[test]
    fn renders_the_clauses_of_procedures() {
        let name = RoutineName { name: qualified("s", "p"), argument_types: String::new() };
        let procedure = |clauses| Routine {
            language: Language::Plpgsql,
            returns: None,
            arguments: vec![],
            body: "BEGIN END".into(),
            clauses: Some(clauses),
            ..routine(RoutineKind::Procedure)
        };
        let nonatomic = ProcedureClauses { nonatomic: true, setting: None };
        insta::assert_snapshot!(create_routine(&name, &procedure(nonatomic)), @r#"
        CREATE PROCEDURE "s"."p" ()
        NONATOMIC
        AS $$BEGIN END$$
        LANGUAGE plpgsql
        "#);
        let setting = |parameter, values| {
            let clauses = ProcedureClauses {
                nonatomic: false,
                setting: Some(SetClause { parameter: id(parameter), values }),
            };
            create_routine(&name, &procedure(clauses))
        };
        let text = |value: &str| SetValue::Text(value.to_owned());
        insta::assert_snapshot!(setting("search_path", vec![text("$user"), text("it's")]), @r#"
        CREATE PROCEDURE "s"."p" ()
        AS $$BEGIN END$$
        LANGUAGE plpgsql
        SET search_path TO '$user', 'it''s'
        "#);
        for (value, expected) in [(SetValue::Number("-1".to_owned()), "-1"), (text("12"), "'12'")] {
            let sql = setting("statement_timeout", vec![value]);
            assert!(sql.as_str().ends_with(&format!("\nSET statement_timeout TO {expected}")), "{sql}");
        }
    }

    #[test]
    fn renders_lambda_and_python_functions() {
        let name = RoutineName { name: qualified("s", "f"), argument_types: "integer".into() };
        let lambda = Routine {
            language: Language::Lambda,
            volatility: Volatility::Volatile,
            body: "LAMBDA 'f' IAM_ROLE 'arn:aws:iam::1:role/r' RETRY_TIMEOUT 0 MAX_BATCH_ROWS 10 MAX_BATCH_SIZE 2 MB ".into(),
            ..routine(RoutineKind::Function)
        };
        insta::assert_snapshot!(create_routine(&name, &lambda), @r#"
        CREATE EXTERNAL FUNCTION "s"."f" (integer)
        RETURNS integer
        VOLATILE
        LAMBDA 'f' IAM_ROLE 'arn:aws:iam::1:role/r' RETRY_TIMEOUT 0 MAX_BATCH_ROWS 10 MAX_BATCH_SIZE 2 MB
        "#);
        let argument = Argument { name: Some(id("a b")), mode: ArgumentMode::In, data_type: "real".into() };
        let python = Routine {
            language: Language::Python,
            arguments: vec![argument],
            body: "\n  return a\n".into(),
            ..routine(RoutineKind::Function)
        };
        insta::assert_snapshot!(create_routine(&name, &python), @r#"
        CREATE FUNCTION "s"."f" ("a b" real)
        RETURNS integer
        STABLE
        AS $$
          return a
        $$
        LANGUAGE plpythonu
        "#);
    }
}
