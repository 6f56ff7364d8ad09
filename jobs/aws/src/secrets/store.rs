//! Where secrets come from.

use arguments::SecretArn;
use secrecy::SecretString;

use crate::fault::Call;
use crate::{AwsError, Config};

/// A place that hands out secrets.
pub trait SecretStore: Send + Sync {
    /// The text of a secret's current version.
    ///
    /// # Errors
    /// The secret is not there, may not be read, is not text, or the place cannot be reached.
    fn fetch(&self, arn: &SecretArn) -> impl Future<Output = Result<SecretString, AwsError>> + Send;
}

/// AWS Secrets Manager.
#[derive(Clone, Debug)]
pub struct SecretsManager {
    config: Config,
}

impl SecretsManager {
    /// Secrets Manager, each secret asked for in the Region that its ARN names.
    pub fn new(config: &Config) -> Self {
        Self { config: config.clone() }
    }
}

impl SecretStore for SecretsManager {
    async fn fetch(&self, arn: &SecretArn) -> Result<SecretString, AwsError> {
        let client = aws_sdk_secretsmanager::Client::new(&self.config.sdk_in(Some(arn.region())));
        let answer = client.get_secret_value().secret_id(arn.as_str()).send().await.map_err(|error| {
            Call {
                doing: &format!("reading the secret {arn}"),
                service: "Secrets Manager",
                action: "secretsmanager:GetSecretValue on it, and kms:Decrypt on its key",
                if_absent: "create it, or correct the ARN",
            }
            .failed(&error)
        })?;
        answer.secret_string.map(SecretString::from).ok_or_else(|| {
            AwsError::configuration(format!(
                "the secret {arn} holds no text; store the credentials as JSON text"
            ))
        })
    }
}
