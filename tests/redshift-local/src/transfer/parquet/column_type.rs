//! Which Parquet type a column is written as, and which a file must have for it. AWS's pages list no types: those written
//! are the ones that Redshift Spectrum reads (`r_CREATE_EXTERNAL_TABLE`), and a file must have exactly these.

use parquet::basic::{ConvertedType, Repetition, Type as Physical};
use parquet::errors::Result;
use parquet::schema::types::{ColumnDescriptor, Type};

use crate::statement::StatementError;
use crate::transfer::column::Column;

/// A Redshift type that Parquet can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnType {
    /// BOOLEAN.
    Boolean,
    /// SMALLINT.
    SmallInteger,
    /// INTEGER.
    Integer,
    /// BIGINT.
    BigInteger,
    /// REAL.
    Real,
    /// DOUBLE PRECISION.
    Double,
    /// NUMERIC of this precision and scale.
    Decimal(u32, u32),
    /// CHAR and VARCHAR.
    Text,
    /// DATE.
    Date,
    /// TIMESTAMP, and on the way out TIMESTAMPTZ, whose zone is lost.
    Timestamp,
    /// SUPER, as JSON (`unload-super-parquet`).
    Json,
    /// VARBYTE, on the way in alone (`r_UNLOAD`, `copy-usage-varbyte`).
    Bytes,
}

/// Enough for the 38 digits of the widest NUMERIC.
pub const DECIMAL_BYTES: i32 = 16;

impl ColumnType {
    /// What UNLOAD writes a column as.
    pub fn unloaded(column: &Column) -> std::result::Result<Self, StatementError> {
        match column.base_type.as_str() {
            "timestamp with time zone" => Ok(Self::Timestamp),
            // r_UNLOAD: only to text or CSV.
            "varbyte" | "geometry" | "hllsketch" => Err(StatementError::new(
                "0A000",
                format!("{} columns can only be unloaded to text or CSV", column.base_type.to_uppercase()),
            )
            .with_detail(format!("column \"{}\"", column.name))),
            _ => Self::of(column).ok_or_else(|| unsupported(column, "UNLOAD")),
        }
    }

    /// What COPY loads a column from. AWS's pages say nothing of TIMESTAMPTZ, TIME and TIMETZ, which Spectrum lacks.
    pub fn loaded(column: &Column, serialize_to_json: bool) -> std::result::Result<Self, StatementError> {
        match column.base_type.as_str() {
            "varbyte" => Ok(Self::Bytes),
            // ingest-super, "Copying data from columnar-format Parquet and ORC".
            "super" if !serialize_to_json => Err(StatementError::unsupported(
                "COPY of Parquet into a SUPER column without SERIALIZETOJSON",
            )
            .with_detail(format!("column \"{}\"", column.name))),
            _ => Self::of(column).ok_or_else(|| unsupported(column, "COPY")),
        }
    }

    fn of(column: &Column) -> Option<Self> {
        Some(match column.base_type.as_str() {
            "boolean" => Self::Boolean,
            "smallint" => Self::SmallInteger,
            "integer" => Self::Integer,
            "bigint" => Self::BigInteger,
            "real" => Self::Real,
            "double precision" => Self::Double,
            "numeric" => {
                column.precision_and_scale.map(|(precision, scale)| Self::Decimal(precision, scale))?
            }
            "character" | "character varying" => Self::Text,
            "date" => Self::Date,
            "timestamp without time zone" => Self::Timestamp,
            "super" => Self::Json,
            _ => return None,
        })
    }

    fn parquet(self) -> (Physical, ConvertedType) {
        match self {
            Self::Boolean => (Physical::BOOLEAN, ConvertedType::NONE),
            Self::SmallInteger => (Physical::INT32, ConvertedType::INT_16),
            Self::Integer => (Physical::INT32, ConvertedType::NONE),
            Self::BigInteger => (Physical::INT64, ConvertedType::NONE),
            Self::Real => (Physical::FLOAT, ConvertedType::NONE),
            Self::Double => (Physical::DOUBLE, ConvertedType::NONE),
            Self::Decimal(..) => (Physical::FIXED_LEN_BYTE_ARRAY, ConvertedType::DECIMAL),
            Self::Text => (Physical::BYTE_ARRAY, ConvertedType::UTF8),
            Self::Date => (Physical::INT32, ConvertedType::DATE),
            Self::Timestamp => (Physical::INT64, ConvertedType::TIMESTAMP_MICROS),
            Self::Json => (Physical::BYTE_ARRAY, ConvertedType::JSON),
            Self::Bytes => (Physical::BYTE_ARRAY, ConvertedType::NONE),
        }
    }

    /// The element of a file's schema. Every one is optional.
    pub fn element(self, name: &str) -> Result<Type> {
        let (physical, converted) = self.parquet();
        let builder = Type::primitive_type_builder(name, physical)
            .with_repetition(Repetition::OPTIONAL)
            .with_converted_type(converted);
        let signed = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
        match self {
            Self::Decimal(precision, scale) => builder
                .with_length(DECIMAL_BYTES)
                .with_precision(signed(precision))
                .with_scale(signed(scale))
                .build(),
            _ => builder.build(),
        }
    }

    /// Whether a file's column can be loaded.
    pub fn accepts(self, column: &ColumnDescriptor) -> bool {
        let (physical, converted) = self.parquet();
        let flat = column.max_rep_level() == 0 && column.max_def_level() <= 1;
        let same_numbers = match self {
            Self::Decimal(precision, scale) => {
                (i64::from(column.type_precision()), i64::from(column.type_scale()))
                    == (i64::from(precision), i64::from(scale))
                    && column.type_length() <= DECIMAL_BYTES
            }
            _ => true,
        };
        flat && same_numbers && (column.physical_type(), column.converted_type()) == (physical, converted)
    }
}

fn unsupported(column: &Column, statement: &str) -> StatementError {
    let kind = column.base_type.to_uppercase();
    StatementError::unsupported(format!("{statement} of {kind} columns in Parquet"))
        .with_detail(format!("column \"{}\"", column.name))
}
