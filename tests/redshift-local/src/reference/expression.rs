//! The check of what stands inside statements: every expression and query on its way to PostgreSQL passes here.

use super::scan::{Name, Scan, scan};
use super::table::{Place, function, relation, syntax};
use super::window;
use crate::lexer::{Token, TokenKind};
use crate::statement::{Cursor, Names, StatementError, data_type};

/// Types of the catalog and of expressions, which columns cannot have here; those marked true are unknown to compute nodes
/// (`c_join_PG` lists the types they know).
const OTHER_TYPES: [(&str, bool); 11] = [
    ("aclitem", true),
    ("geography", false),
    ("int2vector", true),
    ("interval", false),
    ("name", false),
    ("oid", false),
    ("oidvector", true),
    ("regclass", true),
    ("regproc", true),
    ("regprocedure", true),
    ("regtype", true),
];

/// Checks an expression, a query or the body of a routine.
pub fn check(tokens: &[Token<'_>], names: &Names) -> Result<(), StatementError> {
    let found = scan(tokens);
    check_syntax(&found.tokens)?;
    window::check(&found.tokens)?;
    let mut places = Places::default();
    for &at in &found.types {
        check_type(&found.tokens[at..], &mut places)?;
    }
    for function in &found.functions {
        check_function(function, names, &mut places)?;
    }
    for word in &found.words {
        if function(&word.name).is_some_and(|function| function.is_word) {
            check_function(word, names, &mut places)?;
        }
    }
    for relation in &found.relations {
        check_relation(relation, names, &found, &mut places)?;
    }
    // A procedure's statements run one by one, and where is not told apart here.
    if found.is_body { Ok(()) } else { places.check(&found) }
}

fn check_syntax(tokens: &[Token<'_>]) -> Result<(), StatementError> {
    for (at, token) in tokens.iter().enumerate() {
        if !matches!(token.kind, TokenKind::Word | TokenKind::Operator)
            || (at > 0 && tokens[at - 1].is_operator("."))
        {
            continue;
        }
        let fits = |words: &[&str]| {
            tokens.len() >= at + words.len()
                && words.iter().zip(&tokens[at..]).all(|(word, token)| {
                    matches!(token.kind, TokenKind::Word | TokenKind::Operator)
                        && token.text.eq_ignore_ascii_case(word)
                })
        };
        if let Some(syntax) =
            syntax(&token.text.to_ascii_lowercase()).iter().find(|syntax| fits(&syntax.words))
        {
            let last = syntax.words.last().unwrap_or(&"");
            let message = match syntax.sqlstate {
                "42883" => format!("operator does not exist: {last}"),
                "42703" => format!("column \"{last}\" does not exist"),
                "0A000" => {
                    let words = syntax.words.join(" ").to_uppercase();
                    format!(
                        "redshift-local: {} is not supported",
                        words.trim_end_matches(" (").trim_start_matches(". ")
                    )
                }
                _ => format!("syntax error at or near \"{last}\""),
            };
            return Err(StatementError::new(syntax.sqlstate, message)
                .with_hint(format!("redshift-local: see {} in AWS's guide", syntax.page)));
        }
    }
    Ok(())
}

/// `c_Supported_data_types`, `c_unsupported-postgresql-datatypes`.
fn check_type(tokens: &[Token<'_>], places: &mut Places) -> Result<(), StatementError> {
    let mut cursor = Cursor::new(tokens);
    if cursor.take_word("pg_catalog") {
        cursor.expect_operator(".")?;
    }
    let name = cursor.clone().expect_identifier()?;
    let quoted = cursor.peek().is_some_and(|token| token.kind == TokenKind::QuotedIdentifier);
    if let Some((_, leader)) = OTHER_TYPES.iter().find(|(known, _)| *known == name) {
        cursor.next();
        if *leader {
            places.note_leader(format!("Type \"{name}\" not supported."));
        }
    } else if quoted && name == "char" {
        cursor.next();
    } else if quoted {
        return Err(StatementError::new("42704", format!("type \"{name}\" does not exist")));
    } else {
        data_type::expect(&mut cursor)?;
    }
    // A list of rights is compared with an empty one (amazon-redshift-utils, v_generate_user_grant_revoke_ddl).
    if cursor.at_operator("[") && name != "aclitem" {
        return Err(StatementError::new("42704", format!("type \"{name}[]\" does not exist")));
    }
    Ok(())
}

fn check_function(call: &Name<'_>, names: &Names, places: &mut Places) -> Result<(), StatementError> {
    if call.schema.as_deref().is_some_and(|schema| schema != "pg_catalog") {
        return Ok(());
    }
    let name = &call.name;
    match function(name).map(|function| function.place) {
        None if names.is_users(name) && call.schema.is_none() => Ok(()),
        None => Err(StatementError::missing_function(name)),
        Some(Place::Leader) => {
            places.note_leader(format!("Function \"{name}\" not supported."));
            Ok(())
        }
        Some(Place::Compute) => {
            places.needs_compute = true;
            Ok(())
        }
        Some(Place::Both | Place::Partly) => Ok(()),
    }
}

fn check_relation(
    used: &Name<'_>,
    names: &Names,
    scan: &Scan<'_>,
    places: &mut Places,
) -> Result<(), StatementError> {
    let schema = used.schema.as_deref();
    let name = match schema {
        Some("information_schema") => format!("information_schema.{}", used.name),
        _ => used.name.to_string(),
    };
    let is_built_in = match schema {
        None => relation(&name).is_some() || name.starts_with("pg_"),
        Some(schema) => matches!(schema, "pg_catalog" | "information_schema"),
    };
    if !is_built_in {
        places.compute = true;
        return Ok(());
    }
    let found = relation(&name)
        .filter(|relation| relation.kind.is_none_or(|kind| kind == names.kind()))
        .ok_or_else(|| StatementError::new("42P01", format!("relation \"{name}\" does not exist")))?;
    match found.place {
        Place::Leader => places.note_leader(format!("Relation \"{name}\" lies on the leader node.")),
        Place::Compute => places.compute = true,
        Place::Partly => {
            if let Some(column) = scan.mentions(&found.leader_columns) {
                places.note_leader(format!("Column \"{column}\" of \"{name}\" not supported."));
            }
        }
        Place::Both => {}
    }
    Ok(())
}

/// Where what a statement uses runs and lies.
#[derive(Debug, Default)]
struct Places {
    /// What only the leader node has, in the words of the INFO message that Redshift sends.
    leader: Option<String>,
    /// A relation on the compute nodes.
    compute: bool,
    /// A function that needs one.
    needs_compute: bool,
}

impl Places {
    fn note_leader(&mut self, what: String) {
        self.leader.get_or_insert(what);
    }

    fn check(self, found: &Scan<'_>) -> Result<(), StatementError> {
        // c_sql-functions-leader-node
        if let (true, Some(what)) = (self.compute, self.leader) {
            return Err(StatementError::new(
                "0A000",
                "Specified types or functions (one per INFO message) not supported on Amazon Redshift tables.",
            )
            .with_detail(what));
        }
        // c_SQL_functions_compute_node_only. An expression alone may yet become part of a query on a table.
        let is_query = found.tokens.iter().any(|token| token.is_word("select"));
        if self.needs_compute && !self.compute && is_query {
            return Err(StatementError::new(
                "0A000",
                "One or more of the used functions must be applied on at least one user created table.",
            ));
        }
        Ok(())
    }
}
