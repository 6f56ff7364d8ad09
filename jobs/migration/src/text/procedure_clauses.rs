//! What SHOW PROCEDURE says of a procedure and no catalog does.

use super::literal;
use super::token::{Comments, Token, TokenKind, behind_quote, tokens};
use crate::catalog::{ProcedureClauses, SetClause, SetValue};
use crate::name::Identifier;

/// The clauses of the procedure with this body, from what SHOW PROCEDURE prints (`r_SHOW_PROCEDURE`): the statement that creates it
/// (`r_CREATE_PROCEDURE`). None where anything in it is not as that page has it: a clause is never guessed.
///
/// The body is compared, since nothing says that the tag of its dollar quotes is one that it does not hold: text of the body may look
/// like clauses then. So is SECURITY DEFINER, which the catalog has, too: a text that lacks it shows no clauses.
pub fn procedure_clauses(shown: &str, body: &str, security_definer: bool) -> Option<ProcedureClauses> {
    let all: Vec<_> = tokens(shown, Comments::Nested).collect();
    let mut rest = behind_arguments(&all)?;
    let mut clauses = ProcedureClauses::default();
    let (mut bodies, mut definer) = (0, false);
    while let [first, behind @ ..] = rest {
        rest = match behind {
            _ if first.is_word("nonatomic") => {
                clauses.nonatomic = true;
                behind
            }
            [text, behind @ ..] if first.is_word("as") && is_closed(text) => {
                bodies += usize::from(literal::value(text.text).trim() == body.trim());
                behind
            }
            [language, behind @ ..] if first.is_word("language") && language.is_word("plpgsql") => behind,
            [security, behind @ ..] if first.is_word("security") => {
                definer |= security.is_word("definer");
                (security.is_word("definer") || security.is_word("invoker")).then_some(behind)?
            }
            [parameter, equals, behind @ ..]
                if first.is_word("set") && (equals.is_word("to") || equals.is_sign("=")) =>
            {
                let (values, behind) = values(behind)?;
                let clause = SetClause { parameter: plain_word(parameter)?, values };
                clauses.setting.replace(clause).is_none().then_some(behind)?
            }
            [] if first.is_sign(";") => behind,
            _ => return None,
        };
    }
    let excludes = clauses.nonatomic && (definer || clauses.setting.is_some());
    (bodies == 1 && definer == security_definer && !excludes).then_some(clauses)
}

/// What comes behind `CREATE [ OR REPLACE ] PROCEDURE name (…)`.
fn behind_arguments<'a, 't>(all: &'t [Token<'a>]) -> Option<&'t [Token<'a>]> {
    let head = match all {
        [create, or, replace, rest @ ..]
            if create.is_word("create") && or.is_word("or") && replace.is_word("replace") =>
        {
            rest
        }
        [create, rest @ ..] if create.is_word("create") => rest,
        _ => return None,
    };
    let [procedure, rest @ ..] = head else { return None };
    let open = rest.iter().position(|token| token.is_sign("(")).filter(|_| procedure.is_word("procedure"))?;
    let mut depth = 0_usize;
    for (at, token) in rest.iter().enumerate().skip(open) {
        depth += usize::from(token.is_sign("("));
        if token.is_sign(")") {
            depth -= 1;
            if depth == 0 {
                return rest.get(at + 1..);
            }
        }
    }
    None
}

/// A parameter's value with its commas, and what comes behind it.
fn values<'a, 't>(mut rest: &'t [Token<'a>]) -> Option<(Vec<SetValue>, &'t [Token<'a>])> {
    let mut values = Vec::new();
    loop {
        let (value, behind) = value(rest)?;
        values.push(value);
        match behind {
            [comma, behind @ ..] if comma.is_sign(",") => rest = behind,
            _ => return Some((values, behind)),
        }
    }
}

fn value<'a, 't>(rest: &'t [Token<'a>]) -> Option<(SetValue, &'t [Token<'a>])> {
    match rest {
        [minus, number, behind @ ..] if minus.is_sign("-") && number.kind == TokenKind::Number => {
            Some((SetValue::Number(format!("-{}", number.text)), behind))
        }
        [token, behind @ ..] => {
            let value = match token.kind {
                TokenKind::Literal if is_closed(token) => SetValue::Text(literal::value(token.text)),
                TokenKind::Number => SetValue::Number(token.text.to_owned()),
                // DEFAULT is the session's value, which no text stands for.
                TokenKind::Word if !token.is_word("default") => {
                    SetValue::Text(token.text.to_ascii_lowercase())
                }
                TokenKind::QuotedName => {
                    SetValue::Text(token.text[1..token.text.len() - 1].replace("\"\"", "\""))
                }
                TokenKind::Word | TokenKind::Literal | TokenKind::OpenName | TokenKind::Sign => return None,
            };
            Some((value, behind))
        }
        [] => None,
    }
}

/// A word that is sure to mean the same without quotes.
fn plain_word(token: &Token<'_>) -> Option<Identifier> {
    let plain =
        token.kind == TokenKind::Word && token.text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    plain.then(|| Identifier::new(token.text.to_ascii_lowercase()).ok()).flatten()
}

/// Whether it is a literal that ends before the text does.
fn is_closed(token: &Token<'_>) -> bool {
    if token.kind != TokenKind::Literal {
        return false;
    }
    if let Some((tag, rest)) = token.text.strip_prefix('$').and_then(|text| text.split_once('$')) {
        return rest.ends_with(&format!("${tag}$"));
    }
    token.text.split_once('\'').is_some_and(|(_, rest)| behind_quote(rest, '\'') == Some(rest.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str =
        "CREATE OR REPLACE PROCEDURE public.test_sp2(f1 numeric(10,2), INOUT f2 character varying)\n";
    const BODY: &str = "\nBEGIN\n  f2 := $1 || ' SET a TO b NONATOMIC';\nEND;\n";

    fn read(before: &str, behind: &str) -> Option<ProcedureClauses> {
        let definer = behind.starts_with("SECURITY DEFINER");
        procedure_clauses(
            &format!("{HEAD}{before}LANGUAGE plpgsql\nAS $_${BODY}$_$\n{behind}"),
            BODY,
            definer,
        )
    }

    fn set(parameter: &str, values: &[&str]) -> SetClause {
        let values = values.iter().map(|&value| SetValue::Text(value.to_owned())).collect();
        SetClause { parameter: Identifier::new(parameter).unwrap(), values }
    }

    #[test]
    fn clauses_are_read_outside_the_body() {
        assert_eq!(read("", ""), Some(ProcedureClauses::default()));
        let nonatomic = ProcedureClauses { nonatomic: true, setting: None };
        assert_eq!(read("NONATOMIC\n", ";"), Some(nonatomic));
        let number =
            SetClause { values: vec![SetValue::Number("-1".to_owned())], ..set("statement_timeout", &[]) };
        for (text, setting) in [
            (
                r#"SECURITY DEFINER SET search_path TO '$user', "A b", PUBLIC"#,
                set("search_path", &["$user", "A b", "public"]),
            ),
            ("SET Query_Group = 'it''s'", set("query_group", &["it's"])),
            ("set statement_timeout to -1", number),
            ("SET timezone TO '12'", set("timezone", &["12"])),
        ] {
            let clauses = ProcedureClauses { nonatomic: false, setting: Some(setting) };
            assert_eq!(read("", text), Some(clauses));
        }
    }

    #[test]
    fn what_is_not_as_the_page_has_it_is_not_guessed() {
        for behind in [
            "COST 100",
            "SET a FROM CURRENT",
            "SET a TO DEFAULT",
            "SET a TO 1,",
            "SET a TO 'open",
            "SET \"a\" TO 1",
            "SET a TO 1 SET b TO 2",
            "SECURITY",
            "; SELECT 1",
            "AS $$ $$ AS $$",
        ] {
            assert_eq!(read("", behind), None, "{behind}");
        }
        assert_eq!(read("NONATOMIC ", "SET a TO 1"), None);
        assert_eq!(read("NONATOMIC ", "SECURITY DEFINER"), None);
        let shown = format!("{HEAD}LANGUAGE plpgsql\nAS $_${BODY}$_$\n");
        assert_eq!(procedure_clauses(&shown, BODY, true), None);
        assert_eq!(procedure_clauses("", "", false), None);
        assert_eq!(procedure_clauses("CREATE FUNCTION f() AS $$ $$ LANGUAGE plpgsql", "", false), None);
        assert_eq!(procedure_clauses("CREATE PROCEDURE p(", "", false), None);
    }

    /// A body that holds the tag around it must not be taken for clauses.
    #[test]
    fn a_body_that_ends_its_own_quotes_says_nothing() {
        let body = "BEGIN END $_$ SET search_path TO theirs --";
        let shown = format!("{HEAD}LANGUAGE plpgsql\nAS $_${body}$_$\n");
        assert_eq!(procedure_clauses(&shown, body, false), None);
        let shown = format!("{HEAD}LANGUAGE plpgsql\nAS $a${body}$a$\n");
        assert_eq!(procedure_clauses(&shown, body, false), Some(ProcedureClauses::default()));
    }
}
