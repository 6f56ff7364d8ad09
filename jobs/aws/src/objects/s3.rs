//! Objects in S3.

use arguments::{BucketPrefix, KmsKeyArn};
use aws_sdk_s3::Client;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::operation::get_object::GetObjectError;
use aws_sdk_s3::operation::put_object::PutObjectError;
use aws_sdk_s3::operation::put_object::builders::PutObjectFluentBuilder;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{Delete, ObjectIdentifier, ServerSideEncryption};
use migration::outcome::ErrorKind;

use super::{Listed, ObjectStore, Version, check_folder};
use crate::fault::Call;
use crate::{AwsError, Config};

/// How many objects one `DeleteObjects` takes at most (S3 API Reference).
const DELETE_AT_ONCE: usize = 1_000;

/// Objects in S3 below a prefix of a bucket.
#[derive(Clone, Debug)]
pub struct S3Objects {
    client: Client,
    place: BucketPrefix,
    kms_key: Option<KmsKeyArn>,
}

impl S3Objects {
    /// The objects below a prefix, in the Region of the configuration. With a key each write names it: a bucket's policy that demands
    /// encryption by AWS KMS looks at the request, and not at the bucket's default (Amazon S3 User Guide, page `UsingKMSEncryption`).
    pub fn new(config: &Config, place: BucketPrefix, kms_key: Option<KmsKeyArn>) -> Self {
        Self { client: Client::from_conf(config.s3()), place, kms_key }
    }

    fn put_request(&self, key: &str, content: Vec<u8>) -> PutObjectFluentBuilder {
        let request = self.client.put_object().bucket(self.place.bucket()).key(self.place.key(key));
        let request = request.body(ByteStream::from(content));
        match &self.kms_key {
            Some(key) => {
                request.server_side_encryption(ServerSideEncryption::AwsKms).ssekms_key_id(key.as_str())
            }
            None => request,
        }
    }

    /// Removes objects by whole key, at most [`DELETE_AT_ONCE`].
    async fn delete(&self, keys: &[String], call: &Call<'_>) -> Result<(), AwsError> {
        let identifiers = keys.iter().map(|key| ObjectIdentifier::builder().key(key).build());
        let delete = identifiers
            .collect::<Result<Vec<_>, _>>()
            .and_then(|identifiers| Delete::builder().set_objects(Some(identifiers)).quiet(true).build())
            .map_err(|error| AwsError::new(ErrorKind::Internal, error.to_string()))?;
        let request = self.client.delete_objects().bucket(self.place.bucket()).delete(delete);
        let answer = request.send().await.map_err(|error| call.failed(&error))?;
        match answer.errors().first() {
            None => Ok(()),
            // The call as a whole succeeds even where single objects are refused.
            Some(error) => Err(call.refused(error.code(), error.message(), PARTLY_REFUSED)),
        }
    }
}

/// The status of a refusal inside an answer that has none of its own.
const PARTLY_REFUSED: u16 = 400;

/// Speaks of a call on the bucket.
fn call<'a>(doing: &'a str, action: &'static str) -> Call<'a> {
    Call { doing, service: "S3", action, if_absent: "create the bucket, or correct --S3_BUCKET" }
}

/// Whether a conditional write failed for its condition.
fn is_overtaken(error: &SdkError<PutObjectError>) -> bool {
    let code = error.code();
    ["PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey"].iter().any(|known| code == Some(known))
}

impl ObjectStore for S3Objects {
    async fn put(&self, key: &str, content: Vec<u8>) -> Result<(), AwsError> {
        let doing = format!("writing {}", self.place.uri(key));
        let answer = self.put_request(key, content).send().await;
        answer.map(drop).map_err(|error| call(&doing, "s3:PutObject on it").failed(&error))
    }

    /// Conditional writes: Amazon S3 User Guide, page `conditional-writes`. They need `s3:PutObject`, and `s3:GetObject` for
    /// `If-Match`; 412 says that the condition does not hold, 409 that another write is under way, 404 that the object
    /// is gone.
    async fn put_in_place_of(
        &self,
        version: Option<&Version>,
        key: &str,
        content: Vec<u8>,
    ) -> Result<Option<Version>, AwsError> {
        let doing = format!("writing {}", self.place.uri(key));
        let request = self.put_request(key, content);
        let request = match version {
            Some(Version(tag)) => request.if_match(tag),
            None => request.if_none_match("*"),
        };
        match request.send().await {
            Ok(put) => Ok(Some(Version(put.e_tag.unwrap_or_default()))),
            Err(error) if is_overtaken(&error) => Ok(None),
            Err(error) => Err(call(&doing, "s3:PutObject and s3:GetObject on it").failed(&error)),
        }
    }

    async fn get_version(&self, key: &str) -> Result<Option<(Vec<u8>, Version)>, AwsError> {
        let doing = format!("reading {}", self.place.uri(key));
        let request = self.client.get_object().bucket(self.place.bucket()).key(self.place.key(key));
        let object = match request.send().await {
            Ok(object) => object,
            Err(error) if error.as_service_error().is_some_and(GetObjectError::is_no_such_key) => {
                return Ok(None);
            }
            Err(error) => {
                return Err(call(&doing, "s3:GetObject on it and s3:ListBucket on the bucket").failed(&error));
            }
        };
        let version = Version(object.e_tag.unwrap_or_default());
        let content = object.body.collect().await.map_err(|_| {
            AwsError::new(
                ErrorKind::Unreachable,
                format!("{doing}: the connection was lost half-way; start the job again"),
            )
        })?;
        Ok(Some((content.to_vec(), version)))
    }

    async fn list(&self, prefix: &str) -> Result<Vec<Listed>, AwsError> {
        let doing = format!("listing {}", self.place.uri(prefix));
        let request =
            self.client.list_objects_v2().bucket(self.place.bucket()).prefix(self.place.key(prefix));
        let mut pages = request.into_paginator().send();
        let above = self.place.key("").len();
        let mut listed = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| call(&doing, "s3:ListBucket on the bucket").failed(&error))?;
            listed.extend(page.contents().iter().filter_map(|object| {
                let key = object.key()?.get(above..)?.to_owned();
                let bytes = object.size().and_then(|bytes| u64::try_from(bytes).ok()).unwrap_or_default();
                Some(Listed { key, bytes })
            }));
        }
        Ok(listed)
    }

    async fn delete_prefix(&self, prefix: &str) -> Result<usize, AwsError> {
        check_folder(prefix)?;
        let doing = format!("removing the objects of {}", self.place.uri(prefix));
        let call = call(&doing, "s3:DeleteObject on them");
        let keys: Vec<String> =
            self.list(prefix).await?.iter().map(|object| self.place.key(&object.key)).collect();
        for some in keys.chunks(DELETE_AT_ONCE) {
            self.delete(some, &call).await?;
        }
        Ok(keys.len())
    }
}
