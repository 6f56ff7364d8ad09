//! Queries and changes of rows: SELECT, INSERT, UPDATE, DELETE, EXPLAIN, FETCH.

use super::cursor::Cursor;
use super::{Names, StatementError, Translation, expression, quote_identifier};
use crate::lexer::{Token, tokenize};

/// A SELECT or WITH.
pub fn select(tokens: &[Token<'_>], names: &Names) -> Result<Translation, StatementError> {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate() {
        if token.is_operator("(") {
            depth += 1;
        } else if token.is_operator(")") {
            depth = depth.saturating_sub(1);
        } else if depth == 0 && token.is_word("into") {
            return select_into(&tokens[..at], &tokens[at + 1..], names);
        }
    }
    expression::rewrite(tokens, names).map(Translation::of)
}

/// SELECT … INTO [ TEMPORARY | TEMP ] [ TABLE ] name … (`r_SELECT_INTO`): CREATE TABLE AS without attributes.
fn select_into(head: &[Token<'_>], tail: &[Token<'_>], names: &Names) -> Result<Translation, StatementError> {
    let mut cursor = Cursor::new(tail);
    let temporary = cursor.take_any_word(&["temporary", "temp"]).unwrap_or_default();
    cursor.take_word("table");
    let name = cursor.expect_qualified_name()?;
    let query: String = head.iter().chain(cursor.rest()).map(|token| token.text).collect();
    let sql = format!("CREATE {temporary} TABLE {name} AS {query}");
    super::create_table::translate(&tokenize(&sql)?, names)
}

/// INSERT, UPDATE, DELETE, whose FROM may be left out (`r_DELETE`).
pub fn change(tokens: &[Token<'_>], names: &Names) -> Result<Translation, StatementError> {
    let mut cursor = Cursor::new(tokens);
    if cursor.take_word("delete") && !cursor.at_word("from") {
        let rest: String = cursor.rest().iter().map(|token| token.text).collect();
        let sql = format!("DELETE FROM {rest}");
        return expression::rewrite(&tokenize(&sql)?, names).map(Translation::of);
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

/// FETCH and CLOSE of a cursor that a procedure has opened (`fetch`, `close`, `stored-procedure-result-set`).
pub fn cursor(tokens: &[Token<'_>]) -> Result<Translation, StatementError> {
    let mut cursor = Cursor::new(tokens);
    let verb = if cursor.take_word("close") {
        "CLOSE".to_owned()
    } else {
        cursor.expect_word("fetch")?;
        let forward = cursor.take_word("forward");
        let amount = if cursor.take_word("all") {
            "ALL"
        } else if forward && !cursor.at_word("from") {
            cursor.expect_number()?
        } else {
            cursor.take_word("next");
            "NEXT"
        };
        cursor.expect_word("from")?;
        format!("FETCH {amount} FROM")
    };
    let name = quote_identifier(&cursor.expect_identifier()?);
    cursor.expect_end()?;
    Ok(Translation::of(format!("{verb} {name}")))
}
