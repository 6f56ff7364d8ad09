//! CREATE TABLE (`r_CREATE_TABLE_NEW`) and CREATE TABLE AS (`r_CREATE_TABLE_AS`).

use super::attributes::Attributes;
use super::cursor::Cursor;
use super::foreign_key::{expect_table_constraint, name_list};
use super::table_attributes::Given;
use super::{Names, StatementError, Translation, column, expression};
use crate::lexer::Token;

/// Redshift's attributes go into the comment behind the statement, the rest to PostgreSQL.
pub fn translate(tokens: &[Token<'_>], names: &Names) -> Result<Translation, StatementError> {
    let mut cursor = Cursor::new(tokens);
    cursor.expect_word("create")?;
    cursor.take_word("local");
    let temporary = cursor.take_any_word(&["temporary", "temp"]).is_some();
    cursor.expect_word("table")?;
    let if_not_exists = if cursor.take_words(&["if", "not", "exists"]) { "IF NOT EXISTS " } else { "" };
    let name = cursor.expect_qualified_name()?;
    // A name that begins with # is a temporary table's.
    let temporary = if temporary || name.starts_with("\"#") { "TEMPORARY " } else { "" };
    let head = format!("CREATE {temporary}TABLE {if_not_exists}{name}");

    let list = if cursor.at_operator("(") { Some(cursor.expect_list()?) } else { None };
    let mut given = Given::default();
    while given.take(&mut cursor)? {}
    if cursor.take_word("as") {
        let query = expression::rewrite(cursor.rest(), names)?;
        let columns = list.map(|list| as_names(&list)).transpose()?.unwrap_or_default();
        let attributes = Attributes { table: Some(given.with_columns(&[])?), ..Attributes::default() };
        return Ok(Translation::of(attributes.behind(&format!("{head}{columns} AS {}", query.trim()))));
    }
    cursor.expect_end()?;
    let Some(list) = list else { return Err(cursor.unexpected()) };
    definition(&head, &list, given, names)
}

/// The columns and constraints of a table that is not made from a query.
fn definition(
    head: &str,
    list: &[&[Token<'_>]],
    given: Given,
    names: &Names,
) -> Result<Translation, StatementError> {
    let (mut columns, mut elements, mut references, mut like) = (Vec::new(), Vec::new(), Vec::new(), None);
    for element in list {
        let mut cursor = Cursor::new(element);
        if cursor.take_word("like") {
            let parent = cursor.expect_qualified_name()?;
            let defaults = cursor.take_any_word(&["including", "excluding"]);
            if defaults.is_some() {
                cursor.expect_word("defaults")?;
            }
            let defaults = if defaults == Some("including") { " INCLUDING DEFAULTS" } else { "" };
            elements.push(format!("LIKE {parent}{defaults}"));
            like = Some(parent);
        } else if ["primary", "unique", "foreign", "constraint"].iter().any(|word| cursor.at_word(word)) {
            elements.push(expect_table_constraint(&mut cursor, &mut references)?.sql());
        } else {
            let column = column::expect(&mut cursor, names, &mut references)?;
            elements.push(column.sql.clone());
            columns.push(column);
        }
        cursor.expect_end()?;
    }
    if like.is_some() && !given.is_empty() {
        return Err(StatementError::new("42601", "table attributes cannot be set in CREATE TABLE … LIKE"));
    }
    let table = if like.is_some() { None } else { Some(given.with_columns(&columns)?) };
    let attributes = Attributes { table, like, references, ..Attributes::default() };
    Ok(Translation::of(attributes.behind(&format!("{head} ({})", elements.join(", ")))))
}

/// The column names of CREATE TABLE AS.
fn as_names(list: &[&[Token<'_>]]) -> Result<String, StatementError> {
    let names: Result<Vec<_>, _> = list
        .iter()
        .map(|element| {
            let mut cursor = Cursor::new(element);
            let name = cursor.expect_identifier()?;
            cursor.expect_end().map(|()| name)
        })
        .collect();
    Ok(format!(" ({})", name_list(&names?)))
}
