//! The way to both warehouses, and the role with which they reach S3.

use crate::JobError;
use crate::connection::{Connection, Way};
use arguments::{Common, IamRoleArn, SecretArn};
use aws::iam_role::{Patience, associate};
use aws::{Config, Warehouse, WarehouseRoles, WarehouseSecret};

/// Sessions with both warehouses.
pub struct Warehouses {
    /// The session with the source, which is only read.
    pub source: Connection,
    /// The session with the target.
    pub target: Connection,
}

impl Warehouses {
    /// Reads both secrets and connects to both warehouses; nothing is changed on either.
    pub(crate) async fn connect(
        config: &Config,
        common: &Common,
        application_name: impl Fn(&str) -> String,
    ) -> Result<Self, JobError> {
        let way = |warehouse: &'static str, secret: &SecretArn| Way {
            warehouse,
            secret: secret.clone(),
            config: config.clone(),
            application_name: application_name(warehouse),
            attempts: common.attempts,
        };
        let (source, target) = tokio::try_join!(
            Connection::open(way("source", &common.source_secret)),
            Connection::open(way("target", &common.target_secret)),
        )?;
        Ok(Self { source, target })
    }

    /// Opens both sessions anew.
    pub async fn reopen(&mut self) -> Result<(), JobError> {
        tokio::try_join!(self.source.reopen(), self.target.reopen()).map(drop)
    }

    /// Sees to it that both warehouses may use the role that UNLOAD and COPY reach S3 with.
    pub async fn associate_role(&self, config: &Config, role: &IamRoleArn) -> Result<(), JobError> {
        let join = |secret: &WarehouseSecret| {
            let warehouse = Warehouse::of(secret);
            async move {
                let roles = WarehouseRoles::new(config, &warehouse?);
                associate(&roles, role, Patience::default()).await
            }
        };
        tokio::try_join!(join(self.source.secret()), join(self.target.secret()))?;
        Ok(())
    }
}
