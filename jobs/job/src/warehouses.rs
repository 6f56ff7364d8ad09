//! The way to both warehouses, and the role with which they reach S3.

use crate::JobError;
use crate::connection::Connection;
use arguments::IamRoleArn;
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
    /// Sees to it that both warehouses may use the role that UNLOAD and COPY reach S3 with.
    pub async fn associate_role(&self, config: &Config, role: &IamRoleArn) -> Result<(), JobError> {
        let join = |secret: WarehouseSecret| async move {
            let roles = WarehouseRoles::new(config, &Warehouse::of(&secret)?);
            associate(&roles, role, Patience::default()).await
        };
        tokio::try_join!(join(self.source.secret().clone()), join(self.target.secret().clone()))?;
        Ok(())
    }
}
