//! Values that CSV does not carry as they are: a marker stands for each in the files, and the target's table is put right after COPY.
//!
//! UNLOAD writes a SUPER's NULL like JSON null (`r_UNLOAD`). COPY loads an empty field as NULL into every type but CHAR and VARCHAR
//! (`copy-parameters-data-conversion`, EMPTYASNULL), and a VARBYTE without bytes is an empty field.

use super::{DataType, Format};
use crate::catalog::Column;
use crate::name::Identifier;

/// A column with such values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marked<'a> {
    /// The column.
    pub column: &'a Identifier,
    /// Which of its values.
    pub value: MarkedValue,
}

/// Which values of a column have a marker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkedValue {
    /// NULL in a SUPER column.
    NullSuper,
    /// A VARBYTE without bytes.
    EmptyVarbyte,
    /// The same in a column that is too short for the marker: a table that holds one cannot travel.
    EmptyShortVarbyte,
}

/// The columns of a table that have such values when it travels so, in their order.
pub fn marked<'a>(columns: &'a [Column], format: &Format) -> Vec<Marked<'a>> {
    if *format == Format::Parquet {
        return Vec::new();
    }
    let of = |column: &'a Column| Some(Marked { column: &column.name, value: MarkedValue::of(column)? });
    columns.iter().filter_map(of).collect()
}

impl MarkedValue {
    /// How many bytes a VARBYTE's marker has.
    pub(crate) const VARBYTE_BYTES: u32 = 18;

    /// Which values of a column have a marker; none of most.
    pub(crate) fn of(column: &Column) -> Option<Self> {
        match DataType::of(&column.data_type)? {
            DataType::Super if !column.not_null => Some(Self::NullSuper),
            DataType::VarByte => {
                let fits = varbyte_length(&column.data_type) >= Self::VARBYTE_BYTES;
                Some(if fits { Self::EmptyVarbyte } else { Self::EmptyShortVarbyte })
            }
            _ => None,
        }
    }
}

/// How many bytes a VARBYTE's values may have, from the type as the catalog prints it; without a length it is 64,000 (`r_VARBYTE_type`).
pub(crate) fn varbyte_length(data_type: &str) -> u32 {
    let length = data_type.split(['(', ')']).nth(1).and_then(|length| length.trim().parse().ok());
    length.unwrap_or(64_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transfer::NullMarker;
    use MarkedValue::{EmptyShortVarbyte, EmptyVarbyte, NullSuper};

    #[test]
    fn types_and_lengths_decide() {
        let column = |data_type: &str, not_null| Column {
            name: Identifier::new("c").unwrap(),
            data_type: data_type.to_owned(),
            not_null,
            default: None,
            encoding: "none".into(),
            collation: None,
        };
        let columns = [
            column("super", false),
            column("super", true),
            column("binary varying(64000)", false),
            column("varbyte", true),
            column("binary varying(18)", false),
            column("binary varying(17)", false),
            column("character varying(3)", false),
        ];
        let csv = Format::Csv { null_marker: NullMarker::from_bits(7) };
        let values: Vec<_> = marked(&columns, &csv).into_iter().map(|marked| marked.value).collect();
        assert_eq!(values, [NullSuper, EmptyVarbyte, EmptyVarbyte, EmptyVarbyte, EmptyShortVarbyte]);
        assert_eq!(marked(&columns, &Format::Parquet), []);
    }
}
