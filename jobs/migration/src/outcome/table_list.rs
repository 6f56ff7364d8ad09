//! `tables.json` and its items: which tables are to move, and which of them one run of the data job moves.

use super::FORMAT;
use crate::name::QualifiedName;
use serde::{Deserialize, Serialize};

/// One item of `tables.json`. That document is an array, since that is what a Distributed Map reads; so each item says its
/// format. It names another document, whatever the number of tables: an argument of a Glue run has its limits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableItem {
    /// The version of this document's form.
    pub format: u32,
    /// Where the list of tables is, an `s3://` URI: the value of `--TABLES`.
    pub tables: String,
    /// How many there are.
    pub count: usize,
    /// What they take on the source's disks.
    pub megabytes: u64,
}

/// A list of tables: what one run of the data job moves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableList {
    /// The version of this document's form.
    pub format: u32,
    /// The tables, each once.
    pub tables: Vec<ListedTable>,
}

/// A table of such a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedTable {
    /// The table.
    #[serde(flatten, with = "as_table")]
    pub table: QualifiedName,
    /// What it takes on the source's disks, in blocks of 1 MB; 0 where it has no rows, or nobody knows.
    #[serde(default)]
    pub megabytes: u64,
}

impl TableList {
    /// The list of these tables.
    pub fn of(tables: Vec<ListedTable>) -> Self {
        Self { format: FORMAT, tables }
    }
}

impl TableItem {
    /// The item of a list that lies at `uri`.
    pub fn of(list: &TableList, uri: String) -> Self {
        let megabytes = list.tables.iter().map(|table| table.megabytes).sum();
        Self { format: FORMAT, tables: uri, count: list.tables.len(), megabytes }
    }
}

/// A table as the documents name it: `"schema": …, "table": …`.
pub(crate) mod as_table {
    use crate::name::{Identifier, QualifiedName};
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    struct Names {
        schema: Identifier,
        table: Identifier,
    }

    pub fn serialize<S: Serializer>(name: &QualifiedName, serializer: S) -> Result<S::Ok, S::Error> {
        Names { schema: name.schema.clone(), table: name.name.clone() }.serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<QualifiedName, D::Error> {
        Names::deserialize(deserializer).map(|names| QualifiedName::new(names.schema, names.table))
    }
}
