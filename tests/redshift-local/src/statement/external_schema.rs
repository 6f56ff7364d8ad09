//! CREATE EXTERNAL SCHEMA (`r_CREATE_EXTERNAL_SCHEMA`): kept and listed. What is in it cannot be reached from here.

use serde_json::{Map, Value};

use super::attributes::{Attributes, ExternalSchema, SchemaAttributes};
use super::cursor::Cursor;
use super::names::quote_identifier;
use super::{StatementError, Translation};
use crate::lexer::Token;

/// Where an external schema may be: the words after FROM, the kind in `SVV_EXTERNAL_SCHEMAS`, and the options it cannot
/// do without.
const SOURCES: [(&[&str], u8, &[&str]); 8] = [
    (&["data", "catalog"], 1, &["DATABASE", "IAM_ROLE"]),
    (&["hive", "metastore"], 2, &["DATABASE", "IAM_ROLE", "URI"]),
    (&["postgres"], 3, &["DATABASE", "IAM_ROLE", "SECRET_ARN", "URI"]),
    (&["redshift"], 4, &["DATABASE"]),
    (&["mysql"], 8, &["DATABASE", "IAM_ROLE", "SECRET_ARN", "URI"]),
    (&["kinesis"], 9, &["IAM_ROLE"]),
    (&["msk"], 10, &[]),
    (&["kafka"], 10, &[]),
];

/// Options whose value is a string.
const TEXTS: [&str; 10] = [
    "authentication_arn",
    "catalog_id",
    "catalog_role",
    "cluster_arn",
    "database",
    "iam_role",
    "region",
    "schema",
    "secret_arn",
    "uri",
];

/// CREATE EXTERNAL SCHEMA [ IF NOT EXISTS ] name FROM source option … [ CREATE EXTERNAL DATABASE IF NOT EXISTS ].
pub fn create(tokens: &[Token<'_>]) -> Result<Translation, StatementError> {
    let mut cursor = Cursor::new(tokens);
    for word in ["create", "external", "schema"] {
        cursor.expect_word(word)?;
    }
    let if_not_exists = if cursor.take_words(&["if", "not", "exists"]) { "IF NOT EXISTS " } else { "" };
    let name = quote_identifier(&cursor.expect_identifier()?);
    cursor.expect_word("from")?;
    let Some((_, kind, needed)) = SOURCES.iter().find(|(words, ..)| cursor.take_words(words)) else {
        return Err(cursor.unexpected());
    };
    let mut options = Map::new();
    while cursor.peek().is_some() {
        if cursor.take_words(&["create", "external", "database", "if", "not", "exists"]) {
            cursor.expect_end()?;
        } else {
            let (option, value) = expect_option(&mut cursor)?;
            options.insert(option, value);
        }
    }
    if let Some(missing) = needed.iter().find(|option| !options.contains_key(**option)) {
        return Err(StatementError::new("42601", format!("this external schema needs {missing}")));
    }
    let database = match options.remove("DATABASE") {
        Some(Value::String(database)) => database,
        _ => String::new(),
    };
    let external = ExternalSchema { kind: *kind, database, options: Value::Object(options).to_string() };
    let schema = SchemaAttributes { quota: None, external: Some(external) };
    let attributes = Attributes { schema: Some(schema), ..Attributes::default() };
    Ok(Translation::of(attributes.behind(&format!("CREATE SCHEMA {if_not_exists}{name}"))))
}

fn expect_option(cursor: &mut Cursor<'_, '_>) -> Result<(String, Value), StatementError> {
    if let Some(option) = cursor.take_any_word(&TEXTS) {
        let value = match cursor.take_any_word(&["default"]) {
            Some(default) if option == "iam_role" => default.to_owned(),
            Some(_) => return Err(cursor.unexpected()),
            None => cursor.expect_string()?,
        };
        return Ok((option.to_uppercase(), Value::String(value)));
    }
    if cursor.take_word("authentication") {
        let Some(way) = cursor.take_any_word(&["none", "iam", "mtls"]) else {
            return Err(cursor.unexpected());
        };
        return Ok(("AUTHENTICATION".to_owned(), Value::from(way)));
    }
    cursor.expect_word("port")?;
    Ok(("PORT".to_owned(), Value::from(cursor.expect_integer()?)))
}
