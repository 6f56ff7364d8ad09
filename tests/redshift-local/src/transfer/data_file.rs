//! One data file of an UNLOAD: rows go in, the file's bytes go to S3.

use std::io::Write;

use flate2::write::GzEncoder;

use super::manifest::UnloadedFile;
use super::parquet::ParquetWriter;
use super::s3::S3;
use super::upload::Upload;
use crate::statement::{Compression, Encryption, Location, StatementError};

/// How much is gathered before it is handed to the upload.
const CHUNK_BYTES: usize = 64 * 1024;

/// A data file being written.
pub struct DataFile<'a> {
    encoder: Encoder,
    upload: Upload<'a>,
    rows: u64,
}

/// What turns rows into the file's bytes.
pub enum Encoder {
    /// Rows that are text already.
    Plain(Vec<u8>),
    /// Such rows, compressed.
    Gzip(GzEncoder<Vec<u8>>),
    /// Such rows, compressed.
    Zstd(zstd::stream::write::Encoder<'static, Vec<u8>>),
    /// Rows as PostgreSQL sends them in its binary format.
    Parquet(Box<ParquetWriter>),
}

impl Encoder {
    /// For rows of text.
    pub fn text(compression: Compression) -> std::io::Result<Self> {
        Ok(match compression {
            Compression::None => Self::Plain(Vec::new()),
            Compression::Gzip => Self::Gzip(GzEncoder::new(Vec::new(), flate2::Compression::fast())),
            Compression::Zstd => Self::Zstd(zstd::stream::write::Encoder::new(Vec::new(), 1)?),
        })
    }

    fn append(&mut self, row: &[u8]) -> Result<(), StatementError> {
        match self {
            Self::Plain(bytes) => bytes.extend_from_slice(row),
            Self::Gzip(encoder) => encoder.write_all(row)?,
            Self::Zstd(encoder) => encoder.write_all(row)?,
            Self::Parquet(writer) => writer.append(row)?,
        }
        Ok(())
    }

    /// What has come out and has not been taken away.
    fn output(&mut self) -> &mut Vec<u8> {
        match self {
            Self::Plain(bytes) => bytes,
            Self::Gzip(encoder) => encoder.get_mut(),
            Self::Zstd(encoder) => encoder.get_mut(),
            Self::Parquet(writer) => writer.output(),
        }
    }

    fn finish(self) -> Result<Vec<u8>, StatementError> {
        Ok(match self {
            Self::Plain(bytes) => bytes,
            Self::Gzip(encoder) => encoder.finish()?,
            Self::Zstd(encoder) => encoder.finish()?,
            Self::Parquet(writer) => writer.finish()?,
        })
    }
}

impl<'a> DataFile<'a> {
    /// An empty file.
    pub fn new(s3: &'a S3, location: Location, encoder: Encoder, encryption: &'a Encryption) -> Self {
        Self { encoder, upload: Upload::new(s3, location, encryption), rows: 0 }
    }

    /// The file's size so far, as far as it is known: what the encoder still holds is not in it.
    pub fn bytes(&mut self) -> u64 {
        self.upload.bytes() + self.encoder.output().len() as u64
    }

    /// Appends a row (or header) in the form that the encoder takes.
    pub async fn write_row(&mut self, row: &[u8]) -> Result<(), StatementError> {
        self.encoder.append(row)?;
        self.rows += 1;
        let output = self.encoder.output();
        if output.len() >= CHUNK_BYTES {
            self.upload.write(output).await?;
            output.clear();
        }
        Ok(())
    }

    /// Ends the file and tells what it holds.
    pub async fn finish(mut self) -> Result<UnloadedFile, StatementError> {
        let rest = self.encoder.finish()?;
        self.upload.write(&rest).await?;
        let (location, content_length) = self.upload.finish().await?;
        Ok(UnloadedFile { location, content_length, record_count: self.rows })
    }

    /// Gives the file up.
    pub async fn abandon(self) -> Result<(), StatementError> {
        self.upload.abandon().await
    }
}
