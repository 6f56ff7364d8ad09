//! What a warehouse answers to a message, as text.

use anyhow::{Context, Result};
use tokio_postgres::{Client, Error, SimpleQueryMessage};

/// The rows of a message's statements; NULL is `None`.
pub async fn rows(client: &Client, sql: &str) -> Result<Vec<Vec<Option<String>>>, Error> {
    let messages = client.simple_query(sql).await?;
    Ok(messages
        .iter()
        .filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some(row),
            _ => None,
        })
        .map(|row| (0..row.len()).map(|at| row.get(at).map(str::to_owned)).collect())
        .collect())
}

/// The same with NULL as `NULL`.
pub async fn texts(client: &Client, sql: &str) -> Result<Vec<Vec<String>>, Error> {
    let text = |value: Option<String>| value.unwrap_or_else(|| "NULL".to_owned());
    Ok(rows(client, sql).await?.into_iter().map(|row| row.into_iter().map(text).collect()).collect())
}

/// The first row.
pub async fn row(client: &Client, sql: &str) -> Result<Vec<Option<String>>> {
    rows(client, sql).await?.into_iter().next().with_context(|| format!("no rows: {sql}"))
}

/// How many rows a relation has.
pub async fn count(client: &Client, relation: &str) -> Result<String> {
    value(client, &format!("SELECT count(*) FROM {relation}")).await
}

/// SQLSTATE and message of an error; of one that is not the server's no SQLSTATE, and what the driver says.
pub fn code_and_message(error: &Error) -> (String, String) {
    error.as_db_error().map_or_else(
        || (String::new(), error.to_string()),
        |error| (error.code().code().to_owned(), error.message().to_owned()),
    )
}

/// The first column of the first row, which must not be NULL.
pub async fn value(client: &Client, sql: &str) -> Result<String> {
    row(client, sql).await?.into_iter().next().flatten().with_context(|| format!("no value: {sql}"))
}
