//! The body of a stored procedure (`c_PLpgSQL-statements`) in PostgreSQL's words: the same text, with each SQL command in it
//! translated like a statement of its own. A command that cannot run inside a procedure here fails when it is reached, not
//! when the procedure is created: on Redshift, too, bodies are checked when they run.

use super::attributes::Attributes;
use super::cursor::Cursor;
use super::names::{self, quote_literal};
use super::{Action, Effect, Names, StatementError, Translation, declaration, dispatch, expression};
use crate::lexer::{Token, tokenize};
use crate::reference;

/// Longest source of a procedure (`stored-procedure-constraints`).
const MAX_SOURCE_BYTES: usize = 2 * 1024 * 1024;

/// First words of commands that are translated as statements.
const COMMANDS: [&str; 20] = [
    "alter", "analyze", "analyse", "attach", "comment", "copy", "create", "detach", "drop", "grant", "lock",
    "refresh", "reset", "revoke", "set", "show", "truncate", "unload", "vacuum", "cancel",
];

/// First words of changes of rows, each of which a NONATOMIC procedure commits.
const CHANGES: [&str; 4] = ["insert", "update", "delete", "merge"];

/// First words of statements that go on to their semicolon, whatever words stand in them.
const QUERIES: [&str; 9] =
    ["select", "with", "perform", "execute", "return", "raise", "call", "open", "fetch"];

/// The body for PostgreSQL.
pub fn rewrite(body: &str, nonatomic: bool, names: &Names) -> Result<String, StatementError> {
    if body.len() > MAX_SOURCE_BYTES {
        return Err(StatementError::new("54000", "the source of a procedure is limited to 2 MB"));
    }
    let tokens =
        tokenize(body).map_err(|error| StatementError::new("42601", format!("in the body: {error}")))?;
    names::check(&tokens)?;
    // What Redshift lacks is refused at the beginning of a run, too.
    let refusal = reference::check_expression(&tokens, names)
        .and_then(|()| declaration::check(&tokens))
        .err()
        .map(|error| format!(" {};", fail(&error)));
    let entry =
        format!(" PERFORM redshift_catalog.rs_check_nesting();{}", refusal.as_deref().unwrap_or_default());
    let mut text = String::with_capacity(body.len());
    // What stands before `written` is in `text`; `at_start` tells that a statement may begin here.
    let (mut written, mut at, mut at_start) = (0, 0, true);
    // The open blocks, conditions and loops; true for a block that handles errors.
    let mut open: Vec<bool> = Vec::new();
    while let Some(token) = tokens.get(at) {
        let after = &tokens[at + 1..];
        let begins = |words: &[&str]| at_start && words.iter().any(|word| token.is_word(word));
        let (is_command, is_change) = (begins(&COMMANDS), begins(&CHANGES));
        let is_assignment = at_start && Cursor::new(after).at_operator(":=");
        if is_command || is_change || is_assignment || begins(&QUERIES) {
            let length = tokens[at..].iter().position(|token| token.is_operator(";"));
            let end = length.map_or(tokens.len(), |length| at + length);
            if is_command {
                text += &expression::rewrite_in_procedure(&tokens[written..at], names)?;
                text += &command(&tokens[at..end], nonatomic, names);
                written = end;
            } else if is_change && nonatomic {
                text += &expression::rewrite_in_procedure(&tokens[written..end], names)?;
                text += "; COMMIT";
                written = end;
            }
            (at, at_start) = (end, false);
            continue;
        }
        at += 1;
        let mut insertion = "";
        if begins(&["begin", "if", "case"]) || token.is_word("loop") {
            if open.is_empty() {
                insertion = &entry;
            }
            open.push(false);
        } else if begins(&["exception"]) {
            at = tokens.len() - handler(after)?.len();
            open.last_mut().into_iter().for_each(|handles| *handles = !nonatomic);
            // stored-procedure-trapping-errors: the transaction is rolled back, what the handler does is committed, and
            // the error is raised again.
            insertion = if nonatomic { "" } else { " ROLLBACK;" };
        } else if begins(&["end"]) {
            let mut cursor = Cursor::new(after);
            if cursor.take_any_word(&["if", "loop", "case"]).is_some() {
                at = tokens.len() - cursor.rest().len();
            }
            if open.pop() == Some(true) {
                let before = tokens.len() - after.len() - 1;
                text += &expression::rewrite_in_procedure(&tokens[written..before], names)?;
                text += "COMMIT; RAISE; ";
                written = before;
            }
        }
        if !insertion.is_empty() {
            text += &expression::rewrite_in_procedure(&tokens[written..at], names)?;
            text += insertion;
            written = at;
        }
        if token.is_significant() {
            at_start = opens_statement(token) || begins(&["exception"]);
        }
    }
    text += &expression::rewrite_in_procedure(&tokens[written..], names)?;
    Ok(text)
}

/// Takes WHEN OTHERS THEN, the only condition there is, and gives what comes after it.
fn handler<'t, 'a>(after: &'t [Token<'a>]) -> Result<&'t [Token<'a>], StatementError> {
    let mut cursor = Cursor::new(after);
    if cursor.take_words(&["when", "others", "then"]) {
        Ok(cursor.rest())
    } else {
        Err(StatementError::syntax("the only condition of an exception block is OTHERS"))
    }
}

fn opens_statement(token: &Token<'_>) -> bool {
    [";", ">", ">>"].iter().any(|operator| token.is_operator(operator))
        || ["begin", "then", "else", "loop"].iter().any(|word| token.is_word(word))
}

/// One SQL command, without the semicolon behind it.
fn command(tokens: &[Token<'_>], nonatomic: bool, names: &Names) -> String {
    match dispatch(tokens, names) {
        Ok(Action::Run(translation)) if matches!(translation.effect, Effect::None | Effect::Commits) => {
            run(&translation, nonatomic)
        }
        // stored-procedure-constraints: what needs a transaction of its own. COPY and UNLOAD run on Redshift, not here.
        Ok(_) => {
            let word = tokens.iter().find(|token| token.is_significant()).map_or("", |token| token.text);
            fail(&StatementError::unsupported(format!("{} in a procedure", word.to_uppercase())))
        }
        Err(error) => fail(&error),
    }
}

fn run(translation: &Translation, nonatomic: bool) -> String {
    let (sql, attributes) = Attributes::split(&translation.sql);
    let mut statements = vec![sql.to_owned()];
    if let Some(attributes) = attributes {
        // The event triggers read the attributes here, since the message that runs is the CALL.
        let set = |value| format!("PERFORM pg_catalog.set_config('rs.attributes', '{value}', true)");
        statements = vec![set(attributes), sql.to_owned(), set("")];
    }
    statements.extend(translation.then.iter().map(|sql| match sql.strip_prefix("SELECT ") {
        Some(call) => format!("PERFORM {call}"),
        None => sql.clone(),
    }));
    if nonatomic || translation.effect == Effect::Commits {
        statements.push("COMMIT".to_owned());
    }
    statements.join("; ")
}

fn fail(error: &StatementError) -> String {
    format!(
        "RAISE EXCEPTION USING MESSAGE = {}, ERRCODE = {}",
        quote_literal(&error.message),
        quote_literal(&error.sqlstate)
    )
}
