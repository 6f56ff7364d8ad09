//! The door of a job: whatever reaches out of its process, or is another each time, goes through here.
//!
//! A job is `run(arguments, effects)`. What it is given decides what it reaches: [`AwsEffects`] is AWS and the warehouses
//! that secrets name; tests give doubles (feature `testing`). Not among the effects are pauses and durations, which are
//! `tokio::time`'s, so that a test can hold them still, and the log with its progress bar.

use arguments::{BucketPrefix, KmsKeyArn, Region};
use aws::{
    AwsError, Config, ObjectStore, RoleAssociations, S3Objects, SecretStore, SecretsManager,
    SecretsManagerVault, TemporaryCredentials, Vault, Warehouse, WarehouseRoles,
};
use migration::report::GlueRun;
use redshift::session::{ConnectError, Login, PostgresSession, Session};
use time::OffsetDateTime;

/// What a job reaches out with. Clones are doors to the same world.
pub trait Effects: Clone + Send + Sync + 'static {
    /// A session with a warehouse.
    type Session: Session;
    /// Objects below a prefix of the bucket.
    type Objects: ObjectStore + Clone + 'static;
    /// Where the secrets of warehouses come from.
    type Secrets: SecretStore;
    /// Where secrets of new users are created.
    type Vault: Vault;
    /// The IAM roles of a warehouse.
    type Roles: RoleAssociations;

    /// The Region of the calls, which is the bucket's.
    fn region(&self) -> &str;

    /// Opens a session and gives it the settings that every session of ours has.
    ///
    /// # Errors
    /// The warehouse cannot be reached, is not trusted, or refuses.
    fn connect(&self, login: &Login) -> impl Future<Output = Result<Self::Session, ConnectError>>;

    /// The objects below a prefix.
    fn objects(&self, place: &BucketPrefix, kms_key: Option<&KmsKeyArn>) -> Self::Objects;

    /// Where the secrets of warehouses come from.
    fn secrets(&self) -> Self::Secrets;

    /// A user and a password that a warehouse takes for a while: of a cluster for this database user, of a workgroup for the
    /// job's own role.
    ///
    /// # Errors
    /// The service refuses or cannot be reached, or a cluster's user is not named.
    fn temporary_credentials(
        &self,
        warehouse: &Warehouse,
        user: Option<&str>,
        database: &str,
    ) -> impl Future<Output = Result<TemporaryCredentials, AwsError>>;

    /// Where secrets of new users are created, and which key encrypts them.
    fn vault(&self, region: &Region, kms_key: Option<KmsKeyArn>) -> Self::Vault;

    /// The IAM roles of a warehouse.
    fn roles(&self, warehouse: &Warehouse) -> Self::Roles;

    /// The runs of a Glue job, which is ours of the name `job`, under this `--TENANT_NAME` and `--RUN_ID`.
    ///
    /// # Errors
    /// Glue knows no such job, refuses, or cannot be reached.
    fn glue_runs(
        &self,
        job: (&str, &str),
        run: (&str, &str),
    ) -> impl Future<Output = Result<Vec<GlueRun>, AwsError>>;

    /// What the clock shows.
    fn now(&self) -> OffsetDateTime;

    /// Bytes that nobody can guess.
    fn random<const BYTES: usize>(&self) -> [u8; BYTES];
}

/// AWS, and the warehouses as they are.
#[derive(Clone, Debug)]
pub struct AwsEffects {
    config: Config,
}

impl AwsEffects {
    /// AWS as this configuration reaches it.
    pub fn new(config: Config) -> Self {
        Self { config }
    }
}

#[allow(clippy::disallowed_methods, reason = "this is the door")]
impl Effects for AwsEffects {
    type Session = PostgresSession;
    type Objects = S3Objects;
    type Secrets = SecretsManager;
    type Vault = SecretsManagerVault;
    type Roles = WarehouseRoles;

    fn region(&self) -> &str {
        self.config.region()
    }

    async fn connect(&self, login: &Login) -> Result<PostgresSession, ConnectError> {
        redshift::session::connect(login).await
    }

    fn objects(&self, place: &BucketPrefix, kms_key: Option<&KmsKeyArn>) -> S3Objects {
        S3Objects::new(&self.config, place.clone(), kms_key.cloned())
    }

    fn secrets(&self) -> SecretsManager {
        SecretsManager::new(&self.config)
    }

    async fn temporary_credentials(
        &self,
        warehouse: &Warehouse,
        user: Option<&str>,
        database: &str,
    ) -> Result<TemporaryCredentials, AwsError> {
        aws::temporary_credentials(&self.config, warehouse, user, database).await
    }

    fn vault(&self, region: &Region, kms_key: Option<KmsKeyArn>) -> SecretsManagerVault {
        SecretsManagerVault::new(&self.config, region, kms_key)
    }

    fn roles(&self, warehouse: &Warehouse) -> WarehouseRoles {
        WarehouseRoles::new(&self.config, warehouse)
    }

    async fn glue_runs(&self, job: (&str, &str), run: (&str, &str)) -> Result<Vec<GlueRun>, AwsError> {
        aws::glue_runs(&self.config, job, run).await
    }

    fn now(&self) -> OffsetDateTime {
        OffsetDateTime::now_utc()
    }

    fn random<const BYTES: usize>(&self) -> [u8; BYTES] {
        rand::random()
    }
}
