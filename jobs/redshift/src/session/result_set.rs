//! Answers, decoded by column name.

use migration::name::{Identifier, NameError};
use std::collections::HashMap;
use std::str::FromStr;
use std::sync::Arc;

/// What one statement returned, as text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResultSet {
    columns: Arc<HashMap<String, usize>>,
    rows: Vec<Vec<Option<String>>>,
}

/// An answer that is not what the query asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// The query's own mistake.
    #[error("the answer has no column {0}")]
    NoColumn(String),
    /// NULL where there is none on a sound warehouse.
    #[error("column {0} is NULL")]
    Null(String),
    /// A value of another form than the column's page says.
    #[error("column {column} holds {value}, which is not {expected}")]
    Malformed {
        /// The column.
        column: String,
        /// What it holds.
        value: String,
        /// What it should hold.
        expected: &'static str,
    },
    /// A name that Redshift itself would not keep.
    #[error("column {column}: {source}")]
    Name {
        /// The column.
        column: String,
        /// What is wrong with the name.
        source: NameError,
    },
    /// A query that should return one row.
    #[error("the answer has {0} rows instead of one")]
    NotOneRow(usize),
}

impl ResultSet {
    /// An answer with these columns and rows.
    pub fn new(columns: impl IntoIterator<Item = String>, rows: Vec<Vec<Option<String>>>) -> Self {
        let columns = columns.into_iter().enumerate().map(|(at, name)| (name, at)).collect();
        Self { columns: Arc::new(columns), rows }
    }

    /// The rows, in the query's order.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|values| Row { columns: &self.columns, values })
    }

    /// The only row of a query that returns one.
    pub fn only_row(&self) -> Result<Row<'_>, DecodeError> {
        match self.rows.as_slice() {
            [values] => Ok(Row { columns: &self.columns, values }),
            rows => Err(DecodeError::NotOneRow(rows.len())),
        }
    }
}

/// One row.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    columns: &'a HashMap<String, usize>,
    values: &'a [Option<String>],
}

impl<'a> Row<'a> {
    /// The first column's text, or NULL.
    pub fn first(&self) -> Option<&'a str> {
        self.values.first().and_then(Option::as_deref)
    }

    /// A text, or NULL.
    pub fn optional(&self, column: &str) -> Result<Option<&'a str>, DecodeError> {
        let at = self.columns.get(column).ok_or_else(|| DecodeError::NoColumn(column.to_owned()))?;
        Ok(self.values.get(*at).and_then(Option::as_deref))
    }

    /// A text.
    pub fn text(&self, column: &str) -> Result<&'a str, DecodeError> {
        self.optional(column)?.ok_or_else(|| DecodeError::Null(column.to_owned()))
    }

    /// A number or anything else that reads itself from text.
    pub fn number<T: FromStr>(&self, column: &str) -> Result<T, DecodeError> {
        let value = self.text(column)?;
        value.parse().map_err(|_| malformed(column, value, "a number in range"))
    }

    /// A boolean, which prints as `t` or `f`.
    pub fn boolean(&self, column: &str) -> Result<bool, DecodeError> {
        match self.text(column)? {
            "t" | "true" => Ok(true),
            "f" | "false" => Ok(false),
            other => Err(malformed(column, other, "a boolean")),
        }
    }

    /// A name.
    pub fn identifier(&self, column: &str) -> Result<Identifier, DecodeError> {
        self.optional_identifier(column)?.ok_or_else(|| DecodeError::Null(column.to_owned()))
    }

    /// A name, or NULL.
    pub fn optional_identifier(&self, column: &str) -> Result<Option<Identifier>, DecodeError> {
        let name = self.optional(column)?.map(Identifier::new).transpose();
        name.map_err(|source| DecodeError::Name { column: column.to_owned(), source })
    }

    /// An array as it prints: `{1,2}`, `{"a,b",c}`; empty for NULL.
    pub fn array(&self, column: &str) -> Result<Vec<String>, DecodeError> {
        let Some(value) = self.optional(column)? else { return Ok(Vec::new()) };
        parse_array(value).ok_or_else(|| malformed(column, value, "an array"))
    }
}

fn malformed(column: &str, value: &str, expected: &'static str) -> DecodeError {
    DecodeError::Malformed { column: column.to_owned(), value: value.to_owned(), expected }
}

/// Reads a one-dimensional array: elements in double quotes keep everything, with backslash as the escape.
fn parse_array(text: &str) -> Option<Vec<String>> {
    let mut characters = text.strip_prefix('{')?.strip_suffix('}')?.chars().peekable();
    let mut elements = Vec::new();
    while characters.peek().is_some() {
        let mut element = String::new();
        if characters.next_if_eq(&'"').is_some() {
            loop {
                match characters.next()? {
                    '"' => break,
                    '\\' => element.push(characters.next()?),
                    other => element.push(other),
                }
            }
        } else {
            while let Some(other) = characters.next_if(|c| *c != ',') {
                element.push(if other == '\\' { characters.next()? } else { other });
            }
        }
        elements.push(element);
        match characters.next() {
            Some(',') if characters.peek().is_none() => return None,
            Some(',') | None => {}
            Some(_) => return None,
        }
    }
    Some(elements)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrays_are_read_as_they_print() {
        let read = |text| parse_array(text).unwrap();
        assert_eq!(read("{}"), Vec::<String>::new());
        assert_eq!(read("{1,2}"), ["1", "2"]);
        assert_eq!(read(r#"{"a,b","c\"d\\e",""}"#), ["a,b", "c\"d\\e", ""]);
        assert_eq!(parse_array("{1,}"), None);
        assert_eq!(parse_array("1,2"), None);
        assert_eq!(parse_array(r#"{"a"b}"#), None);
    }

    #[test]
    fn null_is_refused_where_none_can_be() {
        let answer = ResultSet::new(["a".to_owned()], vec![vec![None]]);
        let row = answer.only_row().unwrap();
        assert_eq!(row.text("a"), Err(DecodeError::Null("a".into())));
        assert_eq!(row.text("b"), Err(DecodeError::NoColumn("b".into())));
        assert_eq!(row.optional("a"), Ok(None));
    }
}
