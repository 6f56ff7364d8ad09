//! CREATE VIEW (`r_CREATE_VIEW`). How a view without schema binding works is in `sql/late_binding_views.sql`.

use super::attributes::{Attributes, Check, CheckedAct, LateBindingView};
use super::cursor::Cursor;
use super::foreign_key::name_list;
use super::{Names, StatementError, Translation, expression};
use crate::lexer::Token;

/// What makes a view late-binding.
const NO_SCHEMA_BINDING: [&str; 4] = ["with", "no", "schema", "binding"];

/// CREATE [ OR REPLACE ] VIEW name [ ( column [, …] ) ] AS query [ WITH NO SCHEMA BINDING ].
pub fn create(tokens: &[Token<'_>], names: &Names) -> Result<Translation, StatementError> {
    let mut cursor = Cursor::new(tokens);
    cursor.expect_word("create")?;
    let replace = cursor.take_words(&["or", "replace"]);
    cursor.expect_word("view")?;
    let name = cursor.expect_qualified_name()?;
    let columns = if cursor.at_operator("(") {
        format!(" ({})", name_list(&cursor.expect_name_list()?))
    } else {
        String::new()
    };
    cursor.expect_word("as")?;
    let (query, late_binding) = without_binding(cursor.rest());
    let query = expression::rewrite(query, names)?.trim().to_owned();
    let or_replace = if replace { "OR REPLACE " } else { "" };
    // A name that begins with # is a temporary view's.
    let temporary = if name.starts_with("\"#") { "TEMPORARY " } else { "" };
    let head = format!("CREATE {or_replace}{temporary}VIEW {name}");
    let mut attributes = Attributes::default();
    if replace {
        attributes.check = Some(Check { relation: name, act: CheckedAct::Replace(true) });
    }
    if !late_binding {
        return Ok(Translation::of(attributes.behind(&format!("{head}{columns} AS {query}"))));
    }
    let text: String = tokens.iter().map(|token| token.text).collect();
    let definition = format!("{};", text.trim());
    attributes.late_binding_view = Some(LateBindingView { definition, columns, query });
    Ok(Translation::of(attributes.behind(&format!("{head} AS SELECT"))))
}

/// The query without WITH NO SCHEMA BINDING, and whether that stood behind it.
fn without_binding<'t, 'a>(query: &'t [Token<'a>]) -> (&'t [Token<'a>], bool) {
    let words = NO_SCHEMA_BINDING.len();
    let last: Vec<_> =
        query.iter().enumerate().rev().filter(|(_, token)| token.is_significant()).take(words).collect();
    let late_binding = last.len() == words
        && last.iter().rev().zip(NO_SCHEMA_BINDING).all(|((_, token), word)| token.is_word(word));
    match last.last() {
        Some((at, _)) if late_binding => (&query[..*at], true),
        _ => (query, false),
    }
}
