//! Parquet as UNLOAD writes it (`r_UNLOAD`, "FORMAT AS PARQUET clause") and COPY reads it
//! (`copy-usage_notes-copy-from-columnar`). At most one row group at a time is in memory.

mod column_type;
mod load;
mod read;
mod values;
mod write;

pub use column_type::ColumnType;
pub use load::load;
pub use write::ParquetWriter;

use parquet::errors::ParquetError;

use crate::statement::StatementError;

/// Something that the library cannot write or read.
impl From<ParquetError> for StatementError {
    fn from(error: ParquetError) -> Self {
        Self::new("XX000", format!("Parquet: {error}"))
    }
}
