//! Queries and changes of rows: SELECT, INSERT, UPDATE, DELETE, EXPLAIN, CALL.

use super::cursor::Cursor;
use super::{Names, StatementError, Translation, expression};
use crate::lexer::{Token, tokenize};

/// A SELECT or WITH. SELECT INTO makes a table and is refused: CREATE TABLE AS says its attributes.
pub fn select(tokens: &[Token<'_>], names: &Names) -> Result<Translation, StatementError> {
    let mut depth = 0_usize;
    for token in tokens {
        if token.is_operator("(") {
            depth += 1;
        } else if token.is_operator(")") {
            depth = depth.saturating_sub(1);
        } else if depth == 0 && token.is_word("into") {
            return Err(StatementError::unsupported("SELECT INTO").with_hint("use CREATE TABLE AS"));
        }
    }
    expression::rewrite(tokens, names).map(Translation::of)
}

/// INSERT, UPDATE, DELETE. Redshift has neither RETURNING nor ON CONFLICT (`c_unsupported-postgresql-features`).
pub fn change(tokens: &[Token<'_>], names: &Names) -> Result<Translation, StatementError> {
    let mut cursor = Cursor::new(tokens);
    while let Some(token) = cursor.next() {
        let conflict = token.is_word("on") && cursor.at_word("conflict");
        if conflict || token.is_word("returning") || token.is_word("overriding") {
            return Err(StatementError::new("42601", format!("syntax error at or near \"{}\"", token.text)));
        }
    }
    expression::rewrite(tokens, names).map(Translation::of)
}

/// EXPLAIN of a query. The plan is PostgreSQL's.
pub fn explain(tokens: &[Token<'_>], names: &Names) -> Result<Translation, StatementError> {
    let mut cursor = Cursor::new(tokens);
    cursor.expect_word("explain")?;
    cursor.take_word("verbose");
    if !(cursor.at_word("select") || cursor.at_word("with")) {
        return Err(cursor.unexpected());
    }
    expression::rewrite(tokens, names).map(Translation::of)
}

/// CALL (`r_CALL_procedure`).
pub fn call(tokens: &[Token<'_>], names: &Names) -> Result<Translation, StatementError> {
    expression::rewrite(tokens, names).map(Translation::of)
}

/// The query of an UNLOAD, out of its literal.
pub fn unloaded(sql: &str, names: &Names) -> Result<String, StatementError> {
    let tokens = tokenize(sql).map_err(|error| StatementError::new("42601", error.to_string()))?;
    super::names::check(&tokens)?;
    let mut cursor = Cursor::new(&tokens);
    while cursor.take_operator("(") {}
    if !(cursor.at_word("select") || cursor.at_word("with")) {
        return Err(cursor.unexpected());
    }
    if tokens.iter().any(|token| token.is_operator(";")) {
        return Err(StatementError::new("42601", "syntax error at or near \";\": UNLOAD takes one query"));
    }
    Ok(select(&tokens, names)?.sql)
}
