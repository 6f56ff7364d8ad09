//! A column's values between PostgreSQL's binary form and Parquet's.

use parquet::column::reader::ColumnReader;
use parquet::column::writer::ColumnWriter;
use parquet::data_type::{ByteArray, FixedLenByteArray};
use parquet::errors::Result;

use super::column_type::{ColumnType, DECIMAL_BYTES};
use crate::statement::StatementError;
use crate::transfer::binary_rows::{fixed, numeric, unscaled};

/// Days and microseconds from Parquet's epoch to PostgreSQL's, which is 2000-01-01.
const EPOCH_DAYS: i32 = 10_957;
const EPOCH_MICROSECONDS: i64 = 946_684_800_000_000;

/// What a value of variable length takes in memory beside its bytes.
const OVERHEAD: usize = 40;

/// Values in Parquet's form, without NULLs.
#[derive(Debug)]
pub enum Values {
    Boolean(Vec<bool>),
    Int32(Vec<i32>),
    Int64(Vec<i64>),
    Float(Vec<f32>),
    Double(Vec<f64>),
    Bytes(Vec<ByteArray>),
    Fixed(Vec<FixedLenByteArray>),
}

/// Some rows of one column.
#[derive(Debug)]
pub struct Chunk {
    pub column_type: ColumnType,
    /// For each row 1 where there is a value, 0 for NULL.
    pub levels: Vec<i16>,
    pub values: Values,
}

impl Chunk {
    pub fn new(column_type: ColumnType) -> Self {
        let values = match column_type {
            ColumnType::Boolean => Values::Boolean(Vec::new()),
            ColumnType::SmallInteger | ColumnType::Integer | ColumnType::Date => Values::Int32(Vec::new()),
            ColumnType::BigInteger | ColumnType::Timestamp => Values::Int64(Vec::new()),
            ColumnType::Real => Values::Float(Vec::new()),
            ColumnType::Double => Values::Double(Vec::new()),
            ColumnType::Decimal(..) => Values::Fixed(Vec::new()),
            ColumnType::Text | ColumnType::Json | ColumnType::Bytes => Values::Bytes(Vec::new()),
        };
        Self { column_type, levels: Vec::new(), values }
    }

    /// Takes a value of PostgreSQL's; gives about how many bytes of memory it takes.
    pub fn push(&mut self, value: Option<&[u8]>) -> std::result::Result<usize, StatementError> {
        // AWS's pages do not say that JSON null is kept apart from NULL, so it is not.
        let value = value.filter(|value| !(self.column_type == ColumnType::Json && *value == b"null"));
        self.levels.push(i16::from(value.is_some()));
        let Some(value) = value else { return Ok(size_of::<i16>()) };
        match &mut self.values {
            Values::Boolean(values) => values.push(fixed::<1>(value)? == [1]),
            Values::Int32(values) => values.push(match self.column_type {
                ColumnType::SmallInteger => i16::from_be_bytes(fixed(value)?).into(),
                ColumnType::Date => {
                    i32::from_be_bytes(fixed(value)?).checked_add(EPOCH_DAYS).ok_or_else(out_of_range)?
                }
                _ => i32::from_be_bytes(fixed(value)?),
            }),
            Values::Int64(values) => values.push(match self.column_type {
                ColumnType::Timestamp => {
                    let microseconds = i64::from_be_bytes(fixed(value)?);
                    microseconds.checked_add(EPOCH_MICROSECONDS).ok_or_else(out_of_range)?
                }
                _ => i64::from_be_bytes(fixed(value)?),
            }),
            Values::Float(values) => values.push(f32::from_be_bytes(fixed(value)?)),
            Values::Double(values) => values.push(f64::from_be_bytes(fixed(value)?)),
            Values::Bytes(values) => values.push(value.to_vec().into()),
            Values::Fixed(values) => {
                let ColumnType::Decimal(_, scale) = self.column_type else { return Err(out_of_range()) };
                let number = unscaled(value, scale).ok_or_else(out_of_range)?;
                values.push(number.to_be_bytes().to_vec().into());
            }
        }
        Ok(value.len() + OVERHEAD)
    }

    /// Writes the rows into a file's column, and forgets them.
    pub fn write(&mut self, column: &mut ColumnWriter<'_>) -> Result<()> {
        let levels = Some(self.levels.as_slice());
        match (&self.values, column) {
            (Values::Boolean(values), ColumnWriter::BoolColumnWriter(column)) => {
                column.write_batch(values, levels, None)
            }
            (Values::Int32(values), ColumnWriter::Int32ColumnWriter(column)) => {
                column.write_batch(values, levels, None)
            }
            (Values::Int64(values), ColumnWriter::Int64ColumnWriter(column)) => {
                column.write_batch(values, levels, None)
            }
            (Values::Float(values), ColumnWriter::FloatColumnWriter(column)) => {
                column.write_batch(values, levels, None)
            }
            (Values::Double(values), ColumnWriter::DoubleColumnWriter(column)) => {
                column.write_batch(values, levels, None)
            }
            (Values::Bytes(values), ColumnWriter::ByteArrayColumnWriter(column)) => {
                column.write_batch(values, levels, None)
            }
            (Values::Fixed(values), ColumnWriter::FixedLenByteArrayColumnWriter(column)) => {
                column.write_batch(values, levels, None)
            }
            _ => unreachable!("the file's schema is made of the same column types"),
        }?;
        *self = Self::new(self.column_type);
        Ok(())
    }

    /// Reads the next rows of a file's column in place of those here.
    pub fn read(&mut self, column: &mut ColumnReader, rows: usize) -> Result<()> {
        *self = Self::new(self.column_type);
        let levels = &mut self.levels;
        let (_, _, read) = match (&mut self.values, column) {
            (Values::Boolean(values), ColumnReader::BoolColumnReader(column)) => {
                column.read_records(rows, Some(levels), None, values)
            }
            (Values::Int32(values), ColumnReader::Int32ColumnReader(column)) => {
                column.read_records(rows, Some(levels), None, values)
            }
            (Values::Int64(values), ColumnReader::Int64ColumnReader(column)) => {
                column.read_records(rows, Some(levels), None, values)
            }
            (Values::Float(values), ColumnReader::FloatColumnReader(column)) => {
                column.read_records(rows, Some(levels), None, values)
            }
            (Values::Double(values), ColumnReader::DoubleColumnReader(column)) => {
                column.read_records(rows, Some(levels), None, values)
            }
            (Values::Bytes(values), ColumnReader::ByteArrayColumnReader(column)) => {
                column.read_records(rows, Some(levels), None, values)
            }
            (Values::Fixed(values), ColumnReader::FixedLenByteArrayColumnReader(column)) => {
                column.read_records(rows, Some(levels), None, values)
            }
            _ => unreachable!("the file's columns were checked against the same column types"),
        }?;
        // A required column has no levels.
        self.levels.resize(read, 1);
        Ok(())
    }

    /// The value at a place among those that are not NULL, in PostgreSQL's form.
    pub fn value(&self, at: usize) -> Option<Vec<u8>> {
        Some(match &self.values {
            Values::Boolean(values) => vec![u8::from(*values.get(at)?)],
            Values::Int32(values) => {
                let value = *values.get(at)?;
                match self.column_type {
                    ColumnType::SmallInteger => i16::try_from(value).ok()?.to_be_bytes().to_vec(),
                    ColumnType::Date => value.checked_sub(EPOCH_DAYS)?.to_be_bytes().to_vec(),
                    _ => value.to_be_bytes().to_vec(),
                }
            }
            Values::Int64(values) => match self.column_type {
                ColumnType::Timestamp => {
                    values.get(at)?.checked_sub(EPOCH_MICROSECONDS)?.to_be_bytes().to_vec()
                }
                _ => values.get(at)?.to_be_bytes().to_vec(),
            },
            Values::Float(values) => values.get(at)?.to_be_bytes().to_vec(),
            Values::Double(values) => values.get(at)?.to_be_bytes().to_vec(),
            Values::Bytes(values) => values.get(at)?.data().to_vec(),
            Values::Fixed(values) => {
                let ColumnType::Decimal(_, scale) = self.column_type else { return None };
                let bytes = values.get(at)?.data();
                // Sign-extended to the widest.
                let fill = if bytes.first()? & 0x80 == 0 { 0 } else { 0xff };
                let mut wide = [fill; DECIMAL_BYTES as usize];
                wide.get_mut(DECIMAL_BYTES as usize - bytes.len()..)?.copy_from_slice(bytes);
                numeric(i128::from_be_bytes(wide), scale)
            }
        })
    }
}

fn out_of_range() -> StatementError {
    StatementError::new("22003", "a value is out of the range of its Parquet type")
}
