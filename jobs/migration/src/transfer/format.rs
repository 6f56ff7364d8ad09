//! Which format a table's rows travel in.

use super::{DataType, NullMarker};
use crate::catalog::Table;
use crate::name::{Identifier, QualifiedName};
use serde::{Deserialize, Serialize};

/// How the files of one table are written and read. The ledger keeps it between UNLOAD and COPY.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "format", rename_all = "snake_case")]
pub enum Format {
    /// Parquet, in which NULL needs no marker. COPY reads it in the warehouse's own Region alone.
    Parquet,
    /// CSV, compressed by ZSTD.
    Csv {
        /// What stands for NULL in the files.
        null_marker: NullMarker,
    },
}

/// A column that neither format carries.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "column {} of table {} is of type {data_type}, of which no AWS page says that UNLOAD and COPY carry it",
    column.as_str(), table.plain()
)]
pub struct NotCarried {
    /// The table.
    pub table: QualifiedName,
    /// Its first such column.
    pub column: Identifier,
    /// The column's type.
    pub data_type: String,
}

impl NotCarried {
    /// What to do about it.
    pub const REMEDY: &'static str =
        "change the column to a type of the README's table, or move this table by other means";
}

impl Format {
    /// Parquet where a page says that every column survives it, else CSV.
    ///
    /// `parquet` says whether Parquet may be used at all: COPY cannot read it where the bucket is in another Region than the target
    /// (`copy-usage_notes-copy-from-columnar`).
    pub fn choose(
        name: &QualifiedName,
        table: &Table,
        null_marker: NullMarker,
        parquet: bool,
    ) -> Result<Self, NotCarried> {
        let mut survives = true;
        for column in &table.columns {
            let data_type = DataType::of(&column.data_type).ok_or_else(|| NotCarried {
                table: name.clone(),
                column: column.name.clone(),
                data_type: column.data_type.clone(),
            })?;
            survives &= data_type.carriage().parquet;
        }
        Ok(if survives && parquet { Self::Parquet } else { Self::Csv { null_marker } })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Column;

    fn choose(types: &[&str], parquet: bool) -> Result<Format, NotCarried> {
        let id = |name: &str| Identifier::new(name).unwrap();
        let column = |data_type: &&str| Column {
            name: id("c"),
            data_type: (*data_type).to_owned(),
            not_null: false,
            default: None,
            encoding: "none".into(),
            collation: None,
        };
        let table = Table::plain("o", types.iter().map(column).collect());
        Format::choose(&QualifiedName::new(id("s"), id("t")), &table, NullMarker::from_bits(1), parquet)
    }

    #[test]
    fn one_column_decides_for_the_table() {
        let csv = || Ok(Format::Csv { null_marker: NullMarker::from_bits(1) });
        assert_eq!(choose(&["integer", "real", "character(3)"], true), Ok(Format::Parquet));
        assert_eq!(choose(&["integer", "real", "character(3)"], false), csv());
        for data_type in
            ["timestamp with time zone", "super", "varbyte(20)", "geometry", "time with time zone"]
        {
            assert_eq!(choose(&["integer", data_type], true), csv(), "{data_type}");
        }
    }

    #[test]
    fn a_type_that_no_page_names_is_refused() {
        let refused = choose(&["integer", "oid"], true).unwrap_err().to_string();
        assert_eq!(
            refused,
            "column c of table s.t is of type oid, of which no AWS page says that UNLOAD and COPY carry it"
        );
    }

    #[test]
    fn the_ledger_reads_what_it_wrote() {
        for format in [Format::Parquet, Format::Csv { null_marker: NullMarker::from_bits(7) }] {
            let json = serde_json::to_string(&format).unwrap();
            assert_eq!(serde_json::from_str::<Format>(&json).unwrap(), format, "{json}");
        }
    }
}
