//! Where secrets are created.

use arguments::{KmsKeyArn, Region};
use aws_sdk_secretsmanager::operation::create_secret::CreateSecretError;
use secrecy::{ExposeSecret, SecretString};

use crate::fault::Call;
use crate::{AwsError, Config};

/// A place in which secrets are created, and found by their names.
pub trait Vault: Send + Sync {
    /// Creates a secret; `false` when one of this name is there, which is left as it is.
    ///
    /// # Errors
    /// It may not be created, or the place cannot be reached.
    fn create(&self, name: &str, text: &SecretString) -> impl Future<Output = Result<bool, AwsError>> + Send;

    /// The text of the secret of this name.
    ///
    /// # Errors
    /// It is not there, may not be read, is not text, or the place cannot be reached.
    fn fetch_named(&self, name: &str) -> impl Future<Output = Result<SecretString, AwsError>> + Send;
}

/// AWS Secrets Manager in one Region, and the key that encrypts what is created there.
#[derive(Clone, Debug)]
pub struct SecretsManagerVault {
    client: aws_sdk_secretsmanager::Client,
    kms_key: Option<KmsKeyArn>,
}

impl SecretsManagerVault {
    /// Secrets Manager of a Region. Without a key secrets are encrypted with `aws/secretsmanager`, AWS's own for the account.
    pub fn new(config: &Config, region: &Region, kms_key: Option<KmsKeyArn>) -> Self {
        let client = aws_sdk_secretsmanager::Client::new(&config.sdk_in(Some(region)));
        Self { client, kms_key }
    }
}

impl Vault for SecretsManagerVault {
    async fn create(&self, name: &str, text: &SecretString) -> Result<bool, AwsError> {
        let request = self
            .client
            .create_secret()
            .name(name)
            .description("Password of a migrated user, made by Redshift Tenant Migration")
            .set_kms_key_id(self.kms_key.as_ref().map(|key| key.as_str().to_owned()))
            .secret_string(text.expose_secret());
        match request.send().await {
            Ok(_) => Ok(true),
            Err(error)
                if error.as_service_error().is_some_and(CreateSecretError::is_resource_exists_exception) =>
            {
                Ok(false)
            }
            Err(error) => Err(Call {
                doing: &format!("creating the secret {name}"),
                service: "Secrets Manager",
                action: "secretsmanager:CreateSecret on it, and kms:GenerateDataKey and kms:Decrypt on its key",
                if_absent: "correct --PASSWORD_KMS_KEY",
            }
            .failed(&error)),
        }
    }

    async fn fetch_named(&self, name: &str) -> Result<SecretString, AwsError> {
        let answer = self.client.get_secret_value().secret_id(name).send().await.map_err(|error| {
            Call {
                doing: &format!("reading the secret {name}"),
                service: "Secrets Manager",
                action: "secretsmanager:GetSecretValue on it, and kms:Decrypt on its key",
                if_absent: "start the job again",
            }
            .failed(&error)
        })?;
        let text = answer.secret_string.map(SecretString::from);
        text.ok_or_else(|| {
            AwsError::configuration(format!("the secret {name} holds no text; delete it or rename it"))
        })
    }
}
