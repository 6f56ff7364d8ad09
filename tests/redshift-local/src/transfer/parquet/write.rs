//! Writing a Parquet file, row group by row group, each compressed with SNAPPY (`r_UNLOAD`).

use std::sync::Arc;

use parquet::basic::Compression;
use parquet::errors::Result;
use parquet::file::properties::{WriterProperties, WriterVersion};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;

use super::column_type::ColumnType;
use super::values::Chunk;
use crate::statement::StatementError;
use crate::transfer::binary_rows;

/// A Parquet file being written.
pub struct ParquetWriter {
    file: SerializedFileWriter<Vec<u8>>,
    chunks: Vec<Chunk>,
    gathered: usize,
    row_group_bytes: usize,
}

impl ParquetWriter {
    /// A file of these columns, whose row groups take about so many bytes of memory.
    pub fn new(columns: &[(String, ColumnType)], row_group_bytes: usize) -> Result<Self> {
        let elements = columns.iter().map(|(name, column_type)| column_type.element(name).map(Arc::new));
        let schema =
            Type::group_type_builder("schema").with_fields(elements.collect::<Result<_>>()?).build()?;
        let properties = WriterProperties::builder()
            .set_writer_version(WriterVersion::PARQUET_1_0)
            .set_compression(Compression::SNAPPY)
            .build();
        Ok(Self {
            file: SerializedFileWriter::new(Vec::new(), Arc::new(schema), Arc::new(properties))?,
            chunks: columns.iter().map(|(_, column_type)| Chunk::new(*column_type)).collect(),
            gathered: 0,
            row_group_bytes,
        })
    }

    /// Takes a row as PostgreSQL sends it.
    pub fn append(&mut self, row: &[u8]) -> std::result::Result<(), StatementError> {
        let (chunks, gathered) = (&mut self.chunks, &mut self.gathered);
        binary_rows::fields(row, |at, value| {
            *gathered += chunks[at].push(value)?;
            Ok(())
        })?;
        if self.gathered >= self.row_group_bytes {
            self.end_row_group()?;
        }
        Ok(())
    }

    /// What is written so far and has not been taken away.
    pub fn output(&mut self) -> &mut Vec<u8> {
        self.file.inner_mut()
    }

    /// Ends the file and gives what is left of it.
    pub fn finish(mut self) -> Result<Vec<u8>> {
        if self.gathered > 0 {
            self.end_row_group()?;
        }
        self.file.into_inner()
    }

    fn end_row_group(&mut self) -> Result<()> {
        let mut group = self.file.next_row_group()?;
        for chunk in &mut self.chunks {
            let Some(mut column) = group.next_column()? else { break };
            chunk.write(column.untyped())?;
            column.close()?;
        }
        group.close()?;
        self.gathered = 0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use parquet::file::reader::{FileReader, SerializedFileReader};

    use super::{ColumnType, ParquetWriter};
    use crate::transfer::binary_rows::write_field;

    #[test]
    fn a_file_has_the_types_of_its_columns_and_row_groups_of_a_size() {
        let columns = [
            ("i", ColumnType::Integer, "optional int32 i;"),
            ("s", ColumnType::SmallInteger, "optional int32 s (INT_16);"),
            ("n", ColumnType::Decimal(10, 2), "optional fixed_len_byte_array (16) n (DECIMAL(10,2));"),
            ("t", ColumnType::Text, "optional byte_array t (UTF8);"),
            ("d", ColumnType::Date, "optional int32 d (DATE);"),
            ("m", ColumnType::Timestamp, "optional int64 m (TIMESTAMP_MICROS);"),
            ("j", ColumnType::Json, "optional byte_array j (JSON);"),
        ];
        let types: Vec<_> = columns.iter().map(|(name, kind, _)| ((*name).to_owned(), *kind)).collect();
        let mut writer = ParquetWriter::new(&types, 1000).unwrap();
        let mut file = Vec::new();
        for _ in 0..10 {
            let mut row = 7_u16.to_be_bytes().to_vec();
            for (_, kind, _) in &columns {
                match kind {
                    ColumnType::Decimal(..) | ColumnType::Timestamp => write_field(&mut row, &[0; 8]),
                    ColumnType::Text => write_field(&mut row, &[b'x'; 300]),
                    ColumnType::Json => write_field(&mut row, b"{}"),
                    ColumnType::SmallInteger => write_field(&mut row, &[0; 2]),
                    _ => write_field(&mut row, &[0; 4]),
                }
            }
            writer.append(&row).unwrap();
            file.append(writer.output());
        }
        file.append(&mut writer.finish().unwrap());
        let reader = SerializedFileReader::new(Bytes::from(file)).unwrap();
        let metadata = reader.metadata();
        assert_eq!((metadata.num_row_groups(), metadata.file_metadata().num_rows()), (5, 10));
        let mut schema = Vec::new();
        parquet::schema::printer::print_schema(&mut schema, metadata.file_metadata().schema());
        let schema = String::from_utf8(schema).unwrap().to_lowercase();
        for (.., expected) in columns {
            assert!(schema.contains(&expected.to_lowercase()), "{expected} in {schema}");
        }
    }
}
