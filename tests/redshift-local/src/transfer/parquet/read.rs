//! Reading a Parquet file out of S3: its footer, then one row group after another.

use std::io::Cursor;
use std::sync::Arc;

use bytes::Bytes;
use parquet::column::reader::{ColumnReader, get_column_reader};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::{
    ColumnChunkMetaData, FooterTail, ParquetMetaData, ParquetMetaDataReader, RowGroupMetaData,
};
use parquet::file::reader::{ChunkReader, Length, SerializedPageReader};

use super::column_type::ColumnType;
use super::values::Chunk;
use crate::statement::StatementError;
use crate::transfer::binary_rows::{write_field, write_null};
use crate::transfer::column::Column;
use crate::transfer::s3::{Object, S3};

/// The last bytes of a file: the length of its metadata and a mark.
const TAIL_BYTES: u64 = 8;

/// The most of a file that is held at once; UNLOAD's row groups have 32 MB (`r_UNLOAD`).
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// The longest row that COPY takes from any source (`r_COPY`).
const MAX_ROW_BYTES: usize = 4 * 1024 * 1024;

/// How many rows are decoded at once; with the widest of values that is a few megabytes a column.
const BATCH_ROWS: usize = 128;

/// What a file says of itself.
pub async fn metadata(object: &Object, s3: &S3) -> std::result::Result<ParquetMetaData, StatementError> {
    let no_parquet = || {
        let file = &object.location;
        StatementError::spectrum(format!("Invalid Parquet file: {file} has no Parquet footer"))
    };
    let start = object.size.checked_sub(TAIL_BYTES).ok_or_else(no_parquet)?;
    let tail = s3.read_range(&object.location, start, TAIL_BYTES).await?;
    let tail = FooterTail::try_from(tail.as_ref()).map_err(|_| no_parquet())?;
    let length = tail.metadata_length() as u64;
    let start = start.checked_sub(length).ok_or_else(no_parquet)?;
    let metadata = s3.read_range(&object.location, start, length).await?;
    Ok(ParquetMetaDataReader::decode_metadata(&metadata)?)
}

/// The rows of a row group, in PostgreSQL's binary form.
pub struct RowGroup<'a> {
    columns: &'a [Column],
    readers: Vec<(ColumnReader, Chunk)>,
    rest: usize,
}

impl<'a> RowGroup<'a> {
    /// Fetches a row group.
    pub async fn fetch(
        object: &Object,
        group: &RowGroupMetaData,
        columns: &'a [Column],
        types: &[ColumnType],
        s3: &S3,
    ) -> std::result::Result<Self, StatementError> {
        let ranges = || group.columns().iter().map(ColumnChunkMetaData::byte_range);
        let start = ranges().map(|(start, _)| start).min().unwrap_or(0);
        let end = ranges().map(|(start, length)| start + length).max().unwrap_or(0);
        if end - start > MAX_BYTES {
            return Err(StatementError::unsupported("a Parquet row group of more than 64 MB"));
        }
        let bytes = s3.read_range(&object.location, start, end - start).await?;
        let part = Arc::new(Part { start, bytes });
        let rows = usize::try_from(group.num_rows()).unwrap_or(0);
        let readers = group.columns().iter().zip(types).map(|(column, column_type)| {
            let pages = SerializedPageReader::new(Arc::clone(&part), column, rows, None)?;
            Ok((get_column_reader(column.column_descr_ptr(), Box::new(pages)), Chunk::new(*column_type)))
        });
        Ok(Self { columns, readers: readers.collect::<Result<_>>()?, rest: rows })
    }

    /// Appends the next rows; false if there are none left.
    pub fn next(&mut self, out: &mut Vec<u8>) -> std::result::Result<bool, StatementError> {
        let rows = self.rest.min(BATCH_ROWS);
        for (reader, chunk) in &mut self.readers {
            chunk.read(reader, rows)?;
            if chunk.levels.len() != rows {
                return Err(ParquetError::EOF("a column ends before its row group".to_owned()).into());
            }
        }
        let mut places = vec![0; self.columns.len()];
        let count = i16::try_from(self.columns.len()).unwrap_or(i16::MAX);
        for row in 0..rows {
            let start = out.len();
            out.extend_from_slice(&count.to_be_bytes());
            for (((_, chunk), column), place) in self.readers.iter().zip(self.columns).zip(&mut places) {
                if chunk.levels[row] == 0 {
                    if column.not_null {
                        return Err(cannot_load(column, "is NULL in a NOT NULL column"));
                    }
                    write_null(out);
                    continue;
                }
                let value = chunk.value(*place);
                let value = value.ok_or_else(|| cannot_load(column, "is out of the column's range"))?;
                *place += 1;
                if column.is_fixed_length() && !value.is_ascii() {
                    return Err(cannot_load(column, "holds a multibyte character, which CHAR does not"));
                }
                if let Some(limit) = column.max_bytes.filter(|limit| value.len() > *limit as usize) {
                    return Err(StatementError::spectrum(format!(
                        "The length of the data column {} is longer than the length defined in the table. Table: {limit}, Data: {}",
                        column.name,
                        value.len()
                    )));
                }
                write_field(out, &value);
            }
            if out.len() - start > MAX_ROW_BYTES {
                return Err(StatementError::spectrum("a row is longer than 4 MB"));
            }
        }
        self.rest -= rows;
        Ok(rows > 0)
    }
}

/// A value that does not fit; the message names the column, never the value.
fn cannot_load(column: &Column, why: &str) -> StatementError {
    StatementError::spectrum(format!("a value of column \"{}\" {why}", column.name))
}

/// Some bytes of a file, at the places where they are in it.
struct Part {
    start: u64,
    bytes: Bytes,
}

impl Part {
    fn from(&self, place: u64) -> Result<Bytes> {
        let at = place.checked_sub(self.start).and_then(|at| usize::try_from(at).ok());
        at.filter(|at| *at <= self.bytes.len())
            .map(|at| self.bytes.slice(at..))
            .ok_or_else(|| ParquetError::EOF("a page lies outside its row group".to_owned()))
    }
}

impl Length for Part {
    fn len(&self) -> u64 {
        self.start + self.bytes.len() as u64
    }
}

impl ChunkReader for Part {
    type T = Cursor<Bytes>;

    fn get_read(&self, start: u64) -> Result<Self::T> {
        Ok(Cursor::new(self.from(start)?))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        let bytes = self.from(start)?;
        if bytes.len() < length {
            return Err(ParquetError::EOF("a page is longer than its row group".to_owned()));
        }
        Ok(bytes.slice(..length))
    }
}
