//! Writing an object of unknown size with a fixed amount of memory: small ones whole, large ones as a multipart upload.

use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart};
use bytes::{Bytes, BytesMut};

use super::s3::{S3, failure, server_side};
use crate::statement::{Encryption, Location, StatementError};

/// The size of a part; S3 takes nothing below 5 MB, and 10,000 parts of 8 MB hold more than a file may have (6.2 GB).
const PART_BYTES: usize = 8 * 1024 * 1024;

/// An object being written.
#[derive(Debug)]
pub struct Upload<'a> {
    s3: &'a S3,
    location: Location,
    encryption: &'a Encryption,
    buffer: BytesMut,
    parts: Option<Parts>,
    bytes: u64,
}

/// A multipart upload that has begun.
#[derive(Debug)]
struct Parts {
    id: String,
    completed: Vec<CompletedPart>,
}

impl<'a> Upload<'a> {
    /// An empty object, not there until it is finished.
    pub fn new(s3: &'a S3, location: Location, encryption: &'a Encryption) -> Self {
        Self { s3, location, encryption, buffer: BytesMut::new(), parts: None, bytes: 0 }
    }

    /// The bytes written so far.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Appends bytes.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), StatementError> {
        self.buffer.extend_from_slice(bytes);
        self.bytes += bytes.len() as u64;
        while self.buffer.len() >= PART_BYTES {
            let part = self.buffer.split_to(PART_BYTES).freeze();
            self.send_part(part).await?;
        }
        Ok(())
    }

    /// Ends the object, which is there from now on. If that fails, no parts stay behind.
    pub async fn finish(mut self) -> Result<(Location, u64), StatementError> {
        let rest = self.buffer.split().freeze();
        match self.complete(rest).await {
            Ok(()) => Ok((self.location, self.bytes)),
            Err(error) => {
                let _ = self.abandon().await;
                Err(error)
            }
        }
    }

    async fn complete(&mut self, rest: Bytes) -> Result<(), StatementError> {
        if self.parts.is_none() {
            return self.s3.write(&self.location, rest, self.encryption).await;
        }
        if !rest.is_empty() {
            self.send_part(rest).await?;
        }
        let Some(Parts { id, completed }) = &self.parts else { return Ok(()) };
        let parts = CompletedMultipartUpload::builder().set_parts(Some(completed.clone())).build();
        self.s3
            .client()
            .complete_multipart_upload()
            .bucket(&self.location.bucket)
            .key(&self.location.key)
            .upload_id(id)
            .multipart_upload(parts)
            .send()
            .await
            .map(drop)
            .map_err(|error| failure("writing", &self.location, &error))
    }

    /// Gives the object up, so that no parts stay behind.
    pub async fn abandon(self) -> Result<(), StatementError> {
        if let Some(Parts { id, .. }) = self.parts {
            self.s3
                .client()
                .abort_multipart_upload()
                .bucket(&self.location.bucket)
                .key(&self.location.key)
                .upload_id(id)
                .send()
                .await
                .map_err(|error| failure("giving up", &self.location, &error))?;
        }
        Ok(())
    }

    async fn send_part(&mut self, body: Bytes) -> Result<(), StatementError> {
        if self.parts.is_none() {
            self.parts = Some(Parts { id: self.begin().await?, completed: Vec::new() });
        }
        let Some(Parts { id, completed }) = &mut self.parts else { return Ok(()) };
        let number = i32::try_from(completed.len() + 1)
            .map_err(|_| StatementError::new("54000", format!("{} has too many parts", self.location)))?;
        let answer = self
            .s3
            .client()
            .upload_part()
            .bucket(&self.location.bucket)
            .key(&self.location.key)
            .upload_id(id.as_str())
            .part_number(number)
            .body(body.into())
            .send()
            .await
            .map_err(|error| failure("writing", &self.location, &error))?;
        let part = CompletedPart::builder().part_number(number).set_e_tag(answer.e_tag().map(str::to_owned));
        completed.push(part.build());
        Ok(())
    }

    async fn begin(&self) -> Result<String, StatementError> {
        let (method, key) = server_side(self.encryption);
        let answer = self
            .s3
            .client()
            .create_multipart_upload()
            .bucket(&self.location.bucket)
            .key(&self.location.key)
            .set_server_side_encryption(method)
            .set_ssekms_key_id(key)
            .send()
            .await
            .map_err(|error| failure("writing", &self.location, &error))?;
        answer.upload_id().map(str::to_owned).ok_or_else(|| {
            StatementError::new("XX000", format!("S3 began an upload of {} without an id", self.location))
        })
    }
}
