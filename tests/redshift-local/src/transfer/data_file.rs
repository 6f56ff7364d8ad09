//! One data file of an UNLOAD: rows go in, compressed bytes go to S3.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::manifest::UnloadedFile;
use super::s3::S3;
use super::upload::Upload;
use crate::statement::{Encryption, Location, StatementError};

/// How much is gathered before it is handed to the upload.
const CHUNK_BYTES: usize = 64 * 1024;

/// A data file being written.
#[derive(Debug)]
pub struct DataFile<'a> {
    encoder: Encoder,
    upload: Upload<'a>,
    rows: u64,
}

#[derive(Debug)]
enum Encoder {
    Plain(Vec<u8>),
    Gzip(GzEncoder<Vec<u8>>),
}

impl<'a> DataFile<'a> {
    /// An empty file.
    pub fn new(s3: &'a S3, location: Location, gzip: bool, encryption: &'a Encryption) -> Self {
        let encoder = if gzip {
            Encoder::Gzip(GzEncoder::new(Vec::new(), Compression::fast()))
        } else {
            Encoder::Plain(Vec::new())
        };
        Self { encoder, upload: Upload::new(s3, location, encryption), rows: 0 }
    }

    /// The file's size so far, as far as it is known: what the compressor still holds is not in it.
    pub fn bytes(&self) -> u64 {
        let gathered = match &self.encoder {
            Encoder::Plain(bytes) => bytes.len(),
            Encoder::Gzip(encoder) => encoder.get_ref().len(),
        };
        self.upload.bytes() + gathered as u64
    }

    /// Appends a row (or header) that is CSV already.
    pub async fn write_row(&mut self, row: &[u8]) -> Result<(), StatementError> {
        let gathered = match &mut self.encoder {
            Encoder::Plain(bytes) => {
                bytes.extend_from_slice(row);
                bytes
            }
            Encoder::Gzip(encoder) => {
                encoder.write_all(row)?;
                encoder.get_mut()
            }
        };
        self.rows += 1;
        if gathered.len() >= CHUNK_BYTES {
            self.upload.write(gathered).await?;
            gathered.clear();
        }
        Ok(())
    }

    /// Ends the file and tells what it holds.
    pub async fn finish(mut self) -> Result<UnloadedFile, StatementError> {
        let rest = match self.encoder {
            Encoder::Plain(bytes) => bytes,
            Encoder::Gzip(encoder) => encoder.finish()?,
        };
        self.upload.write(&rest).await?;
        let (location, content_length) = self.upload.finish().await?;
        Ok(UnloadedFile { location, content_length, record_count: self.rows })
    }

    /// Gives the file up.
    pub async fn abandon(self) -> Result<(), StatementError> {
        self.upload.abandon().await
    }
}
