//! Secrets in memory.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arguments::SecretArn;
use migration::outcome::ErrorKind;
use secrecy::{ExposeSecret, SecretString};

use crate::{AwsError, SecretStore, Vault};

/// Secrets in memory, by ARN or name. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct MemorySecrets {
    texts: Arc<Mutex<BTreeMap<String, String>>>,
}

impl MemorySecrets {
    /// Keeps a secret, in place of one of this ARN or name.
    pub fn keep(&self, name: &str, text: impl Into<String>) {
        self.locked().insert(name.to_owned(), text.into());
    }

    /// A copy of all secrets by ARN or name.
    pub fn texts(&self) -> BTreeMap<String, String> {
        self.locked().clone()
    }

    fn find(&self, name: &str) -> Result<SecretString, AwsError> {
        let text = self.locked().get(name).cloned().map(SecretString::from);
        text.ok_or_else(|| AwsError::new(ErrorKind::NotFound, format!("there is no secret {name}")))
    }

    fn locked(&self) -> MutexGuard<'_, BTreeMap<String, String>> {
        self.texts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SecretStore for MemorySecrets {
    async fn fetch(&self, arn: &SecretArn) -> Result<SecretString, AwsError> {
        self.find(arn.as_str())
    }
}

impl Vault for MemorySecrets {
    async fn create(&self, name: &str, text: &SecretString) -> Result<bool, AwsError> {
        let mut texts = self.locked();
        let is_new = !texts.contains_key(name);
        texts.entry(name.to_owned()).or_insert_with(|| text.expose_secret().to_owned());
        Ok(is_new)
    }

    async fn fetch_named(&self, name: &str) -> Result<SecretString, AwsError> {
        self.find(name)
    }
}
