//! Whether the rows that arrived are those that left.

use crate::catalog::Column;
use crate::name::Identifier;
use serde::{Deserialize, Serialize};

/// How closely the rows are looked at, once COPY has loaded as many as UNLOAD wrote, which is always checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verify {
    /// No further.
    None,
    /// The target's rows are counted.
    #[default]
    Count,
    /// A sum over each column is compared as well: see [`crate::statement::fingerprint`].
    Checksum,
}

/// What the rows of a table come to, column by column. Sums alone: no value can be told from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    /// A column and its sum, in the order of the source's columns.
    pub columns: Vec<(Identifier, String)>,
}

impl Fingerprint {
    /// The fingerprint of these columns from the sums that a warehouse answered, which are in the same order.
    pub fn new(columns: &[Column], sums: impl IntoIterator<Item = String>) -> Self {
        Self { columns: columns.iter().map(|column| column.name.clone()).zip(sums).collect() }
    }

    /// The columns whose rows differ on the other side.
    pub fn differences(&self, other: &Self) -> Vec<Identifier> {
        let differs = |(name, sum): &&(Identifier, String)| {
            let there = other.columns.iter().find(|(other, _)| other == name);
            there.is_none_or(|(_, there)| there != sum)
        };
        self.columns.iter().filter(differs).map(|(name, _)| name.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_columns_that_differ_are_named() {
        let id = |name: &str| Identifier::new(name).unwrap();
        let of = |sums: &[(&str, &str)]| Fingerprint {
            columns: sums.iter().map(|(name, sum)| (id(name), (*sum).to_owned())).collect(),
        };
        let source = of(&[("a", "1"), ("b", "-2"), ("c", "3")]);
        assert_eq!(source.differences(&source), []);
        assert_eq!(source.differences(&of(&[("a", "1"), ("b", "2")])), [id("b"), id("c")]);
    }
}
