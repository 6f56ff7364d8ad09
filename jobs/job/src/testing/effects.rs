//! Effects that reach nothing outside of the process.

use crate::Effects;
use arguments::{BucketPrefix, KmsKeyArn, Region};
use aws::testing::{MemoryObjects, MemoryRoles, MemorySecrets};
use aws::{AwsError, TemporaryCredentials, Warehouse};
use migration::outcome::ErrorKind;
use migration::report::GlueRun;
use redshift::session::testing::RecordingSession;
use redshift::session::{ConnectError, Login, Session};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use time::OffsetDateTime;
use tokio::time::Instant;

/// What opens a test's sessions. Clones open sessions with the same warehouses.
pub trait Connector: Clone + Send + Sync + 'static {
    /// A session.
    type Session: Session;

    /// Opens a session with the warehouse that the login names.
    ///
    /// # Errors
    /// Whatever the test is about.
    fn connect(&self, login: &Login) -> impl Future<Output = Result<Self::Session, ConnectError>>;
}

/// No warehouses: for jobs that open no session.
#[derive(Clone, Copy, Debug)]
pub struct NoWarehouses;

impl Connector for NoWarehouses {
    type Session = RecordingSession;

    async fn connect(&self, login: &Login) -> Result<RecordingSession, ConnectError> {
        let message = format!("there is no {} warehouse", login.warehouse);
        Err(ConnectError { kind: ErrorKind::Unreachable, message })
    }
}

/// AWS in memory, warehouses of the test's own, a clock that only pauses move (`start_paused`), and random bytes that are
/// never the same and always alike.
#[derive(Clone, Debug)]
pub struct TestEffects<C> {
    /// What opens sessions.
    pub connector: C,
    /// The bucket.
    pub objects: MemoryObjects,
    /// The secrets of warehouses and users.
    pub secrets: MemorySecrets,
    /// The IAM roles of both warehouses.
    pub roles: MemoryRoles,
    born: Instant,
    drawn: Arc<AtomicU64>,
}

impl<C> TestEffects<C> {
    /// An empty world in which these sessions are opened.
    pub fn new(connector: C) -> Self {
        Self {
            connector,
            objects: MemoryObjects::default(),
            secrets: MemorySecrets::default(),
            roles: MemoryRoles::default(),
            born: Instant::now(),
            drawn: Arc::default(),
        }
    }
}

impl<C: Connector> Effects for TestEffects<C> {
    type Session = C::Session;
    type Objects = MemoryObjects;
    type Secrets = MemorySecrets;
    type Vault = MemorySecrets;
    type Roles = MemoryRoles;

    fn region(&self) -> &'static str {
        "eu-central-1"
    }

    async fn connect(&self, login: &Login) -> Result<C::Session, ConnectError> {
        self.connector.connect(login).await
    }

    fn objects(&self, _: &BucketPrefix, _: Option<&KmsKeyArn>) -> MemoryObjects {
        self.objects.clone()
    }

    fn secrets(&self) -> MemorySecrets {
        self.secrets.clone()
    }

    async fn temporary_credentials(
        &self,
        _: &Warehouse,
        user: Option<&str>,
        _: &str,
    ) -> Result<TemporaryCredentials, AwsError> {
        let user = format!("IAM:{}", user.unwrap_or("role"));
        Ok(TemporaryCredentials { user, password: "temporary".to_owned().into() })
    }

    fn vault(&self, _: &Region, _: Option<KmsKeyArn>) -> MemorySecrets {
        self.secrets.clone()
    }

    fn roles(&self, _: &Warehouse) -> MemoryRoles {
        self.roles.clone()
    }

    async fn glue_runs(&self, _: (&str, &str), _: (&str, &str)) -> Result<Vec<GlueRun>, AwsError> {
        Ok(Vec::new())
    }

    fn now(&self) -> OffsetDateTime {
        OffsetDateTime::UNIX_EPOCH + self.born.elapsed()
    }

    fn random<const BYTES: usize>(&self) -> [u8; BYTES] {
        let number = self.drawn.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        std::array::from_fn(|at| number[(at + number.len() - BYTES % number.len()) % number.len()])
    }
}
