//! What Redshift has, as data (`reference/*.tsv`), and the check that a statement uses nothing else.
//!
//! The tables name the AWS page of every function, relation and statement. A statement is judged by its tokens: the
//! functions it calls, the relations it reads, the types it casts to ([`scan`]). What a name means beyond that is left to
//! PostgreSQL.

mod alias;
mod expression;
mod scan;
mod statement;
mod table;
mod window;

pub(crate) use expression::check as check_expression;
pub(crate) use statement::{Block, statement};
pub use table::{Column, columns};

use crate::lexer::Token;
use crate::options::Kind;
use crate::split::statements;
use crate::statement::{Cursor, Names, StatementError, translate};
use table::{function, relation};

/// Checks statements, separated by semicolons, against the tables, and gives their number: each is one of Redshift's, with
/// clauses that this program knows; every function in it is in the table or created before, every relation is one of this kind of warehouse
/// or a user's; nothing of the leader node's meets anything of the compute nodes'.
pub fn check(script: &str, kind: Kind) -> Result<usize, StatementError> {
    let mut names = Names::of_reference(kind);
    let statements = statements(script)?;
    for statement in &statements {
        if let Some(function) = created_function(&statement.tokens) {
            names = names.with_users(&function);
        }
        translate(statement.text, &names, true)?;
    }
    Ok(statements.len())
}

/// The function that a statement creates.
fn created_function(tokens: &[Token<'_>]) -> Option<String> {
    let mut cursor = Cursor::new(tokens);
    let creates = cursor.take_words(&["create", "function"])
        || cursor.take_words(&["create", "or", "replace", "function"]);
    let mut name = cursor.expect_identifier().ok().filter(|_| creates)?;
    while cursor.take_operator(".") {
        name = cursor.expect_identifier().ok()?;
    }
    Some(name)
}

/// What PostgreSQL says it lacks in the statement `sql`, in words of this program's if Redshift has it.
pub(crate) fn missing(message: &str, names: &Names, sql: &str) -> Option<String> {
    if let Some(column) = message.strip_prefix("column \"") {
        let name = column.split('"').next().filter(|name| alias::is_used(sql, name))?;
        return Some(format!("redshift-local: the alias {name} in its own select list is not supported"));
    }
    let (what, name) = if let Some(signature) = message.strip_prefix("function ") {
        let name = signature.split('(').next()?.rsplit('.').next()?;
        function(name).filter(|_| !names.has(name)).map(|_| ("function", name))?
    } else {
        let name = message.strip_prefix("relation \"")?.split('"').next()?;
        relation(name).filter(|_| !names.has(name)).map(|_| ("relation", name))?
    };
    Some(format!("redshift-local: {what} {name} is not supported"))
}

#[cfg(test)]
mod tests;
