//! DROP TABLE, VIEW, MATERIALIZED VIEW and SCHEMA (`r_DROP_TABLE` and its like).

use super::cursor::Cursor;
use super::{StatementError, Translation};
use crate::lexer::Token;

/// DROP kind [ IF EXISTS ] name [, …] [ CASCADE | RESTRICT ]. A materialized view is dropped alone
/// (`materialized-view-drop-sql-command`).
pub fn translate(tokens: &[Token<'_>]) -> Result<Translation, StatementError> {
    let mut cursor = Cursor::new(tokens);
    cursor.expect_word("drop")?;
    let kind = if cursor.take_word("table") {
        "TABLE"
    } else if cursor.take_word("view") {
        "VIEW"
    } else if cursor.take_words(&["materialized", "view"]) {
        "MATERIALIZED VIEW"
    } else if cursor.take_word("schema") {
        "SCHEMA"
    } else {
        let word = cursor.take_keyword().unwrap_or_default().to_uppercase();
        return Err(StatementError::unsupported(format!("DROP {word}")));
    };
    let if_exists = if cursor.take_words(&["if", "exists"]) { "IF EXISTS " } else { "" };
    let mut names = vec![cursor.expect_qualified_name()?];
    while kind != "MATERIALIZED VIEW" && cursor.take_operator(",") {
        names.push(cursor.expect_qualified_name()?);
    }
    if kind == "SCHEMA" {
        // There is no external database here.
        cursor.take_words(&["drop", "external", "database"]);
    }
    let behaviour = cursor.take_any_word(&["cascade", "restrict"]).unwrap_or_default();
    cursor.expect_end()?;
    Ok(Translation::of(format!("DROP {kind} {if_exists}{} {behaviour}", names.join(", ")).trim_end()))
}
