//! BEGIN, COMMIT, ROLLBACK and their other names (`r_BEGIN`, `r_COMMIT`, `r_ROLLBACK`).

use super::cursor::Cursor;
use super::{Effect, StatementError, Translation};
use crate::lexer::Token;

/// Isolation levels may be named, but have no effect (`r_BEGIN`). There are no savepoints.
pub fn translate(tokens: &[Token<'_>]) -> Result<Translation, StatementError> {
    let mut cursor = Cursor::new(tokens);
    let word = cursor.take_keyword().unwrap_or_default();
    let (sql, effect) = match word.as_str() {
        "begin" => {
            cursor.take_any_word(&["work", "transaction"]);
            modes(&mut cursor)?;
            ("BEGIN", Effect::Begins)
        }
        "start" => {
            cursor.expect_word("transaction")?;
            modes(&mut cursor)?;
            ("BEGIN", Effect::Begins)
        }
        "commit" | "end" => {
            cursor.take_any_word(&["work", "transaction"]);
            ("COMMIT", Effect::Ends { commits: true })
        }
        _ => {
            cursor.take_any_word(&["work", "transaction"]);
            ("ROLLBACK", Effect::Ends { commits: false })
        }
    };
    cursor.expect_end()?;
    Ok(Translation::of(sql).with_effect(effect))
}

fn modes(cursor: &mut Cursor<'_, '_>) -> Result<(), StatementError> {
    loop {
        if cursor.take_words(&["isolation", "level"]) {
            let known: [&[&str]; 5] = [
                &["serializable"],
                &["snapshot"],
                &["read", "committed"],
                &["read", "uncommitted"],
                &["repeatable", "read"],
            ];
            if !known.iter().any(|words| cursor.take_words(words)) {
                return Err(cursor.unexpected());
            }
        } else if cursor.take_words(&["read", "only"]) {
            return Err(StatementError::unsupported("BEGIN READ ONLY"));
        } else if !cursor.take_words(&["read", "write"]) {
            return Ok(());
        }
        cursor.take_operator(",");
    }
}
