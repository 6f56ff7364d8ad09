//! ALTER DATABASE (`r_ALTER_DATABASE`): its owner.

use super::cursor::Cursor;
use super::names::quote_identifier;
use super::principal::expect_user;
use super::{StatementError, Translation};
use crate::lexer::Token;

/// ALTER DATABASE name OWNER TO user.
pub fn alter(tokens: &[Token<'_>]) -> Result<Translation, StatementError> {
    let mut cursor = Cursor::new(tokens);
    cursor.expect_words(&["alter", "database"])?;
    let name = quote_identifier(&cursor.expect_identifier()?);
    if !cursor.take_words(&["owner", "to"]) {
        let word = cursor.take_keyword().unwrap_or_default().to_uppercase();
        return Err(StatementError::unsupported(format!("ALTER DATABASE … {word}")));
    }
    let owner = expect_user(&mut cursor)?.identifier();
    cursor.expect_end()?;
    Ok(Translation::of(format!("ALTER DATABASE {name} OWNER TO {owner}")))
}
