//! Redshift's statements: which there are, and what each becomes for PostgreSQL.
//!
//! [`translate`] goes by a statement's leading words. One kind of statement has one module, named like it; a statement
//! that none of them knows is refused.

#![allow(
    clippy::format_push_string,
    reason = "SQL grows clause by clause; write! would add a Result that cannot fail to each"
)]

mod alter_table;
mod assume_role;
mod attributes;
pub mod call;
mod clauses;
mod column;
mod comment;
pub mod copy;
mod create_table;
mod cursor;
pub mod data_type;
mod database;
mod declaration;
mod default_privileges;
mod drop_object;
mod error;
mod expression;
mod external_schema;
mod fold;
mod foreign_key;
mod grant;
mod grant_role;
mod group;
mod guard;
mod library;
mod maintenance;
mod materialized_view;
mod names;
mod navigation;
mod password;
mod policy;
mod principal;
mod privilege;
mod procedure_body;
mod query;
mod role;
mod routine;
mod schema;
mod set_parameter;
mod show;
mod signature;
mod table_attributes;
mod transaction;
mod transfer_options;
mod translation;
pub mod unload;
mod user;
mod view;

pub use call::Call;
pub use copy::{Copy, CopyFormat, CsvInput};
pub use cursor::Cursor;
pub use error::StatementError;
pub use fold::fold;
pub use guard::Reads;
pub use names::{Names, quote_identifier, quote_literal};
pub use set_parameter::{CASE_SENSITIVE_SETTING, REDSHIFT_PARAMETERS};
pub use transfer_options::{Compression, Location, Role};
pub use translation::{Action, Effect, Translation};
pub use unload::{CsvOutput, Encryption, Existing, ManifestDetail, Unload, UnloadFormat};

use crate::lexer::{Token, tokenize};
use crate::reference::{self, Block};

/// Longest statement (Management Guide, amazon-redshift-limits).
const MAX_STATEMENT_BYTES: usize = 16 * 1024 * 1024;

/// What is to be done for one statement.
///
/// `case_sensitive` is the session's `enable_case_sensitive_identifier`. Fails for a statement that is not recognised,
/// not supported, or wrong.
pub fn translate(sql: &str, names: &Names, case_sensitive: bool) -> Result<Action, StatementError> {
    if sql.len() > MAX_STATEMENT_BYTES {
        return Err(StatementError::new("54000", "statement is too large: it is limited to 16 MB"));
    }
    let tokens = tokenize(sql)?;
    let folded = if case_sensitive { None } else { fold(&tokens) };
    let tokens = match &folded {
        Some(folded) => tokenize(folded)?,
        None => tokens,
    };
    names::check(&tokens)?;
    attributes::check(&tokens)?;
    let mut action = dispatch(&tokens, names)?;
    if let Action::Unload(unload) = &mut action {
        // The query inside is a statement like any other, of which there is only its SQL to be kept.
        unload.query = match translate(&unload.query, names, case_sensitive)? {
            Action::Run(select) => select.sql,
            _ => return Err(StatementError::new("42601", "UNLOAD takes a SELECT")),
        };
    }
    Ok(action)
}

/// What is to be done for a statement, with what its row in `reference/statements.tsv` means for the session.
fn dispatch(tokens: &[Token<'_>], names: &Names) -> Result<Action, StatementError> {
    let Some(statement) = reference::statement(tokens) else { return Err(Cursor::new(tokens).unexpected()) };
    if statement.block == Block::Unsupported {
        return Err(StatementError::new("0A000", format!("{} is not supported", statement.name))
            .with_hint(format!("redshift-local: see {} in AWS's guide", statement.page)));
    }
    let mut action = read(tokens, names)?;
    if let Action::Run(translation) = &mut action {
        translation.name = &statement.name;
        match statement.block {
            Block::Alone => translation.effect = Effect::Alone,
            Block::Commits => translation.effect = Effect::Commits,
            Block::Any | Block::Single | Block::Unsupported => {}
        }
    }
    Ok(action)
}

fn read(tokens: &[Token<'_>], names: &Names) -> Result<Action, StatementError> {
    let leading = Leading::of(tokens);
    let run = |translation: Result<Translation, StatementError>| translation.map(Action::Run);
    match leading.words() {
        ["select" | "with", ..] => run(query::select(tokens, names)),
        ["insert", "into", ..] | ["update" | "delete", ..] => run(query::change(tokens, names)),
        ["explain", ..] => run(query::explain(tokens, names)),
        ["call", ..] => call::parse(tokens, names).map(Action::Call),
        ["fetch" | "close", ..] => run(query::cursor(tokens)),
        ["begin" | "start" | "commit" | "end" | "rollback" | "abort", ..] => {
            run(transaction::translate(tokens))
        }
        ["set", ..] => run(set_parameter::set(tokens)),
        ["reset", ..] => run(set_parameter::reset(tokens)),
        ["show", ..] => run(show::translate(tokens)),
        ["create", kind @ ..] => create(&kind, tokens, names),
        ["alter", "table", ..] | ["alter", "materialized", "view", ..] => {
            run(alter_table::translate(tokens, names))
        }
        ["alter", "database", ..] => run(database::alter(tokens)),
        ["alter", "default", ..] => run(default_privileges::translate(tokens)),
        ["alter", "user", ..] => run(user::alter(tokens)),
        ["alter", "group", ..] => run(group::alter(tokens)),
        ["alter", "role", ..] => run(role::alter(tokens)),
        ["alter", "schema", ..] => run(schema::alter(tokens)),
        ["alter", "function" | "procedure", ..] => run(routine::alter(tokens)),
        ["alter", "rls" | "masking", "policy", ..] => run(policy::alter(tokens, names)),
        ["drop", "rls" | "masking", "policy", ..] => run(policy::drop(tokens)),
        ["attach" | "detach", ..] => run(policy::attach(tokens)),
        ["drop", "user", ..] => run(user::drop(tokens)),
        ["drop", "group", ..] => run(group::drop(tokens)),
        ["drop", "role", ..] => run(role::drop(tokens)),
        ["drop", "function" | "procedure", ..] => run(routine::drop(tokens)),
        ["drop", "library", ..] => run(library::drop(tokens)),
        ["drop", ..] => run(drop_object::translate(tokens)),
        ["grant" | "revoke", ..] => run(grant::translate(tokens)),
        ["refresh", ..] => run(materialized_view::refresh(tokens)),
        ["truncate", ..] => run(maintenance::truncate(tokens)),
        ["analyze" | "analyse", ..] => run(maintenance::analyze(tokens)),
        ["vacuum", ..] => run(maintenance::vacuum(tokens)),
        ["lock", ..] => run(maintenance::lock(tokens)),
        ["comment", "on", ..] => run(comment::translate(tokens)),
        ["unload", ..] => Ok(Action::Unload(unload::parse(tokens)?)),
        ["copy", ..] => Ok(Action::Copy(copy::parse(tokens)?)),
        _ => Err(unread(tokens)),
    }
}

fn create(kind: &[&str], tokens: &[Token<'_>], names: &Names) -> Result<Action, StatementError> {
    let translation = match kind {
        ["table", ..]
        | ["temp" | "temporary", "table", ..]
        | ["local", "temp" | "temporary", "table", ..] => create_table::translate(tokens, names),
        ["user", ..] => user::create(tokens),
        ["group", ..] => group::create(tokens),
        ["role", ..] => role::create(tokens),
        ["schema", ..] => schema::create(tokens),
        ["external", "schema", ..] => external_schema::create(tokens),
        ["rls" | "masking", "policy", ..] => policy::create(tokens, names),
        ["view", ..] | ["or", "replace", "view", ..] => view::create(tokens, names),
        ["materialized", "view", ..] => materialized_view::create(tokens, names),
        ["function" | "procedure" | "external", ..]
        | ["or", "replace", "function" | "procedure" | "external", ..] => routine::create(tokens, names),
        ["library", ..] | ["or", "replace", "library", ..] => library::create(tokens),
        _ => return Err(unread(tokens)),
    };
    translation.map(Action::Run)
}

/// The words a statement begins with, in lower case.
struct Leading(Vec<String>);

/// No statement needs more words than this to be told from all others.
const LEADING_WORDS: usize = 4;

impl Leading {
    fn of(tokens: &[Token<'_>]) -> Self {
        let mut cursor = Cursor::new(tokens);
        let mut words = Vec::new();
        // A query may stand in parentheses.
        while cursor.take_operator("(") {}
        while words.len() < LEADING_WORDS
            && let Some(word) = cursor.take_keyword()
        {
            words.push(word);
        }
        Self(words)
    }

    fn words(&self) -> [&str; LEADING_WORDS] {
        std::array::from_fn(|at| self.0.get(at).map_or("", String::as_str))
    }
}

/// The refusal of a statement that Redshift has and this program has not.
fn unread(tokens: &[Token<'_>]) -> StatementError {
    match reference::statement(tokens) {
        Some(statement) => StatementError::unsupported(&statement.name),
        None => Cursor::new(tokens).unexpected(),
    }
}

#[cfg(test)]
mod tests;
