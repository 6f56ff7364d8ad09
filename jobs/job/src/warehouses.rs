//! The way to both warehouses: secrets, sessions, and the role that reaches S3.

use crate::JobError;
use arguments::{Common, IamRoleArn, SecretArn};
use aws::iam_role::{Patience, associate};
use aws::{Config, SecretsManager, Warehouse, WarehouseRoles, WarehouseSecret, read_warehouse_secret};
use migration::outcome::ErrorKind;
use redshift::check_login::is_superuser;
use redshift::session::{Login, PostgresSession, SslMode, connect};

/// Sessions with both warehouses.
pub struct Warehouses {
    /// The session with the source, which is only read.
    pub source: PostgresSession,
    /// The session with the target.
    pub target: PostgresSession,
    secrets: [WarehouseSecret; 2],
}

impl Warehouses {
    /// Reads both secrets, then connects to both warehouses; nothing is changed on either.
    pub(crate) async fn connect(
        config: &Config,
        common: &Common,
        application_name: &str,
    ) -> Result<Self, JobError> {
        let store = SecretsManager::new(config);
        let read = |arn: &SecretArn| {
            let (store, arn) = (&store, arn.clone());
            async move { read_warehouse_secret(store, &arn).await }
        };
        let (source, target) = tokio::try_join!(read(&common.source_secret), read(&common.target_secret))?;
        let logins = (login("source", &source, application_name), login("target", &target, application_name));
        let sessions = tokio::try_join!(open(&logins.0), open(&logins.1))?;
        Ok(Self { source: sessions.0, target: sessions.1, secrets: [source, target] })
    }

    /// Sees to it that both warehouses may use the role that UNLOAD and COPY reach S3 with.
    pub async fn associate_role(&self, config: &Config, role: &IamRoleArn) -> Result<(), JobError> {
        let [source, target] = &self.secrets;
        let join = |secret| {
            let warehouse = Warehouse::of(secret);
            async move {
                let roles = WarehouseRoles::new(config, &warehouse?);
                associate(&roles, role, Patience::default()).await
            }
        };
        tokio::try_join!(join(source), join(target))?;
        Ok(())
    }
}

/// Opens a session and sees to it that its user sees everything.
async fn open(login: &Login) -> Result<PostgresSession, JobError> {
    let mut session = connect(login).await?;
    let superuser = is_superuser(&mut session).await;
    if superuser.map_err(|error| JobError::measuring(login.warehouse, &error))? {
        return Ok(session);
    }
    let message = format!(
        "{} warehouse {}: the user of its secret is no superuser and sees only a part of the catalog; name a superuser, or \
         ALTER USER … CREATEUSER",
        login.warehouse, login.host
    );
    Err(JobError { kind: ErrorKind::Configuration, message })
}

fn login(warehouse: &'static str, secret: &WarehouseSecret, application_name: &str) -> Login {
    Login {
        warehouse,
        host: secret.host.clone(),
        port: secret.port,
        database: secret.database.clone(),
        user: secret.user.clone(),
        password: secret.password.clone(),
        ssl_mode: match secret.ssl_mode {
            aws::SslMode::VerifyFull => SslMode::VerifyFull,
            aws::SslMode::VerifyCa => SslMode::VerifyCa,
            aws::SslMode::Require => SslMode::Require,
        },
        application_name: application_name.to_owned(),
    }
}
