//! Whether the rows that arrived are those that left.

use crate::catalog::Column;
use crate::name::Identifier;
use crate::words::list;
use serde::{Deserialize, Serialize};
use std::fmt;

/// How closely the rows are looked at, once COPY has loaded as many as UNLOAD wrote, which is always checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verify {
    /// No further.
    None,
    /// The target's rows are counted.
    #[default]
    Count,
    /// Sums over the rows and over each column are compared as well: see [`crate::statement::fingerprint`].
    Checksum,
}

/// What the rows of a table come to. Sums alone: no value can be told from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    /// The sum over the rows. None in a document of a version that summed up columns alone.
    #[serde(default)]
    pub rows: Option<String>,
    /// A column and its sum, in the order of the source's columns.
    pub columns: Vec<(Identifier, String)>,
}

impl Fingerprint {
    /// The fingerprint of these columns from the sums that a warehouse answered: that of the rows, and those of the columns in their
    /// order.
    pub fn new(rows: String, columns: &[Column], sums: impl IntoIterator<Item = String>) -> Self {
        let columns = columns.iter().map(|column| column.name.clone()).zip(sums).collect();
        Self { rows: Some(rows), columns }
    }

    /// In what the rows of the other side differ.
    pub fn difference(&self, other: &Self) -> Option<Difference> {
        let differs = |(name, sum): &&(Identifier, String)| {
            let there = other.columns.iter().find(|(other, _)| other == name);
            there.is_none_or(|(_, there)| there != sum)
        };
        let columns: Vec<_> = self.columns.iter().filter(differs).map(|(name, _)| name.clone()).collect();
        if !columns.is_empty() {
            return Some(Difference::Columns(columns));
        }
        let rows = self.rows.as_ref().zip(other.rows.as_ref());
        rows.is_some_and(|(ours, theirs)| ours != theirs).then_some(Difference::Rows)
    }
}

/// In what the rows of two sides differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// In the values of these columns.
    Columns(Vec<Identifier>),
    /// No column by itself: values of some rows stand in others.
    Rows,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Columns(columns) => {
                write!(f, "the checksums of both sides differ in column {}", list(columns.iter().map(Identifier::as_str)))
            }
            Self::Rows => f.write_str(
                "the checksums of the rows differ, and those of the columns do not: each column has the same values, in other rows",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_columns_that_differ_are_named() {
        let id = |name: &str| Identifier::new(name).unwrap();
        let of = |sums: &[(&str, &str)]| Fingerprint {
            rows: Some("7".to_owned()),
            columns: sums.iter().map(|(name, sum)| (id(name), (*sum).to_owned())).collect(),
        };
        let source = of(&[("a", "1"), ("b", "-2"), ("c", "3")]);
        assert_eq!(source.difference(&source), None);
        let difference = source.difference(&of(&[("a", "1"), ("b", "2")]));
        assert_eq!(difference, Some(Difference::Columns(vec![id("b"), id("c")])));
        let exchanged = Fingerprint { rows: Some("8".to_owned()), ..source.clone() };
        assert_eq!(source.difference(&exchanged), Some(Difference::Rows));
        let of_columns_alone = Fingerprint { rows: None, ..source.clone() };
        assert_eq!(source.difference(&of_columns_alone), None);
    }
}
