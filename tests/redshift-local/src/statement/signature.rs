//! The arguments of functions and procedures, wherever a statement names them.

use std::fmt;

use super::cursor::Cursor;
use super::names::quote_identifier;
use super::{StatementError, data_type};
use crate::lexer::Token;

/// How an argument passes values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Into the routine, the default.
    In,
    /// Out of it.
    Out,
    /// Both ways.
    InOut,
}

/// One argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    /// How it passes values.
    pub mode: Mode,
    /// Its name, quoted, if it has one.
    pub name: Option<String>,
    /// Its type for PostgreSQL.
    pub sql_type: String,
}

impl fmt::Display for Argument {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self.mode {
            Mode::In => "",
            Mode::Out => "OUT ",
            Mode::InOut => "INOUT ",
        })?;
        if let Some(name) = &self.name {
            write!(formatter, "{name} ")?;
        }
        formatter.write_str(&self.sql_type)
    }
}

/// Takes a routine's name and arguments, and gives them for PostgreSQL.
pub fn expect_signature(cursor: &mut Cursor<'_, '_>) -> Result<String, StatementError> {
    let name = cursor.expect_qualified_name()?;
    let arguments: Vec<_> = expect_arguments(cursor)?.iter().map(Argument::to_string).collect();
    Ok(format!("{name}({})", arguments.join(", ")))
}

/// Takes arguments in parentheses.
pub fn expect_arguments(cursor: &mut Cursor<'_, '_>) -> Result<Vec<Argument>, StatementError> {
    let arguments = cursor.expect_list()?;
    match arguments.as_slice() {
        [only] if only.iter().all(|token| !token.is_significant()) => Ok(Vec::new()),
        arguments => arguments.iter().map(|tokens| argument(tokens)).collect(),
    }
}

/// Takes a type: besides a column's those that only arguments have.
pub fn expect_type(cursor: &mut Cursor<'_, '_>) -> Result<String, StatementError> {
    match cursor.take_any_word(&["anyelement", "refcursor"]) {
        Some(own) => Ok(own.to_owned()),
        None => data_type::expect(cursor),
    }
}

/// [ name ] [ IN | OUT | INOUT ] type, in either order of name and mode.
fn argument(tokens: &[Token<'_>]) -> Result<Argument, StatementError> {
    let mut cursor = Cursor::new(tokens);
    let before = take_mode(&mut cursor);
    if let Some(sql_type) = whole_type(&cursor) {
        return Ok(Argument { mode: before.unwrap_or(Mode::In), name: None, sql_type });
    }
    let name = Some(quote_identifier(&cursor.expect_identifier()?));
    let mode = before.or_else(|| take_mode(&mut cursor)).unwrap_or(Mode::In);
    let sql_type = expect_type(&mut cursor)?;
    cursor.expect_end()?;
    Ok(Argument { mode, name, sql_type })
}

fn take_mode(cursor: &mut Cursor<'_, '_>) -> Option<Mode> {
    cursor.take_any_word(&["inout", "in", "out"]).map(|word| match word {
        "inout" => Mode::InOut,
        "out" => Mode::Out,
        _ => Mode::In,
    })
}

/// The type, if the rest is one and nothing else.
fn whole_type(cursor: &Cursor<'_, '_>) -> Option<String> {
    let mut ahead = cursor.clone();
    let sql_type = expect_type(&mut ahead).ok()?;
    ahead.expect_end().ok().map(|()| sql_type)
}
