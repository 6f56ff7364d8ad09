//! CREATE VIEW (`r_CREATE_VIEW`), without late binding so far.

use super::cursor::Cursor;
use super::foreign_key::name_list;
use super::{Names, StatementError, Translation, expression};
use crate::lexer::Token;

/// CREATE [ OR REPLACE ] VIEW name [ ( column [, …] ) ] AS query.
pub fn create(tokens: &[Token<'_>], names: &Names) -> Result<Translation, StatementError> {
    let mut cursor = Cursor::new(tokens);
    cursor.expect_word("create")?;
    let or_replace = if cursor.take_words(&["or", "replace"]) { "OR REPLACE " } else { "" };
    cursor.expect_word("view")?;
    let name = cursor.expect_qualified_name()?;
    let columns = if cursor.at_operator("(") {
        format!(" ({})", name_list(&cursor.expect_name_list()?))
    } else {
        String::new()
    };
    cursor.expect_word("as")?;
    let query = cursor.rest();
    let last: Vec<_> = query.iter().rev().filter(|token| token.is_significant()).take(4).collect();
    if let [binding, schema, no, with] = last.as_slice()
        && binding.is_word("binding")
        && schema.is_word("schema")
        && no.is_word("no")
        && with.is_word("with")
    {
        return Err(StatementError::unsupported("WITH NO SCHEMA BINDING"));
    }
    let query = expression::rewrite(query, names)?;
    Ok(Translation::of(format!("CREATE {or_replace}VIEW {name}{columns} AS {}", query.trim())))
}
