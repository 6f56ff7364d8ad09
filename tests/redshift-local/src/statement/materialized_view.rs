//! CREATE MATERIALIZED VIEW and REFRESH MATERIALIZED VIEW (`materialized-view-create-sql-command`,
//! `materialized-view-refresh-sql-command`).

use super::attributes::{Attributes, MaterializedViewAttributes};
use super::cursor::Cursor;
use super::table_attributes::{Given, expect_yes_or_no};
use super::{Effect, Names, StatementError, Translation, expression};
use crate::lexer::Token;

/// The statement itself becomes the view's definition in the catalog.
pub fn create(tokens: &[Token<'_>], names: &Names) -> Result<Translation, StatementError> {
    let mut cursor = Cursor::new(tokens);
    for word in ["create", "materialized", "view"] {
        cursor.expect_word(word)?;
    }
    let name = cursor.expect_qualified_name()?;
    let (mut given, mut auto_refresh) = (Given::default(), false);
    loop {
        if cursor.take_words(&["auto", "refresh"]) {
            auto_refresh = expect_yes_or_no(&mut cursor)?;
        } else if !given.take(&mut cursor)? {
            break;
        }
    }
    cursor.expect_word("as")?;
    let query = expression::rewrite(cursor.rest(), names)?;
    let text: String = tokens.iter().map(|token| token.text).collect();
    let attributes = Attributes {
        materialized_view: Some(MaterializedViewAttributes {
            definition: format!("{};", text.trim()),
            auto_refresh,
            backup: given.with_columns(&[])?.backup,
        }),
        ..Attributes::default()
    };
    let sql = format!("CREATE MATERIALIZED VIEW {name} AS {}", query.trim());
    Ok(Translation::of(attributes.behind(&sql)).with_tag("CREATE MATERIALIZED VIEW"))
}

/// REFRESH MATERIALIZED VIEW name [ RESTRICT | CASCADE ], a transaction of its own. CASCADE is refused so far.
pub fn refresh(tokens: &[Token<'_>]) -> Result<Translation, StatementError> {
    let mut cursor = Cursor::new(tokens);
    for word in ["refresh", "materialized", "view"] {
        cursor.expect_word(word)?;
    }
    let name = cursor.expect_qualified_name()?;
    if cursor.take_word("cascade") {
        return Err(StatementError::unsupported("REFRESH MATERIALIZED VIEW … CASCADE"));
    }
    cursor.take_word("restrict");
    cursor.expect_end()?;
    Ok(Translation::of(format!("REFRESH MATERIALIZED VIEW {name}"))
        .with_tag("REFRESH MATERIALIZED VIEW")
        .with_effect(Effect::Alone))
}
