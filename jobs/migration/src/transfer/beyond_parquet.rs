//! Values that a column of Redshift's may hold and Parquet does not.

use super::{DataType, Format};
use crate::catalog::Column;
use crate::name::Identifier;
use crate::words::list;
use std::fmt;

/// The SQLSTATE of a value that its type has no room for (numeric_value_out_of_range).
const OUT_OF_RANGE: &str = "22003";

/// The columns whose values may be why UNLOAD wrote no Parquet: a moment is a 64-bit number of microseconds from 1970 on there,
/// which ends in January of 294247, and a TIMESTAMP goes on to 294276 (`r_Datetime_types`).
///
/// Which value it is, only the table tells; every other type has room for all of its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BeyondParquet(Vec<Identifier>);

impl BeyondParquet {
    /// What to do about it.
    pub const REMEDY: &'static str = "look there on the source for values from '294247-01-10' on and set them to an earlier moment \
                                      or to NULL, then start the job again for this table";

    /// Whether a refused UNLOAD may be due to such values, by its SQLSTATE.
    pub fn of(sqlstate: &str, format: &Format, columns: &[Column]) -> Option<Self> {
        let is_moment = |column: &&Column| DataType::of(&column.data_type) == Some(DataType::Timestamp);
        match format {
            Format::Parquet if sqlstate == OUT_OF_RANGE => {
                let columns = columns.iter().filter(is_moment).map(|column| column.name.clone());
                Some(Self(columns.collect())).filter(|Self(columns)| !columns.is_empty())
            }
            Format::Parquet | Format::Csv { .. } => None,
        }
    }
}

impl fmt::Display for BeyondParquet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(columns) = self;
        write!(
            f,
            "Parquet, the format of this table, has no timestamps past the year 294247, which may stand in {}",
            list(columns.iter().map(|column| format!("column {}", column.as_str())))
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transfer::NullMarker;

    #[test]
    fn the_columns_of_moments_are_named_where_the_code_and_the_format_fit() {
        let column = |name: &str, data_type: &str| Column {
            name: Identifier::new(name).unwrap(),
            data_type: data_type.to_owned(),
            not_null: false,
            default: None,
            encoding: "none".into(),
            collation: None,
        };
        let columns = [
            column("id", "integer"),
            column("at", "timestamp without time zone"),
            column("day", "date"),
            column("Until", "timestamp(6) without time zone"),
        ];
        let of = |code: &str, format: &Format, columns: &[Column]| {
            BeyondParquet::of(code, format, columns).map(|beyond| beyond.to_string())
        };
        let told = "Parquet, the format of this table, has no timestamps past the year 294247, which may stand in column at, \
                    column Until";
        assert_eq!(of("22003", &Format::Parquet, &columns).as_deref(), Some(told));
        assert_eq!(of("22003", &Format::Parquet, &columns[..1]), None);
        assert_eq!(of("XX000", &Format::Parquet, &columns), None);
        assert_eq!(of("22003", &Format::Csv { null_marker: NullMarker::from_bits(1) }, &columns), None);
    }
}
