//! The roles of a provisioned cluster.
//!
//! Source: Redshift API Reference, `DescribeClusters` and `ModifyClusterIamRoles`; the latter adds to the
//! roles there are.

use arguments::{IamRoleArn, Region};
use aws_sdk_redshift::Client;

use super::{ApplyStatus, Association, RoleAssociations};
use crate::fault::Call;
use crate::{AwsError, Config};

/// The roles of a provisioned cluster.
#[derive(Clone, Debug)]
pub struct ClusterRoles {
    client: Client,
    cluster: String,
}

impl ClusterRoles {
    /// The roles of the cluster with this identifier, in its Region or in that of the configuration.
    pub fn new(config: &Config, cluster: String, region: Option<&Region>) -> Self {
        Self { client: Client::new(&config.sdk_in(region)), cluster }
    }
}

/// Speaks of a call on a cluster.
fn call<'a>(doing: &'a str, action: &'static str) -> Call<'a> {
    Call {
        doing,
        service: "Redshift",
        action,
        if_absent: "correct cluster_identifier in the warehouse's secret, or add it",
    }
}

impl RoleAssociations for ClusterRoles {
    fn warehouse(&self) -> String {
        format!("the cluster {}", self.cluster)
    }

    async fn list(&self) -> Result<Vec<Association>, AwsError> {
        let doing = format!("looking at the roles of the cluster {}", self.cluster);
        let call = call(&doing, "redshift:DescribeClusters");
        let answer = self.client.describe_clusters().cluster_identifier(&self.cluster).send().await;
        let clusters = answer.map_err(|error| call.failed(&error))?.clusters.unwrap_or_default();
        let roles = clusters.into_iter().flat_map(|cluster| cluster.iam_roles.unwrap_or_default());
        roles
            .filter_map(|role| Some((role.iam_role_arn?, role.apply_status?)))
            .map(|(role, status)| {
                Ok(Association { role, status: ApplyStatus::from_word(&status, &self.warehouse())? })
            })
            .collect()
    }

    async fn add(&self, role: &IamRoleArn) -> Result<(), AwsError> {
        let doing = format!("associating the role {role} with the cluster {}", self.cluster);
        let call = call(&doing, "redshift:ModifyClusterIamRoles on the cluster and iam:PassRole on the role");
        let request = self.client.modify_cluster_iam_roles().cluster_identifier(&self.cluster);
        request.add_iam_roles(role.as_str()).send().await.map(drop).map_err(|error| call.failed(&error))
    }
}
