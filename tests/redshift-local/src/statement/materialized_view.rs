//! CREATE MATERIALIZED VIEW and REFRESH MATERIALIZED VIEW (`materialized-view-create-sql-command`,
//! `materialized-view-refresh-sql-command`).

use super::attributes::{Attributes, MaterializedViewAttributes};
use super::cursor::Cursor;
use super::names::quote_relation;
use super::table_attributes::{Given, expect_yes_or_no};
use super::{Names, StatementError, Translation, expression};
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
    refuse_order(cursor.rest())?;
    let query = expression::rewrite(cursor.rest(), names)?;
    let text: String = tokens.iter().map(|token| token.text).collect();
    let attributes = Attributes {
        materialized_view: Some(MaterializedViewAttributes {
            definition: format!("{};", text.trim()),
            auto_refresh,
            table: given.of_materialized_view()?,
        }),
        ..Attributes::default()
    };
    let sql = format!("CREATE MATERIALIZED VIEW {name} AS {}", query.trim());
    Ok(Translation::of(attributes.behind(&sql)).with_tag("CREATE MATERIALIZED VIEW"))
}

/// The page's limitations: no ORDER BY, LIMIT or OFFSET.
fn refuse_order(query: &[Token<'_>]) -> Result<(), StatementError> {
    let mut depth = 0_usize;
    for token in query {
        if token.is_operator("(") {
            depth += 1;
        } else if token.is_operator(")") {
            depth = depth.saturating_sub(1);
        } else if depth == 0 && ["order", "limit", "offset"].iter().any(|word| token.is_word(word)) {
            let clause = token.text.to_uppercase();
            return Err(StatementError::new("0A000", format!("a materialized view cannot use {clause}")));
        }
    }
    Ok(())
}

/// REFRESH MATERIALIZED VIEW name [ RESTRICT | CASCADE ].
pub fn refresh(tokens: &[Token<'_>]) -> Result<Translation, StatementError> {
    let mut cursor = Cursor::new(tokens);
    for word in ["refresh", "materialized", "view"] {
        cursor.expect_word(word)?;
    }
    let view = quote_relation(&cursor.expect_qualified_name()?);
    let cascade = cursor.take_any_word(&["restrict", "cascade"]) == Some("cascade");
    cursor.expect_end()?;
    Ok(Translation::of(format!("CALL redshift_catalog.rs_refresh({view}, {cascade})"))
        .with_tag("REFRESH MATERIALIZED VIEW"))
}
