//! Effects with a trap before them.

use super::trap::{ObjectCall, Trap};
use crate::Effects;
use arguments::{BucketPrefix, KmsKeyArn, Region};
use aws::{AwsError, Listed, ObjectStore, TemporaryCredentials, Version, Warehouse};
use migration::direction::Side;
use migration::report::GlueRun;
use redshift::session::testing::When;
use redshift::session::{Batch, ConnectError, Login, ResultSet, Session, SqlError};
use std::sync::Arc;
use time::OffsetDateTime;

/// Effects whose messages and calls to the object store pass a trap.
#[derive(Clone, Debug)]
pub struct Trapped<E> {
    inner: E,
    trap: Arc<Trap>,
}

impl<E> Trapped<E> {
    /// These effects behind this trap.
    pub fn new(inner: E, trap: &Arc<Trap>) -> Self {
        Self { inner, trap: Arc::clone(trap) }
    }
}

/// A session whose messages pass a trap.
#[derive(Debug)]
pub struct TrappedSession<S> {
    /// None when it is lost.
    inner: Option<S>,
    side: Side,
    trap: Arc<Trap>,
}

/// Objects whose calls pass a trap.
#[derive(Clone, Debug)]
pub struct TrappedObjects<S> {
    inner: S,
    trap: Arc<Trap>,
}

impl<E: Effects> Effects for Trapped<E> {
    type Session = TrappedSession<E::Session>;
    type Objects = TrappedObjects<E::Objects>;
    type Secrets = E::Secrets;
    type Vault = E::Vault;
    type Roles = E::Roles;

    fn region(&self) -> &str {
        self.inner.region()
    }

    async fn connect(&self, login: &Login) -> Result<Self::Session, ConnectError> {
        let side = if login.warehouse == Side::Source.name() { Side::Source } else { Side::Target };
        let passage = self.trap.opening(side);
        passage.is_at(When::Before).await?;
        let inner = Some(self.inner.connect(login).await?);
        passage.is_at(When::After).await?;
        Ok(TrappedSession { inner, side, trap: Arc::clone(&self.trap) })
    }

    fn objects(&self, place: &BucketPrefix, kms_key: Option<&KmsKeyArn>) -> Self::Objects {
        TrappedObjects { inner: self.inner.objects(place, kms_key), trap: Arc::clone(&self.trap) }
    }

    fn secrets(&self) -> E::Secrets {
        self.inner.secrets()
    }

    async fn temporary_credentials(
        &self,
        warehouse: &Warehouse,
        user: Option<&str>,
        database: &str,
    ) -> Result<TemporaryCredentials, AwsError> {
        self.inner.temporary_credentials(warehouse, user, database).await
    }

    fn vault(&self, region: &Region, kms_key: Option<KmsKeyArn>) -> E::Vault {
        self.inner.vault(region, kms_key)
    }

    fn roles(&self, warehouse: &Warehouse) -> E::Roles {
        self.inner.roles(warehouse)
    }

    async fn glue_runs(&self, job: (&str, &str), run: (&str, &str)) -> Result<Vec<GlueRun>, AwsError> {
        self.inner.glue_runs(job, run).await
    }

    fn now(&self) -> OffsetDateTime {
        self.inner.now()
    }

    fn random<const BYTES: usize>(&self) -> [u8; BYTES] {
        self.inner.random()
    }
}

impl<S: Session> Session for TrappedSession<S> {
    async fn run(&mut self, batch: &Batch) -> Result<Vec<ResultSet>, SqlError> {
        let Some(inner) = &mut self.inner else { return Err(SqlError::lost(batch, "it is closed")) };
        let passage = self.trap.message(self.side, batch);
        let mut answers = None;
        if passage.is_at(When::Before).await.is_ok() {
            answers = Some(inner.run(batch).await);
        }
        match answers {
            Some(answers) if passage.is_at(When::After).await.is_ok() => answers,
            Some(_) | None => {
                self.inner = None;
                Err(SqlError::lost(batch, "a test's trap"))
            }
        }
    }

    fn case_sensitive_by_default(&self) -> Option<bool> {
        self.inner.as_ref().and_then(S::case_sensitive_by_default)
    }
}

impl<S: ObjectStore> TrappedObjects<S> {
    async fn pass<T>(
        &self,
        call: ObjectCall,
        done: impl Future<Output = Result<T, AwsError>> + Send,
    ) -> Result<T, AwsError> {
        let passage = self.trap.call(call);
        passage.is_at(When::Before).await?;
        let done = done.await;
        passage.is_at(When::After).await?;
        done
    }
}

impl<S: ObjectStore> ObjectStore for TrappedObjects<S> {
    async fn put(&self, key: &str, content: Vec<u8>) -> Result<(), AwsError> {
        self.pass(ObjectCall::Put, self.inner.put(key, content)).await
    }

    async fn put_in_place_of(
        &self,
        version: Option<&Version>,
        key: &str,
        content: Vec<u8>,
    ) -> Result<Option<Version>, AwsError> {
        self.pass(ObjectCall::PutInPlaceOf, self.inner.put_in_place_of(version, key, content)).await
    }

    async fn get_version(&self, key: &str) -> Result<Option<(Vec<u8>, Version)>, AwsError> {
        self.pass(ObjectCall::Get, self.inner.get_version(key)).await
    }

    async fn list(&self, prefix: &str) -> Result<Vec<Listed>, AwsError> {
        self.pass(ObjectCall::List, self.inner.list(prefix)).await
    }

    async fn delete_prefix(&self, prefix: &str) -> Result<usize, AwsError> {
        self.pass(ObjectCall::DeletePrefix, self.inner.delete_prefix(prefix)).await
    }
}
