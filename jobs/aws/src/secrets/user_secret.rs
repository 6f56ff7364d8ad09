//! The secret that keeps the generated password of one migrated user.
//!
//! It is there before the warehouse knows the password, and never written over: whoever starts again finds the password
//! that was made first. Its form is that of Secrets Manager's Redshift secrets (User Guide, page
//! `reference_secret_json_structure`).

use migration::outcome::ErrorKind;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value, json};

use super::vault::Vault;
use crate::{AwsError, WarehouseSecret};

/// The longest name of a secret (Secrets Manager API Reference, `CreateSecret`).
const MAX_NAME_BYTES: usize = 512;

/// Whose password it is, and where it logs in.
#[derive(Clone, Copy, Debug)]
pub struct UserSecret<'a> {
    /// The tenant that the user belongs to.
    pub tenant: &'a str,
    /// The user.
    pub user: &'a str,
    /// The warehouse that the password is for.
    pub target: &'a WarehouseSecret,
}

impl UserSecret<'_> {
    /// `redshift-tenant-migration/<tenant>/<user>`. All but letters, digits, `_` and `.` is written as `=` and two
    /// hexadecimal digits: different users never share a secret, and no name ends with a hyphen and six characters, which
    /// Secrets Manager would take for the end of an ARN.
    pub fn name(&self) -> String {
        format!("redshift-tenant-migration/{}/{}", encode(self.tenant), encode(self.user))
    }

    /// The user's password: that of the secret, which is created with `generate` where there is none yet.
    ///
    /// # Errors
    /// Secrets Manager refuses, or the secret that is there is of another warehouse or holds no password.
    pub async fn password(
        &self,
        vault: &impl Vault,
        generate: impl FnOnce() -> SecretString,
    ) -> Result<SecretString, AwsError> {
        let name = self.name();
        if name.len() > MAX_NAME_BYTES {
            return Err(AwsError::configuration(format!(
                "the name of the secret for user {} is longer than {MAX_NAME_BYTES} bytes; rename the user, or use \
                 --PASSWORDS disable",
                self.user
            )));
        }
        let password = generate();
        let text = SecretString::from(self.document(&password).to_string());
        if vault.create(&name, &text).await? {
            return Ok(password);
        }
        self.read(&name, &vault.fetch_named(&name).await?)
    }

    fn document(&self, password: &SecretString) -> Value {
        let mut document = self.login();
        document.insert("engine".to_owned(), json!("redshift"));
        document.insert("password".to_owned(), json!(password.expose_secret()));
        Value::Object(document)
    }

    /// What tells one login from another.
    fn login(&self) -> Map<String, Value> {
        let WarehouseSecret { host, port, database, .. } = self.target;
        let login = [
            ("host", json!(host)),
            ("port", json!(port)),
            ("dbname", json!(database)),
            ("username", json!(self.user)),
        ];
        login.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
    }

    /// Reads the secret that an earlier start made.
    fn read(&self, name: &str, text: &SecretString) -> Result<SecretString, AwsError> {
        let wrong = |problem: &str| {
            let remedy = "delete it or rename it, or use --PASSWORDS disable";
            AwsError::new(ErrorKind::Configuration, format!("the secret {name} {problem}; {remedy}"))
        };
        let Ok(found) = serde_json::from_str::<Map<String, Value>>(text.expose_secret()) else {
            return Err(wrong("is there already and is not JSON"));
        };
        if let Some((key, _)) = self.login().iter().find(|(key, value)| found.get(*key) != Some(value)) {
            return Err(wrong(&format!(
                "is there already, for another login: its {key} is not the target's"
            )));
        }
        match found.get("password").and_then(Value::as_str) {
            Some(password) if !password.is_empty() => Ok(SecretString::from(password)),
            _ => Err(wrong("is there already and holds no password")),
        }
    }
}

/// A name as a part of a secret's name.
fn encode(text: &str) -> String {
    use std::fmt::Write;
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.') {
            encoded.push(char::from(byte));
        } else {
            write!(encoded, "={byte:02X}").expect("writing to a String cannot fail");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use migration::outcome::ErrorKind;
    use secrecy::{ExposeSecret, SecretString};

    use super::UserSecret;
    use crate::testing::MemorySecrets;
    use crate::{AwsError, Credentials, SslMode, WarehouseSecret};

    fn target(host: &str) -> WarehouseSecret {
        WarehouseSecret {
            arn: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:target-AbCdEf".parse().unwrap(),
            host: host.to_owned(),
            port: 5439,
            database: "dev".to_owned(),
            credentials: Credentials::Temporary { user: None },
            ssl_mode: SslMode::VerifyFull,
            cluster_identifier: None,
            workgroup: None,
            ignored_keys: Vec::new(),
        }
    }

    async fn password(vault: &MemorySecrets, host: &str, made: &str) -> Result<String, AwsError> {
        let target = target(host);
        let secret = UserSecret { tenant: "acme", user: "ann-reader", target: &target };
        let password = secret.password(vault, || SecretString::from(made)).await;
        password.map(|password| password.expose_secret().to_owned())
    }

    #[tokio::test]
    async fn a_second_start_finds_the_password_of_the_first() {
        let vault = MemorySecrets::default();
        assert_eq!(password(&vault, "wg.example", "First1").await.unwrap(), "First1");
        assert_eq!(password(&vault, "wg.example", "Second2").await.unwrap(), "First1");
        let secrets = vault.texts();
        assert_eq!(
            secrets["redshift-tenant-migration/acme/ann=2Dreader"],
            r#"{"dbname":"dev","engine":"redshift","host":"wg.example","password":"First1","port":5439,"username":"ann-reader"}"#
        );
    }

    #[tokio::test]
    async fn a_secret_of_another_warehouse_is_left_alone() {
        let vault = MemorySecrets::default();
        password(&vault, "wg.example", "First1").await.unwrap();
        let error = password(&vault, "other.example", "Second2").await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Configuration);
        assert!(error.message.contains("its host is not the target's"), "{error}");
        assert!(!error.message.contains("First1") && !error.message.contains("Second2"), "{error}");
    }

    #[test]
    fn names_keep_users_apart_and_hold_what_secrets_manager_allows() {
        let target = target("h");
        let name = |tenant, user| UserSecret { tenant, user, target: &target }.name();
        assert_eq!(name("a/b", "c"), "redshift-tenant-migration/a=2Fb/c");
        assert_ne!(name("a", "b/c"), name("a/b", "c"));
        assert_eq!(name("t", "Zoë=1"), "redshift-tenant-migration/t/Zo=C3=AB=3D1");
    }
}
