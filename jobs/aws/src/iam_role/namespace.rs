//! The roles of a Serverless namespace, found through its workgroup.
//!
//! Source: Redshift Serverless API Reference, `GetWorkgroup`, `GetNamespace` and `UpdateNamespace`. The last
//! replaces the whole list, and takes the list and the default role together.

use arguments::{IamRoleArn, Region};
use aws_sdk_redshiftserverless::Client;
use aws_sdk_redshiftserverless::types::Namespace;

use super::namespace_role::parse_namespace_role;
use super::{ApplyStatus, Association, RoleAssociations};
use crate::fault::Call;
use crate::{AwsError, Config};

/// The roles of the namespace of a Serverless workgroup.
#[derive(Clone, Debug)]
pub struct NamespaceRoles {
    client: Client,
    workgroup: String,
}

impl NamespaceRoles {
    /// The roles of the namespace of this workgroup, in its Region or in that of the configuration.
    pub fn new(config: &Config, workgroup: String, region: Option<&Region>) -> Self {
        Self { client: Client::new(&config.sdk_in(region)), workgroup }
    }

    /// Looks at the namespace.
    async fn namespace(&self) -> Result<Namespace, AwsError> {
        let doing = format!("looking at the namespace of the workgroup {}", self.workgroup);
        let answer = self.client.get_workgroup().workgroup_name(&self.workgroup).send().await;
        let workgroup =
            answer.map_err(|error| call(&doing, "redshift-serverless:GetWorkgroup").failed(&error))?;
        let name = workgroup.workgroup.and_then(|workgroup| workgroup.namespace_name).unwrap_or_default();
        let answer = self.client.get_namespace().namespace_name(name).send().await;
        let namespace =
            answer.map_err(|error| call(&doing, "redshift-serverless:GetNamespace").failed(&error))?;
        namespace.namespace.ok_or_else(|| {
            AwsError::configuration(format!("{doing}: there is none; give the workgroup a namespace"))
        })
    }

    /// The roles of a namespace.
    fn associations(&self, namespace: &Namespace) -> Result<Vec<Association>, AwsError> {
        namespace.iam_roles().iter().map(|text| parse_namespace_role(text, &self.warehouse())).collect()
    }
}

/// The roles that a namespace is to have: those it has and keeps, and one more.
fn union(present: Vec<Association>, role: &IamRoleArn) -> Vec<String> {
    let kept = present.into_iter().filter(|association| association.status != ApplyStatus::Removing);
    let mut roles: Vec<String> = kept.map(|association| association.role).collect();
    if !roles.iter().any(|present| present == role.as_str()) {
        roles.push(role.as_str().to_owned());
    }
    roles
}

/// Speaks of a call on a workgroup or its namespace.
fn call<'a>(doing: &'a str, action: &'static str) -> Call<'a> {
    Call {
        doing,
        service: "Redshift Serverless",
        action,
        if_absent: "correct workgroup in the warehouse's secret, or add it",
    }
}

impl RoleAssociations for NamespaceRoles {
    fn warehouse(&self) -> String {
        format!("the workgroup {}", self.workgroup)
    }

    async fn list(&self) -> Result<Vec<Association>, AwsError> {
        self.associations(&self.namespace().await?)
    }

    async fn add(&self, role: &IamRoleArn) -> Result<(), AwsError> {
        let namespace = self.namespace().await?;
        let union = union(self.associations(&namespace)?, role);
        let doing =
            format!("associating the role {role} with the namespace of the workgroup {}", self.workgroup);
        let call = call(
            &doing,
            "redshift-serverless:UpdateNamespace on the namespace and iam:PassRole on each of its roles",
        );
        self.client
            .update_namespace()
            .set_namespace_name(namespace.namespace_name)
            .set_iam_roles(Some(union))
            .set_default_iam_role_arn(namespace.default_iam_role_arn.filter(|arn| !arn.is_empty()))
            .send()
            .await
            .map(drop)
            .map_err(|error| call.failed(&error))
    }
}

#[cfg(test)]
mod tests {
    use super::{ApplyStatus, Association, union};

    #[test]
    fn the_roles_that_are_there_stay() {
        let association = |role: &str, status| Association { role: role.to_owned(), status };
        let ours = "arn:aws:iam::123456789012:role/ours";
        let present = vec![
            association("a", ApplyStatus::InSync),
            association("b", ApplyStatus::Adding),
            association("c", ApplyStatus::Removing),
        ];
        assert_eq!(union(present, &ours.parse().unwrap()), ["a", "b", ours]);
        let present = vec![association(ours, ApplyStatus::InSync)];
        assert_eq!(union(present, &ours.parse().unwrap()), [ours]);
    }
}
