//! CREATE, ALTER and DROP of functions and procedures (`r_CREATE_FUNCTION`, `r_CREATE_EXTERNAL_FUNCTION`,
//! `r_CREATE_PROCEDURE` and their like). A body that PostgreSQL needs in other words is kept as it was written for the
//! catalog, too. Python and Lambda functions are kept and listed; they run nowhere but on Redshift.

use super::attributes::{Attributes, RoutineAttributes};
use super::cursor::Cursor;
use super::names::{self, quote_literal};
use super::principal::expect_owner_or_name;
use super::signature::{Argument, Mode, expect_arguments, expect_signature, expect_type};
use super::{Effect, Names, StatementError, Translation, expression, procedure_body, set_parameter};
use crate::lexer::{Token, tokenize};

/// Most arguments of a function, most input and most output arguments of a procedure.
const MAX_ARGUMENTS: usize = 32;

/// The types of a Python function's arguments and value (`udf-data-types`), as PostgreSQL begins them.
const PYTHON_TYPES: [&str; 12] = [
    "smallint",
    "integer",
    "bigint",
    "numeric",
    "real",
    "double",
    "boolean",
    "char",
    "varchar",
    "date",
    "timestamp",
    "anyelement",
];

/// What Redshift alone can run, in plpgsql.
const STUB: &str = "BEGIN RAISE EXCEPTION 'redshift-local: running this function is not supported' \
                    USING ERRCODE = '0A000'; END";

/// The clauses behind a routine's arguments.
#[derive(Default)]
struct Clauses {
    returns: Option<String>,
    volatility: Option<&'static str>,
    body: Option<String>,
    language: Option<String>,
    security: Option<&'static str>,
    nonatomic: bool,
    setting: Option<String>,
}

/// CREATE [ OR REPLACE ] { [ EXTERNAL ] FUNCTION | PROCEDURE }.
pub fn create(tokens: &[Token<'_>], names: &Names) -> Result<Translation, StatementError> {
    let mut cursor = Cursor::new(tokens);
    cursor.expect_word("create")?;
    let or_replace = if cursor.take_words(&["or", "replace"]) { "OR REPLACE " } else { "" };
    let external = cursor.take_word("external");
    let kind = expect_kind(&mut cursor)?;
    let name = cursor.expect_qualified_name()?;
    let arguments = expect_arguments(&mut cursor)?;
    let clauses = if external { external_clauses(&mut cursor)? } else { clauses(&mut cursor, kind)? };
    check(kind, &arguments, &clauses)?;
    let Clauses { returns, volatility, body, language, security, nonatomic, setting } = clauses;
    let (language, body) = (language.unwrap_or_default(), body.unwrap_or_default());
    let rewritten = match language.as_str() {
        "sql" => sql_body(&body, names)?,
        "plpgsql" => procedure_body::rewrite(&body, nonatomic, names)?,
        _ => STUB.to_owned(),
    };
    let arguments: Vec<_> = arguments.iter().map(Argument::to_string).collect();
    let mut sql = format!("CREATE {or_replace}{kind} {name}({})", arguments.join(", "));
    sql += &returns.map(|returns| format!(" RETURNS {returns}")).unwrap_or_default();
    for clause in [volatility, security, setting.as_deref()].into_iter().flatten() {
        sql += &format!(" {clause}");
    }
    sql += &format!(" AS {} LANGUAGE {language}", quote_literal(&rewritten));
    let source = (rewritten != body).then_some(body);
    let attributes = Attributes {
        routine: (nonatomic || source.is_some()).then_some(RoutineAttributes { source, nonatomic }),
        ..Attributes::default()
    };
    Ok(Translation::of(if attributes.routine.is_some() { attributes.behind(&sql) } else { sql }))
}

fn clauses(cursor: &mut Cursor<'_, '_>, kind: &str) -> Result<Clauses, StatementError> {
    let mut found = Clauses::default();
    let function = kind == "FUNCTION";
    while cursor.peek().is_some() {
        if function && cursor.take_word("returns") {
            found.returns = Some(expect_type(cursor)?);
        } else if cursor.take_word("as") {
            let body = cursor.next().and_then(Token::string_value);
            found.body = Some(body.ok_or_else(|| StatementError::syntax("a body is quoted"))?.into_owned());
        } else if cursor.take_word("language") {
            found.language = Some(cursor.expect_identifier()?);
        } else if function {
            let volatility = cursor.take_any_word(&["volatile", "stable", "immutable"]);
            found.volatility = Some(volatility.ok_or_else(|| cursor.unexpected())?);
        } else if cursor.take_words(&["security", "definer"]) {
            found.security = Some("SECURITY DEFINER");
        } else if cursor.take_words(&["security", "invoker"]) {
            found.security = Some("SECURITY INVOKER");
        } else if cursor.take_word("set") {
            let assignment = set_parameter::assignment(cursor)?;
            if assignment.effect != Effect::None {
                return Err(StatementError::unsupported("this SET in CREATE PROCEDURE"));
            }
            found.setting = Some(format!("SET {}", assignment.sql));
        } else if cursor.take_word("nonatomic") {
            found.nonatomic = true;
        } else {
            return Err(cursor.unexpected());
        }
    }
    Ok(found)
}

/// The clauses of a Lambda function; those behind VOLATILE are its source.
fn external_clauses(cursor: &mut Cursor<'_, '_>) -> Result<Clauses, StatementError> {
    cursor.expect_word("returns")?;
    let returns = Some(expect_type(cursor)?);
    cursor.expect_word("volatile")?;
    let source: String = cursor.rest().iter().map(|token| token.text).collect();
    if cursor.at_word("sagemaker") {
        return Err(StatementError::unsupported("CREATE EXTERNAL FUNCTION … SAGEMAKER"));
    }
    cursor.expect_word("lambda")?;
    cursor.expect_string()?;
    cursor.expect_word("iam_role")?;
    if !cursor.take_word("default") {
        cursor.expect_string()?;
    }
    while let Some(option) = cursor.take_any_word(&["retry_timeout", "max_batch_rows", "max_batch_size"]) {
        cursor.expect_number()?;
        if option == "max_batch_size" {
            cursor.take_any_word(&["kb", "mb"]);
        }
    }
    cursor.expect_end()?;
    Ok(Clauses {
        returns,
        volatility: Some("volatile"),
        body: Some(source.trim().to_owned()),
        language: Some("exfunc".to_owned()),
        ..Clauses::default()
    })
}

/// What a kind of routine and a language take.
fn check(kind: &str, arguments: &[Argument], clauses: &Clauses) -> Result<(), StatementError> {
    let refuse = |what: &str| Err(StatementError::syntax(what));
    let count = |mode| arguments.iter().filter(|argument| argument.mode != mode).count();
    if count(Mode::Out).max(count(Mode::In)) > MAX_ARGUMENTS {
        let message = format!("a {} cannot have more than {MAX_ARGUMENTS} arguments", kind.to_lowercase());
        return Err(StatementError::new("54023", message));
    }
    let types = arguments.iter().map(|argument| argument.sql_type.as_str()).chain(clauses.returns.as_deref());
    let any = |name: &str| types.clone().any(|found| found == name);
    match (kind, clauses.language.as_deref()) {
        (_, None) => return Err(StatementError::new("42601", "no language specified")),
        (_, Some(_)) if clauses.body.is_none() => return refuse("a routine has a body"),
        ("PROCEDURE", Some("plpgsql")) => {
            if any("anyelement") {
                return refuse("ANYELEMENT belongs to Python functions");
            }
            // r_CREATE_PROCEDURE: neither option is supported in NONATOMIC mode.
            if clauses.nonatomic
                && (clauses.setting.is_some() || clauses.security == Some("SECURITY DEFINER"))
            {
                return refuse("a NONATOMIC procedure takes neither SECURITY DEFINER nor SET");
            }
            return Ok(());
        }
        ("FUNCTION", Some("plpythonu")) => {
            let fits = |name: &str| PYTHON_TYPES.iter().any(|known| name.starts_with(known));
            if !types.clone().all(fits) || any("timestamptz") || any("timestamp with time zone") {
                return refuse("a Python function does not take this type");
            }
            if arguments.iter().any(|argument| argument.name.is_none()) {
                return refuse("a Python function's arguments have names");
            }
        }
        // create-user-defined-functions: types without names.
        ("FUNCTION", Some("sql" | "exfunc")) => {
            if any("anyelement") || arguments.iter().any(|argument| argument.name.is_some()) {
                return refuse("this function takes a list of data types, without names and ANYELEMENT");
            }
        }
        (_, Some(language)) => {
            let message = format!("language {language} for a {}", kind.to_lowercase());
            return Err(StatementError::unsupported(message));
        }
    }
    if clauses.returns.is_none() || clauses.volatility.is_none() {
        return refuse("a function has RETURNS and one of VOLATILE, STABLE and IMMUTABLE");
    }
    if any("refcursor") || arguments.iter().any(|argument| argument.mode != Mode::In) {
        return refuse("OUT, INOUT and refcursor belong to procedures");
    }
    Ok(())
}

/// The clauses that the SELECT of a SQL function cannot have (`r_CREATE_FUNCTION`).
const NO_CLAUSES: [&str; 6] = ["from", "into", "where", "group", "order", "limit"];

/// The body of a SQL function in PostgreSQL's words: one SELECT of an expression.
fn sql_body(body: &str, names: &Names) -> Result<String, StatementError> {
    let tokens =
        tokenize(body).map_err(|error| StatementError::new("42601", format!("in the body: {error}")))?;
    names::check(&tokens)?;
    let mut cursor = Cursor::new(&tokens);
    cursor.expect_word("select")?;
    // Whether each open parenthesis encloses a query: FROM within EXTRACT and its like is none of a SELECT.
    let mut queries = vec![true];
    while let Some(token) = cursor.next() {
        if token.is_operator("(") {
            queries.push(cursor.at_word("select"));
        } else if token.is_operator(")") {
            queries.pop();
        } else if token.is_operator(";") {
            cursor.expect_end()?;
        } else if queries.last() == Some(&true) && NO_CLAUSES.iter().any(|word| token.is_word(word)) {
            let word = token.text.to_uppercase();
            return Err(StatementError::syntax(format!("the SELECT of a SQL function takes no {word}")));
        }
    }
    expression::rewrite(&tokens, names)
}

/// ALTER { FUNCTION | PROCEDURE } signature { OWNER | RENAME } TO name.
pub fn alter(tokens: &[Token<'_>]) -> Result<Translation, StatementError> {
    let mut cursor = Cursor::new(tokens);
    cursor.expect_word("alter")?;
    let kind = expect_kind(&mut cursor)?;
    let signature = expect_signature(&mut cursor)?;
    let Some(change) = cursor.take_any_word(&["owner", "rename"]) else { return Err(cursor.unexpected()) };
    cursor.expect_word("to")?;
    let name = expect_owner_or_name(&mut cursor, change)?;
    cursor.expect_end()?;
    Ok(Translation::of(format!("ALTER {kind} {signature} {change} TO {name}")))
}

/// DROP FUNCTION signature [ CASCADE | RESTRICT ], DROP PROCEDURE signature.
pub fn drop(tokens: &[Token<'_>]) -> Result<Translation, StatementError> {
    let mut cursor = Cursor::new(tokens);
    cursor.expect_word("drop")?;
    let kind = expect_kind(&mut cursor)?;
    let if_exists = if cursor.take_words(&["if", "exists"]) { "IF EXISTS " } else { "" };
    let signature = expect_signature(&mut cursor)?;
    let behaviour = cursor.take_any_word(&["cascade", "restrict"]).unwrap_or_default();
    cursor.expect_end()?;
    Ok(Translation::of(format!("DROP {kind} {if_exists}{signature} {behaviour}").trim_end()))
}

fn expect_kind(cursor: &mut Cursor<'_, '_>) -> Result<&'static str, StatementError> {
    match cursor.take_any_word(&["function", "procedure"]) {
        Some("function") => Ok("FUNCTION"),
        Some(_) => Ok("PROCEDURE"),
        None => Err(cursor.unexpected()),
    }
}
