//! COPY of Parquet files into PostgreSQL's binary COPY. A failure is told to the client alone, as a rule
//! (`copy-usage_notes-copy-from-columnar`: only some errors are in the tables of load errors).

use super::column_type::ColumnType;
use super::read::{RowGroup, metadata};
use crate::session::CopyIn;
use crate::statement::StatementError;
use crate::transfer::binary_rows::{HEADER, TRAILER};
use crate::transfer::column::Column;
use crate::transfer::s3::{Object, S3};

/// How much is gathered before it is handed to the backend.
const CHUNK_BYTES: usize = 64 * 1024;

/// Hands the rows of all files to the backend.
pub async fn load(
    files: &[Object],
    columns: &[Column],
    types: &[ColumnType],
    input: &mut CopyIn<'_>,
    s3: &S3,
) -> Result<(), StatementError> {
    let mut out = HEADER.to_vec();
    for file in files {
        let metadata = metadata(file, s3).await?;
        let schema = metadata.file_metadata().schema_descr();
        let found = schema.root_schema().get_fields().len();
        if found != columns.len() {
            return Err(StatementError::spectrum(format!(
                "Unmatched number of columns between table and file. Table columns: {}, Data columns: {found}, \
                 File name: {}",
                columns.len(),
                file.location
            )));
        }
        for ((column, column_type), leaf) in columns.iter().zip(types).zip(schema.columns()) {
            if schema.num_columns() != found || !column_type.accepts(leaf) {
                return Err(incompatible(column, leaf, file));
            }
        }
        for group in metadata.row_groups() {
            let mut group = RowGroup::fetch(file, group, columns, types, s3).await?;
            while group.next(&mut out)? {
                if out.len() >= CHUNK_BYTES {
                    input.send(std::mem::take(&mut out)).await?;
                }
            }
        }
    }
    out.extend_from_slice(&TRAILER);
    input.send(out).await
}

/// `c-spectrum-troubleshooting`, "Incompatible data formats".
fn incompatible(
    column: &Column,
    leaf: &parquet::schema::types::ColumnDescriptor,
    file: &Object,
) -> StatementError {
    let (name, kind) = (&column.name, column.base_type.to_uppercase());
    let location = &file.location;
    let physical = leaf.physical_type().to_string().to_lowercase();
    StatementError::spectrum(format!(
        "File '{location}' has an incompatible Parquet schema for column '{location}.{name}'. Column type: {kind}, Parquet \
         schema:\noptional {physical} {} [i:0 d:{} r:{}]",
        leaf.name(),
        leaf.max_def_level(),
        leaf.max_rep_level()
    ))
}
