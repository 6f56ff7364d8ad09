//! A bucket in the local AWS endpoint, for tests of UNLOAD and COPY that need no deployment.

use crate::aws_local::{AwsLocal, REGION};
use anyhow::{Context, Result};
use aws_sdk_s3::Client;
use aws_sdk_s3::config::{BehaviorVersion, Builder, Credentials, Region, SharedHttpClient};
use aws_sdk_s3::types::{BucketLocationConstraint, CreateBucketConfiguration};
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use std::collections::BTreeMap;
use tokio::sync::OnceCell;

/// The one bucket.
pub const BUCKET: &str = "data-bucket";

/// How the tests' AWS clients speak HTTP: TLS is ring's, as in the jobs.
pub(crate) fn http_client() -> SharedHttpClient {
    aws_smithy_http_client::Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https()
}

/// A client of the bucket.
#[derive(Debug)]
pub struct ObjectStore {
    client: Client,
    endpoint: String,
}

impl ObjectStore {
    /// The one bucket of all tests, which use keys of their own.
    pub async fn shared() -> Result<&'static Self> {
        static SHARED: OnceCell<ObjectStore> = OnceCell::const_new();
        SHARED.get_or_try_init(Self::create).await
    }

    async fn create() -> Result<Self> {
        let aws = tokio::task::spawn_blocking(AwsLocal::shared).await??;
        let config = Builder::new()
            .behavior_version(BehaviorVersion::latest())
            .http_client(http_client())
            .endpoint_url(aws.endpoint())
            .region(Region::new(REGION))
            .credentials_provider(Credentials::new(
                "test",
                "test",
                None,
                None,
                "the local endpoint takes any",
            ))
            .force_path_style(true);
        let client = Client::from_conf(config.build());
        let store = Self { client, endpoint: aws.endpoint().to_owned() };
        if !aws.is_shared() {
            store.create_bucket(BUCKET, REGION).await?;
        }
        Ok(store)
    }

    /// Creates another bucket, in a region of its own.
    pub async fn create_bucket(&self, name: &str, region: &str) -> Result<()> {
        let place = CreateBucketConfiguration::builder();
        let place = place.location_constraint(BucketLocationConstraint::from(region)).build();
        let there = Builder::new().region(Region::new(region.to_owned()));
        let request = self.client.create_bucket().bucket(name).create_bucket_configuration(place);
        request.customize().config_override(there).send().await?;
        Ok(())
    }

    /// The endpoint's URL.
    pub fn endpoint(&self) -> String {
        self.endpoint.clone()
    }

    /// The keys that begin with `prefix`, in order; at most 1,000.
    pub async fn keys(&self, prefix: &str) -> Result<Vec<String>> {
        let listed = self.client.list_objects_v2().bucket(BUCKET).prefix(prefix).send().await?;
        Ok(listed.contents().iter().filter_map(|object| object.key().map(str::to_owned)).collect())
    }

    /// All keys of another bucket that begin with `prefix`, in order.
    pub async fn keys_of(&self, bucket: &str, prefix: &str) -> Result<Vec<String>> {
        let list = self.client.list_objects_v2().bucket(bucket).prefix(prefix);
        let mut pages = list.into_paginator().send();
        let mut keys = Vec::new();
        while let Some(page) = pages.next().await {
            keys.extend(page?.contents().iter().filter_map(|object| object.key().map(str::to_owned)));
        }
        Ok(keys)
    }

    /// The bytes of each object whose key begins with `prefix`; at most 1,000.
    pub async fn sizes(&self, prefix: &str) -> Result<BTreeMap<String, u64>> {
        let listed = self.client.list_objects_v2().bucket(BUCKET).prefix(prefix).send().await?;
        let size = |object: &aws_sdk_s3::types::Object| {
            let bytes = object.size().and_then(|bytes| u64::try_from(bytes).ok()).unwrap_or_default();
            Some((object.key()?.to_owned(), bytes))
        };
        Ok(listed.contents().iter().filter_map(size).collect())
    }

    /// An object's text.
    pub async fn get(&self, key: &str) -> Result<String> {
        self.get_from(BUCKET, key).await
    }

    /// The text of an object of another bucket.
    pub async fn get_from(&self, bucket: &str, key: &str) -> Result<String> {
        let object =
            self.client.get_object().bucket(bucket).key(key).send().await.with_context(|| key.to_owned())?;
        Ok(String::from_utf8(object.body.collect().await?.to_vec())?)
    }

    /// Writes an object.
    pub async fn put(&self, key: &str, text: &str) -> Result<()> {
        self.put_to(BUCKET, key, text).await
    }

    /// Writes an object of another bucket.
    pub async fn put_to(&self, bucket: &str, key: &str, text: &str) -> Result<()> {
        let body = text.as_bytes().to_vec().into();
        self.client.put_object().bucket(bucket).key(key).body(body).send().await?;
        Ok(())
    }

    /// How an object is encrypted, and by which KMS key.
    pub async fn encryption(&self, key: &str) -> Result<(Option<String>, Option<String>)> {
        self.encryption_in(BUCKET, key).await
    }

    /// The same of an object in another bucket.
    pub async fn encryption_in(&self, bucket: &str, key: &str) -> Result<(Option<String>, Option<String>)> {
        let head = self.client.head_object().bucket(bucket).key(key).send().await?;
        let method = head.server_side_encryption().map(|method| method.as_str().to_owned());
        Ok((method, head.ssekms_key_id().map(str::to_owned)))
    }

    /// Removes an object.
    pub async fn remove(&self, key: &str) -> Result<()> {
        self.client.delete_object().bucket(BUCKET).key(key).send().await?;
        Ok(())
    }
}
