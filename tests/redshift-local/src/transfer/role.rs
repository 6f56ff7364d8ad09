//! Which IAM roles the warehouse may assume: those that the AWS endpoint says are associated with it
//! (`copy-parameters-authorization`; Management Guide, `copy-unload-iam-role`). Asked at every transfer, since jobs associate
//! roles while the warehouse runs.

use aws_config::SdkConfig;

use crate::options::Kind;
use crate::statement::{Role, StatementError};

/// The warehouse as AWS knows it.
#[derive(Clone, Debug)]
pub struct Roles {
    warehouse: Option<Warehouse>,
    region: String,
}

#[derive(Clone, Debug)]
enum Warehouse {
    Cluster { client: aws_sdk_redshift::Client, identifier: String },
    Workgroup { client: aws_sdk_redshiftserverless::Client, name: String },
}

impl Roles {
    /// `identifier` is the cluster's or the workgroup's; without one nothing is known, and every role passes.
    pub fn new(kind: Kind, identifier: Option<String>, region: &str, config: &SdkConfig) -> Self {
        let warehouse = identifier.map(|name| match kind {
            Kind::Provisioned => {
                Warehouse::Cluster { client: aws_sdk_redshift::Client::new(config), identifier: name }
            }
            Kind::Serverless => {
                Warehouse::Workgroup { client: aws_sdk_redshiftserverless::Client::new(config), name }
            }
        });
        Self { warehouse, region: region.to_owned() }
    }

    /// Refuses a role that is not associated, or whose association is still under way.
    pub async fn check(&self, role: &Role, user: &str) -> Result<(), StatementError> {
        let Some(warehouse) = &self.warehouse else { return Ok(()) };
        let (associated, default) = warehouse.roles().await?;
        let arn = match role {
            Role::Arn(arn) => arn,
            Role::Default => &default
                .ok_or_else(|| StatementError::new("XX000", "the warehouse has no default IAM role"))?,
        };
        // Of a chain the warehouse assumes the first (Management Guide, `authorizing-redshift-service-chaining-roles`).
        let first = arn.find(",arn:").map_or(arn.as_str(), |end| &arn[..end]);
        if associated.iter().any(|role| role == first) {
            return Ok(());
        }
        let account = arn.split(':').nth(4).unwrap_or_default();
        let (service, name) = match warehouse {
            Warehouse::Cluster { identifier, .. } => ("redshift", identifier),
            Warehouse::Workgroup { name, .. } => ("redshift-serverless", name),
        };
        let caller = format!("arn:aws:{service}:{}:{account}:dbuser:{name}/{user}", self.region);
        Err(StatementError::new("XX000", format!("User {caller} is not authorized to assume IAM Role {arn}"))
            .with_hint("associate the role with the warehouse and wait until it is in sync"))
    }
}

impl Warehouse {
    /// The ARNs that are in sync, and the default one.
    async fn roles(&self) -> Result<(Vec<String>, Option<String>), StatementError> {
        let failed = |error: String| {
            StatementError::new("XX000", format!("the warehouse's roles are not known: {error}"))
        };
        match self {
            Self::Cluster { client, identifier } => {
                let answer = client.describe_clusters().cluster_identifier(identifier).send().await;
                let answer = answer.map_err(|error| failed(error.into_service_error().to_string()))?;
                let cluster =
                    answer.clusters().first().ok_or_else(|| failed("no such cluster".to_owned()))?;
                let roles = cluster.iam_roles().iter();
                let in_sync = roles.filter(|role| role.apply_status() == Some("in-sync"));
                let arns = in_sync.filter_map(|role| role.iam_role_arn().map(str::to_owned)).collect();
                Ok((arns, cluster.default_iam_role_arn().map(str::to_owned)))
            }
            Self::Workgroup { client, name } => {
                let workgroup = client.get_workgroup().workgroup_name(name).send().await;
                let workgroup = workgroup.map_err(|error| failed(error.into_service_error().to_string()))?;
                let namespace = workgroup.workgroup().and_then(|workgroup| workgroup.namespace_name());
                let answer =
                    client.get_namespace().set_namespace_name(namespace.map(str::to_owned)).send().await;
                let answer = answer.map_err(|error| failed(error.into_service_error().to_string()))?;
                let Some(namespace) = answer.namespace() else {
                    return Err(failed("no namespace".to_owned()));
                };
                let arns = namespace.iam_roles().iter().filter_map(|role| in_sync(role)).collect();
                Ok((arns, namespace.default_iam_role_arn().map(str::to_owned)))
            }
        }
    }
}

/// A namespace's role is text, `IamRole(applyStatus=in-sync, iamRoleArn=arn:…)`, with its fields in either order.
fn in_sync(text: &str) -> Option<String> {
    let fields = text.strip_prefix("IamRole(")?.strip_suffix(')')?;
    let field = |name: &str| {
        fields
            .split(',')
            .find_map(|field| field.trim().strip_prefix(name)?.strip_prefix('=').map(str::to_owned))
    };
    (field("applyStatus")? == "in-sync").then(|| field("iamRoleArn"))?
}

#[cfg(test)]
mod tests {
    use super::in_sync;

    #[test]
    fn only_a_role_in_sync_counts() {
        assert_eq!(in_sync("IamRole(applyStatus=in-sync, iamRoleArn=arn:r)").as_deref(), Some("arn:r"));
        assert_eq!(in_sync("IamRole(iamRoleArn=arn:r, applyStatus=in-sync)").as_deref(), Some("arn:r"));
        assert_eq!(in_sync("IamRole(applyStatus=adding, iamRoleArn=arn:r)"), None);
        assert_eq!(in_sync("arn:r"), None);
    }
}
