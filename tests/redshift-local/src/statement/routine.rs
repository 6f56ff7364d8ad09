//! CREATE, ALTER and DROP of functions and procedures (`r_CREATE_FUNCTION`, `r_CREATE_PROCEDURE` and their like): SQL
//! functions and plpgsql procedures so far. A body that PostgreSQL needs in other words is kept as it was written
//! for the catalog, too.

use super::attributes::Attributes;
use super::cursor::Cursor;
use super::names::{self, quote_identifier, quote_literal};
use super::{Names, StatementError, Translation, data_type, expression};
use crate::lexer::{Token, tokenize};

/// CREATE [ OR REPLACE ] { FUNCTION | PROCEDURE }.
pub fn create(tokens: &[Token<'_>], names: &Names) -> Result<Translation, StatementError> {
    let mut cursor = Cursor::new(tokens);
    cursor.expect_word("create")?;
    let or_replace = if cursor.take_words(&["or", "replace"]) { "OR REPLACE " } else { "" };
    let kind = expect_kind(&mut cursor)?;
    let signature = expect_signature(&mut cursor)?;
    let mut sql = format!("CREATE {or_replace}{kind} {signature}");
    let mut language = None;
    let mut attributes = Attributes::default();
    while cursor.peek().is_some() {
        if kind == "FUNCTION" && cursor.take_word("returns") {
            sql += &format!(" RETURNS {}", data_type::expect(&mut cursor)?);
        } else if let Some(word) = cursor.take_any_word(&["volatile", "stable", "immutable"]) {
            sql += &format!(" {word}");
        } else if cursor.take_word("as") {
            let Some(body) = cursor.peek().and_then(Token::string_value) else {
                return Err(cursor.unexpected());
            };
            cursor.next();
            let rewritten = rewrite_body(&body, names)?;
            sql += &format!(" AS {}", quote_literal(&rewritten));
            attributes.source = (rewritten != body).then(|| body.into_owned());
        } else if cursor.take_word("language") {
            language = Some(cursor.expect_identifier()?);
        } else if cursor.take_words(&["security", "definer"]) {
            sql += " SECURITY DEFINER";
        } else if cursor.take_words(&["security", "invoker"]) {
            sql += " SECURITY INVOKER";
        } else if cursor.at_word("nonatomic") || cursor.at_word("set") {
            let word = cursor.take_keyword().unwrap_or_default().to_uppercase();
            return Err(StatementError::unsupported(format!("{word} in CREATE {kind}")));
        } else {
            return Err(cursor.unexpected());
        }
    }
    match (kind, language.as_deref()) {
        ("FUNCTION", Some("sql")) | ("PROCEDURE", Some("plpgsql")) => {}
        (_, Some(language)) => {
            return Err(StatementError::unsupported(format!(
                "language {language} for a {}",
                kind.to_lowercase()
            )));
        }
        (_, None) => return Err(StatementError::new("42601", "no language specified")),
    }
    let sql = format!("{sql} LANGUAGE {}", language.unwrap_or_default());
    Ok(Translation::of(if attributes == Attributes::default() { sql } else { attributes.behind(&sql) }))
}

/// The body in PostgreSQL's words.
fn rewrite_body(body: &str, names: &Names) -> Result<String, StatementError> {
    let tokens =
        tokenize(body).map_err(|error| StatementError::new("42601", format!("in the body: {error}")))?;
    names::check(&tokens)?;
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
    let name = quote_identifier(&cursor.expect_identifier()?);
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

/// Takes a routine's name and arguments, and gives them for PostgreSQL.
pub fn expect_signature(cursor: &mut Cursor<'_, '_>) -> Result<String, StatementError> {
    let name = cursor.expect_qualified_name()?;
    let arguments = cursor.expect_list()?;
    let only_blank = arguments.len() == 1 && arguments[0].iter().all(|token| !token.is_significant());
    if only_blank {
        return Ok(format!("{name}()"));
    }
    let arguments: Result<Vec<_>, _> = arguments.into_iter().map(argument).collect();
    Ok(format!("{name}({})", arguments?.join(", ")))
}

/// [ name ] [ IN | OUT | INOUT ] type, in either order of name and mode.
fn argument(tokens: &[Token<'_>]) -> Result<String, StatementError> {
    let mut cursor = Cursor::new(tokens);
    let mut mode = take_mode(&mut cursor);
    if let Some(sql_type) = whole_type(&cursor) {
        return Ok(format!("{mode}{sql_type}"));
    }
    let name = quote_identifier(&cursor.expect_identifier()?);
    if mode.is_empty() {
        mode = take_mode(&mut cursor);
    }
    let sql_type = data_type::expect(&mut cursor)?;
    cursor.expect_end()?;
    Ok(format!("{mode}{name} {sql_type}"))
}

fn take_mode(cursor: &mut Cursor<'_, '_>) -> &'static str {
    match cursor.take_any_word(&["inout", "in", "out"]) {
        Some("inout") => "INOUT ",
        Some("out") => "OUT ",
        _ => "",
    }
}

/// The type, if the rest is one and nothing else.
fn whole_type(cursor: &Cursor<'_, '_>) -> Option<String> {
    let mut ahead = cursor.clone();
    let sql_type = data_type::expect(&mut ahead).ok()?;
    ahead.expect_end().ok().map(|()| sql_type)
}
