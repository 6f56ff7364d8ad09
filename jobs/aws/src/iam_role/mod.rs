//! The association of the IAM role with which a warehouse reads and writes the bucket.
//!
//! A warehouse must be told of a role before UNLOAD and COPY may use it (Redshift Management Guide, page
//! `copy-unload-iam-role`). Roles that are associated already stay: others use them.

mod associate;
mod cluster;
mod namespace;
mod namespace_role;

pub use associate::{ApplyStatus, Association, Change, Patience, RoleAssociations, associate, is_usable};
pub use cluster::ClusterRoles;
pub use namespace::NamespaceRoles;

use arguments::IamRoleArn;

use crate::{AwsError, Config, Warehouse};

/// The role associations of a warehouse of either kind.
#[derive(Clone, Debug)]
pub enum WarehouseRoles {
    /// Those of a provisioned cluster.
    Cluster(ClusterRoles),
    /// Those of the namespace of a Serverless workgroup.
    Namespace(NamespaceRoles),
}

impl WarehouseRoles {
    /// The role associations of this warehouse.
    pub fn new(config: &Config, warehouse: &Warehouse) -> Self {
        match warehouse {
            Warehouse::Cluster { identifier, region } => {
                Self::Cluster(ClusterRoles::new(config, identifier.clone(), region.as_ref()))
            }
            Warehouse::Workgroup { name, region } => {
                Self::Namespace(NamespaceRoles::new(config, name.clone(), region.as_ref()))
            }
        }
    }
}

impl RoleAssociations for WarehouseRoles {
    fn warehouse(&self) -> String {
        match self {
            Self::Cluster(roles) => roles.warehouse(),
            Self::Namespace(roles) => roles.warehouse(),
        }
    }

    async fn list(&self) -> Result<Vec<Association>, AwsError> {
        match self {
            Self::Cluster(roles) => roles.list().await,
            Self::Namespace(roles) => roles.list().await,
        }
    }

    async fn add(&self, role: &IamRoleArn) -> Result<(), AwsError> {
        match self {
            Self::Cluster(roles) => roles.add(role).await,
            Self::Namespace(roles) => roles.add(role).await,
        }
    }
}
