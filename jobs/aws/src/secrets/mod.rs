//! Secrets: fetching them, and what a warehouse's secret says.

mod store;
mod user_secret;
mod vault;
mod warehouse_secret;

pub use store::{SecretStore, SecretsManager};
pub use user_secret::UserSecret;
pub use vault::{SecretsManagerVault, Vault};
pub use warehouse_secret::{Credentials, SslMode, WarehouseSecret};

use arguments::SecretArn;

use crate::AwsError;

/// Fetches a secret and reads from it how to reach a warehouse.
///
/// # Errors
/// The secret cannot be fetched, or does not hold what it should; the message names the secret and no value
/// of it.
pub async fn read_warehouse_secret(
    store: &impl SecretStore,
    arn: &SecretArn,
) -> Result<WarehouseSecret, AwsError> {
    let text = store.fetch(arn).await?;
    WarehouseSecret::parse(arn, &text)
}
