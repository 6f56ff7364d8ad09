//! The S3 that a warehouse reads and writes: plain calls on buckets and objects, with errors as Redshift words them.

use std::sync::Arc;

use aws_config::SdkConfig;
use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::config::{BehaviorVersion, Builder, Credentials, Region};
use aws_sdk_s3::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use aws_sdk_s3::operation::head_object::HeadObjectError;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{BucketLocationConstraint, ServerSideEncryption};
use aws_smithy_http_client::tls::{self, rustls_provider::CryptoMode};
use bytes::Bytes;

use super::faulty_http;
use crate::faults::Faults;
use crate::statement::{Encryption, Location, StatementError};

/// The region of a bucket that has no location constraint.
const DEFAULT_REGION: &str = "us-east-1";

/// A client for the region that the warehouse is in, or the one that a statement names.
#[derive(Clone, Debug)]
pub struct S3 {
    client: Client,
    region: String,
}

/// An object's place and size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// Where it is.
    pub location: Location,
    /// Its size in bytes.
    pub size: u64,
}

/// How AWS is called: at `endpoint`, or AWS itself without one. The credentials are those of the `AWS_*` environment; an
/// endpoint of our own takes any, so that there they may be missing.
pub async fn sdk_config(endpoint: Option<&str>, region: &str) -> SdkConfig {
    let http = aws_smithy_http_client::Builder::new()
        .tls_provider(tls::Provider::Rustls(CryptoMode::Ring))
        .build_https();
    let mut loader = aws_config::defaults(BehaviorVersion::latest())
        .region(Region::new(region.to_owned()))
        .http_client(http);
    if let Some(endpoint) = endpoint {
        loader = loader.endpoint_url(endpoint);
    }
    loader = if endpoint.is_some() && std::env::var_os("AWS_ACCESS_KEY_ID").is_none() {
        loader.credentials_provider(Credentials::new(PLACEHOLDER, PLACEHOLDER, None, None, PLACEHOLDER))
    } else {
        loader.credentials_provider(EnvironmentVariableCredentialsProvider::new())
    };
    loader.load().await
}

impl S3 {
    /// A client for the warehouse's region, struck by these faults.
    pub fn new(config: &SdkConfig, region: &str, faults: Arc<Faults>) -> Self {
        let mut builder = Builder::from(config).force_path_style(true);
        builder.set_http_client(config.http_client().map(|http| faulty_http::struck_by(faults, http)));
        Self { client: Client::from_conf(builder.build()), region: region.to_owned() }
    }

    /// The client for the buckets of a statement, in the region that it names or else the warehouse's. Every bucket must be
    /// there (`r_UNLOAD`, `copy-parameters-data-source-s3`).
    pub async fn in_region(&self, bucket: &str, region: Option<&str>) -> Result<Self, StatementError> {
        let region = region.unwrap_or(&self.region);
        let config = self.client.config().to_builder().region(Region::new(region.to_owned())).build();
        let client = Client::from_conf(config);
        let s3 = Self { client, region: region.to_owned() };
        s3.check_bucket(bucket).await?;
        Ok(s3)
    }

    /// Fails when there is no such bucket, or it is in another region than this client: then `REGION` is needed
    /// (`s3serviceexception-error`, "Bucket is in a different Region").
    pub async fn check_bucket(&self, bucket: &str) -> Result<(), StatementError> {
        let answer = self.client.get_bucket_location().bucket(bucket).send().await;
        let answer = answer.map_err(|error| failure("reading", bucket, &error))?;
        let actual = match answer.location_constraint() {
            None => DEFAULT_REGION,
            Some(BucketLocationConstraint::Eu) => "eu-west-1",
            Some(constraint) if constraint.as_str().is_empty() => DEFAULT_REGION,
            Some(constraint) => constraint.as_str(),
        };
        if actual == self.region {
            return Ok(());
        }
        Err(StatementError::new(
            "XX000",
            "S3ServiceException:The bucket you are attempting to access must be addressed using the specified \
             endpoint.,Status 301,Error PermanentRedirect",
        )
        .with_detail(format!("bucket {bucket}"))
        .with_hint(format!("add REGION '{actual}'")))
    }

    /// The objects whose keys begin with the location's, in the order of their keys.
    pub async fn list(&self, prefix: &Location) -> Result<Vec<Object>, StatementError> {
        let mut pages =
            self.client.list_objects_v2().bucket(&prefix.bucket).prefix(&prefix.key).into_paginator().send();
        let mut objects = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| failure("listing", prefix, &error))?;
            objects.extend(page.contents().iter().filter_map(|object| {
                let location = Location { bucket: prefix.bucket.clone(), key: object.key()?.to_owned() };
                Some(Object { location, size: size(object.size()) })
            }));
        }
        Ok(objects)
    }

    /// An object's size, or nothing if there is no such object.
    pub async fn size_of(&self, location: &Location) -> Result<Option<u64>, StatementError> {
        match self.client.head_object().bucket(&location.bucket).key(&location.key).send().await {
            Ok(answer) => Ok(Some(size(answer.content_length()))),
            Err(error) if error.as_service_error().is_some_and(HeadObjectError::is_not_found) => Ok(None),
            Err(error) => Err(failure("reading", location, &error)),
        }
    }

    /// An object's bytes, as they come.
    pub async fn read(&self, location: &Location) -> Result<ByteStream, StatementError> {
        let answer = self.client.get_object().bucket(&location.bucket).key(&location.key).send().await;
        Ok(answer.map_err(|error| failure("reading", location, &error))?.body)
    }

    /// Some of an object's bytes.
    pub async fn read_range(
        &self,
        location: &Location,
        start: u64,
        length: u64,
    ) -> Result<Bytes, StatementError> {
        if length == 0 {
            return Ok(Bytes::new());
        }
        let range = format!("bytes={start}-{}", start + length - 1);
        let request = self.client.get_object().bucket(&location.bucket).key(&location.key).range(range);
        let answer = request.send().await.map_err(|error| failure("reading", location, &error))?;
        let body = answer.body.collect().await.map_err(|error| {
            StatementError::new("XX000", format!("S3 stopped sending {location}: {error}"))
        })?;
        Ok(body.into_bytes())
    }

    /// Writes an object whole.
    pub async fn write(
        &self,
        location: &Location,
        body: Bytes,
        encryption: &Encryption,
    ) -> Result<(), StatementError> {
        let (method, key) = server_side(encryption);
        self.client
            .put_object()
            .bucket(&location.bucket)
            .key(&location.key)
            .set_server_side_encryption(method)
            .set_ssekms_key_id(key)
            .body(body.into())
            .send()
            .await
            .map_err(|error| failure("writing", location, &error))?;
        Ok(())
    }

    /// Removes an object.
    pub async fn remove(&self, location: &Location) -> Result<(), StatementError> {
        let answer = self.client.delete_object().bucket(&location.bucket).key(&location.key).send().await;
        answer.map_err(|error| failure("removing", location, &error))?;
        Ok(())
    }

    pub(super) fn client(&self) -> &Client {
        &self.client
    }
}

/// Stands for a key and a secret at an endpoint that looks at neither.
const PLACEHOLDER: &str = "redshift-local";

/// How S3 is asked to encrypt an object.
pub(super) fn server_side(encryption: &Encryption) -> (Option<ServerSideEncryption>, Option<String>) {
    match encryption {
        Encryption::S3 => (Some(ServerSideEncryption::Aes256), None),
        Encryption::Bucket => (None, None),
        Encryption::Kms(key) => (Some(ServerSideEncryption::AwsKms), Some(key.clone())),
    }
}

/// S3's error as Redshift passes it on.
pub(super) fn failure<E>(
    doing: &str,
    place: impl std::fmt::Display,
    error: &SdkError<E, HttpResponse>,
) -> StatementError
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    let message = match (error.raw_response(), error.code()) {
        (Some(response), code) => format!(
            "S3ServiceException:{},Status {},Error {}",
            error.message().unwrap_or("no message"),
            response.status().as_u16(),
            code.unwrap_or("unknown"),
        ),
        (None, _) => format!("S3 cannot be reached: {}", DisplayErrorContext(error)),
    };
    StatementError::new("XX000", message).with_detail(format!("{doing} {place}"))
}

/// S3 gives sizes as signed numbers, never negative ones.
fn size(length: Option<i64>) -> u64 {
    length.and_then(|length| u64::try_from(length).ok()).unwrap_or(0)
}
