//! Effects on AWS: secrets, the association of the IAM role, objects in S3, the ledger that is made of
//! them, and what Glue tells of runs.
//!
//! Each effect has a trait at its edge ([`SecretStore`], [`RoleAssociations`], [`ObjectStore`]); what can be
//! decided without AWS is a pure function beside it. Nothing here talks to a warehouse: that is the crate
//! `redshift`.

mod config;
mod documents;
mod endpoint;
mod error;
mod fault;
mod glue_runs;
pub mod iam_role;
mod ledger;
mod objects;
mod run_keys;
mod secrets;
mod temporary_credentials;
#[cfg(any(test, feature = "testing"))]
pub mod testing;

pub use config::Config;
pub use endpoint::Warehouse;
pub use error::AwsError;
pub use glue_runs::glue_runs;
pub use iam_role::{RoleAssociations, WarehouseRoles};
pub use ledger::{DOCUMENTS_AT_ONCE, Document, Ledger};
pub use objects::{Listed, ObjectStore, S3Objects, Version};
pub use run_keys::{MAX_KEY_BYTES, ReportKeys, RunKeys};
pub use secrets::{
    Credentials, SecretStore, SecretsManager, SecretsManagerVault, SslMode, UserSecret, Vault,
    WarehouseSecret, read_warehouse_secret,
};
pub use temporary_credentials::{TemporaryCredentials, temporary_credentials};
