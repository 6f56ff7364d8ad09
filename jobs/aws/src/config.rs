//! How AWS is called: Region, credentials, endpoint, time limits and repetitions.

use std::time::Duration;

use arguments::Region;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, ConfigLoader, SdkConfig};
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;

use crate::AwsError;

/// A connection inside AWS opens in milliseconds; a subnet without a route answers never.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// One try of a call. All our calls are small; the largest document of the ledger takes seconds.
const ATTEMPT_TIMEOUT: Duration = Duration::from_mins(1);

/// A call with all its tries, so that a Glue run ends by its own message and not by Glue's time limit.
const CALL_TIMEOUT: Duration = Duration::from_mins(3);

/// Tries of a call: the SDK waits between them, longer each time, and only repeats what may pass.
const ATTEMPTS: u32 = 5;

/// The shared configuration of all AWS clients.
#[derive(Clone, Debug)]
pub struct Config {
    sdk: SdkConfig,
}

impl Config {
    /// Loads the configuration: the Region from the argument, else from the environment; credentials and
    /// endpoint (`AWS_ENDPOINT_URL`) from the environment, as every AWS tool does (AWS SDKs and Tools
    /// Reference Guide).
    ///
    /// # Errors
    /// No Region is known.
    pub async fn load(region: Option<&Region>) -> Result<Self, AwsError> {
        Self::of(loader(region)).await
    }

    /// The configuration of a local endpoint that takes any credentials: nothing of it comes from the environment.
    ///
    /// # Errors
    /// None: a Region is given.
    #[cfg(any(test, feature = "testing"))]
    pub async fn local(endpoint: &str, region: &Region) -> Result<Self, AwsError> {
        let anybody = aws_sdk_s3::config::Credentials::new("test", "test", None, None, "a local endpoint");
        Self::of(loader(Some(region)).endpoint_url(endpoint).credentials_provider(anybody)).await
    }

    async fn of(loader: ConfigLoader) -> Result<Self, AwsError> {
        let sdk = loader.load().await;
        if sdk.region().is_none() {
            return Err(AwsError::configuration(
                "no AWS Region is known; give --AWS_REGION or set AWS_REGION",
            ));
        }
        Ok(Self { sdk })
    }

    /// The Region of the calls: the bucket's, too.
    pub fn region(&self) -> &str {
        self.sdk.region().map_or("", AsRef::as_ref)
    }

    /// The configuration for a Region of its own, or for the Region of the calls when there is none.
    pub(crate) fn sdk_in(&self, region: Option<&Region>) -> SdkConfig {
        match region {
            None => self.sdk.clone(),
            Some(region) => {
                self.sdk.to_builder().region(aws_config::Region::new(region.as_str().to_owned())).build()
            }
        }
    }

    /// The configuration of S3. Where an endpoint is given, buckets are addressed by path: a local endpoint
    /// has no host name for each bucket.
    pub(crate) fn s3(&self) -> aws_sdk_s3::Config {
        aws_sdk_s3::config::Builder::from(&self.sdk)
            .force_path_style(self.sdk.endpoint_url().is_some())
            .build()
    }
}

/// What every call has: time limits, repetitions, and TLS by rustls.
fn loader(region: Option<&Region>) -> ConfigLoader {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .operation_attempt_timeout(ATTEMPT_TIMEOUT)
        .operation_timeout(CALL_TIMEOUT)
        .build();
    // rustls with ring: the SDK's default provider needs a C tool chain that a static build does not
    // have.
    let http = Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https();
    let mut loader = aws_config::defaults(BehaviorVersion::latest())
        .http_client(http)
        .timeout_config(timeouts)
        .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS));
    if let Some(region) = region {
        loader = loader.region(aws_config::Region::new(region.as_str().to_owned()));
    }
    loader
}
