//! One deployment for the many migrations that need none of their own: each has its warehouses and its secrets in it.

use crate::aws_local::{AwsLocal, REGION, request};
use crate::environment::{fresh_folder, fresh_name, path, shared_folder};
use crate::migration::{TENANT, place};
use crate::object_store::http_client;
use crate::warehouse::{Identity, TestWarehouse};
use anyhow::{Context, Result};
use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::config::{BehaviorVersion, Builder, Credentials, Region};
use redshift_local::Kind;
use serde_json::{Value, json};
use tokio::sync::OnceCell;

/// Where it is kept: what `provision` answered.
const FOLDER: &str = "deployment";
const ANSWER: &str = "deployment.json";

/// Begins every name in it.
const PREFIX: &str = "shared-";

/// The jobs, the bucket and the role of them all.
#[derive(Debug)]
pub(crate) struct SharedDeployment {
    /// The AWS endpoint.
    pub aws: &'static AwsLocal,
    /// What `provision` answered.
    pub deployment: Value,
}

impl SharedDeployment {
    /// The deployment: the tests' common one, or one that is made when it is first asked for.
    pub async fn get() -> Result<&'static Self> {
        static SHARED: OnceCell<SharedDeployment> = OnceCell::const_new();
        SHARED.get_or_try_init(Self::provision).await
    }

    async fn provision() -> Result<Self> {
        let aws = tokio::task::spawn_blocking(AwsLocal::shared).await??;
        if let Some(folder) = shared_folder(FOLDER) {
            let deployment = serde_json::from_str(&std::fs::read_to_string(folder.join(ANSWER))?)?;
            return Ok(Self { aws, deployment });
        }
        // Nobody logs in at this place: each migration has secrets of its own.
        let nowhere = json!({"host": "localhost", "port": 1, "database": "dev", "username": "nobody", "password": "Nobody12"});
        let request = request(PREFIX, TENANT, &path("EXECUTABLES")?, &nowhere, &nowhere);
        let deployment = tokio::task::spawn_blocking(move || aws.provision(&request)).await??;
        std::fs::write(fresh_folder(FOLDER)?.join(ANSWER), deployment.to_string())?;
        Ok(Self { aws, deployment })
    }

    /// Starts a warehouse that the endpoint takes for the deployed one of this kind.
    pub async fn start(&self, kind: Kind, patch: u16, identity: Identity) -> Result<TestWarehouse> {
        let (_, identifier) = self.identity(kind)?;
        TestWarehouse::start_deployed_at(patch, kind, self.aws.endpoint().to_owned(), identifier, identity)
            .await
    }

    /// Keeps where a warehouse is as a secret, and gives the secret's ARN.
    pub async fn secret_of(&self, kind: Kind, warehouse: &TestWarehouse) -> Result<String> {
        let mut secret = place(warehouse);
        let (field, identifier) = self.identity(kind)?;
        secret[field] = json!(identifier);
        let name = format!("{PREFIX}secret-{}", fresh_name()?);
        let client = secrets_manager(self.aws.endpoint());
        let created = client.create_secret().name(name).secret_string(secret.to_string()).send().await;
        Ok(created.context("creating a secret")?.arn().context("an ARN")?.to_owned())
    }

    /// How a secret names the deployed warehouse of this kind.
    fn identity(&self, kind: Kind) -> Result<(&'static str, String)> {
        let field = match kind {
            Kind::Provisioned => "cluster_identifier",
            Kind::Serverless => "workgroup",
        };
        Ok((field, self.deployment[field].as_str().context("a name")?.to_owned()))
    }
}

pub(crate) fn secrets_manager(endpoint: &str) -> Client {
    let config = Builder::new()
        .behavior_version(BehaviorVersion::latest())
        .http_client(http_client())
        .endpoint_url(endpoint)
        .region(Region::new(REGION))
        .credentials_provider(Credentials::new("test", "test", None, None, "the local endpoint takes any"));
    Client::from_conf(config.build())
}
