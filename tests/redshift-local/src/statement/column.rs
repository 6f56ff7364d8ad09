//! A column's definition in CREATE TABLE and ALTER TABLE ADD COLUMN (`r_CREATE_TABLE_NEW`).

use super::cursor::Cursor;
use super::foreign_key::expect_target;
use super::names::quote_identifier;
use super::{Names, StatementError, data_type, expression};
use crate::lexer::Token;

/// Words that end a DEFAULT expression.
const ATTRIBUTE_WORDS: [&str; 11] = [
    "collate",
    "default",
    "distkey",
    "encode",
    "generated",
    "identity",
    "not",
    "primary",
    "references",
    "sortkey",
    "unique",
];

/// Compression encodings (`c_Compression_encodings`).
const ENCODINGS: [&str; 13] = [
    "az64",
    "bytedict",
    "delta",
    "delta32k",
    "lzo",
    "mostly16",
    "mostly32",
    "mostly8",
    "raw",
    "runlength",
    "text255",
    "text32k",
    "zstd",
];

/// A column as it was defined.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its definition for PostgreSQL.
    pub sql: String,
    /// ENCODE.
    pub encoding: Option<String>,
    /// DISTKEY.
    pub distkey: bool,
    /// SORTKEY.
    pub sortkey: bool,
    /// COLLATE.
    pub collation: Option<&'static str>,
    /// UNIQUE, PRIMARY KEY or REFERENCES.
    pub key: bool,
}

/// Takes a column's definition; the tables it refers to go onto `references`.
pub fn expect(
    cursor: &mut Cursor<'_, '_>,
    names: &Names,
    references: &mut Vec<String>,
) -> Result<Column, StatementError> {
    let name = cursor.expect_identifier()?;
    let sql_type = data_type::expect(cursor)?;
    let mut column =
        Column { sql: format!("{} {sql_type}", quote_identifier(&name)), name, ..Column::default() };
    while cursor.peek().is_some() {
        attribute(cursor, &sql_type, names, references, &mut column)?;
    }
    Ok(column)
}

fn attribute(
    cursor: &mut Cursor<'_, '_>,
    sql_type: &str,
    names: &Names,
    references: &mut Vec<String>,
    column: &mut Column,
) -> Result<(), StatementError> {
    if cursor.take_word("default") {
        column.sql += &format!(" DEFAULT {}", default_expression(cursor, names)?);
    } else if cursor.take_word("identity") {
        column.sql += &identity(cursor, "ALWAYS", sql_type)?;
    } else if cursor.take_words(&["generated", "by", "default", "as", "identity"]) {
        column.sql += &identity(cursor, "BY DEFAULT", sql_type)?;
    } else if cursor.take_word("encode") {
        column.encoding = Some(expect_encoding(cursor)?);
    } else if cursor.take_word("distkey") {
        column.distkey = true;
    } else if cursor.take_word("sortkey") {
        column.sortkey = true;
    } else if cursor.take_word("collate") {
        column.collation = Some(expect_collation(cursor, sql_type)?);
    } else if cursor.take_words(&["not", "null"]) {
        column.sql += " NOT NULL";
    } else if cursor.take_word("null") {
        // The default.
    } else if cursor.take_word("unique") {
        column.sql += " UNIQUE";
        column.key = true;
    } else if cursor.take_words(&["primary", "key"]) {
        column.sql += " PRIMARY KEY";
        column.key = true;
    } else if cursor.take_word("references") {
        column.sql += &format!(" REFERENCES {}", expect_target(cursor, references)?);
        column.key = true;
    } else {
        return Err(cursor.unexpected());
    }
    Ok(())
}

/// COLLATE, of text only.
fn expect_collation(cursor: &mut Cursor<'_, '_>, sql_type: &str) -> Result<&'static str, StatementError> {
    if !["varchar", "char", "redshift_catalog.super"].iter().any(|text| sql_type.starts_with(text)) {
        return Err(StatementError::new("42804", format!("collations are not supported by type {sql_type}")));
    }
    match cursor.take_any_word(&["case_sensitive", "cs", "case_insensitive", "ci"]) {
        Some("case_sensitive" | "cs") => Ok("case_sensitive"),
        Some(_) => Ok("case_insensitive"),
        None => Err(cursor.unexpected()),
    }
}

/// Takes an encoding's name.
pub fn expect_encoding(cursor: &mut Cursor<'_, '_>) -> Result<String, StatementError> {
    match cursor.clone().take_keyword() {
        Some(word) if ENCODINGS.contains(&word.as_str()) => {
            cursor.next();
            Ok(word)
        }
        _ => Err(cursor.unexpected()),
    }
}

/// Takes an expression up to the next attribute.
fn default_expression(cursor: &mut Cursor<'_, '_>, names: &Names) -> Result<String, StatementError> {
    let start = cursor.rest();
    let mut depth = 0_usize;
    let mut empty = true;
    while let Some(token) = cursor.peek() {
        // NULL is a value right after DEFAULT and an attribute after that.
        let ends = ATTRIBUTE_WORDS.iter().any(|word| token.is_word(word)) || token.is_word("null");
        if depth == 0 && !empty && ends {
            break;
        }
        if token.is_operator("(") {
            depth += 1;
        } else if token.is_operator(")") {
            depth = depth.saturating_sub(1);
        }
        empty = false;
        cursor.next();
    }
    if empty {
        return Err(cursor.unexpected());
    }
    let taken: &[Token<'_>] = &start[..start.len() - cursor.rest().len()];
    Ok(expression::rewrite(taken, names)?.trim().to_owned())
}

/// IDENTITY(seed, step). Without them it counts 1, 2, 3, as the table with a default IDENTITY column does in
/// `r_CREATE_TABLE_examples`; the catalog then shows '1,1'. The bounds let a seed lie on either side of zero.
fn identity(cursor: &mut Cursor<'_, '_>, when: &str, sql_type: &str) -> Result<String, StatementError> {
    if !matches!(sql_type, "integer" | "bigint") {
        return Err(StatementError::new("42804", "the type of an IDENTITY column must be INT or BIGINT"));
    }
    let (mut seed, mut step) = (1, 1);
    if cursor.take_operator("(") {
        seed = cursor.expect_integer()?;
        cursor.expect_operator(",")?;
        step = cursor.expect_integer()?;
        cursor.expect_operator(")")?;
    }
    let bound =
        if step < 0 { format!("MAXVALUE {}", seed.max(-1)) } else { format!("MINVALUE {}", seed.min(1)) };
    Ok(format!(" GENERATED {when} AS IDENTITY (START WITH {seed} INCREMENT BY {step} {bound})"))
}
