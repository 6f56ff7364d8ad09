//! What all tests share, made once before them. Each part keeps in a folder of its own what a test needs to find it.

use crate::environment::fresh_folders;
use crate::object_store::ObjectStore;
use crate::shared_deployment::SharedDeployment;
use crate::warehouse::TestWarehouse;
use anyhow::Result;
use redshift_local::Kind;
use std::path::PathBuf;

/// Starts the certificate authority, the AWS endpoint with its bucket, the deployment, and bare warehouses, whose data tests copy;
/// gives where the folders are. What was started ends with this process.
pub async fn start() -> Result<PathBuf> {
    let folders = fresh_folders()?;
    if folders.exists() {
        // What is here no more must not be found.
        std::fs::remove_dir_all(&folders)?;
    }
    ObjectStore::shared().await?;
    SharedDeployment::get().await?;
    for kind in [Kind::Provisioned, Kind::Serverless] {
        TestWarehouse::start_with(kind, None).await?.stop().await?;
    }
    Ok(folders)
}
