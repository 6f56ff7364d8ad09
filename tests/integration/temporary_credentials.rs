//! Secrets without a password: temporary credentials of a cluster and of a workgroup, fetched for each connection.

use anyhow::{Context, Result, ensure};
use migration_tests::migration::Migration;
use migration_tests::warehouse::{DATABASE, HOST, TARGET_DATABASE, USER};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Creates a secret, and gives its ARN.
fn secret(migration: &Migration, name: &str, secret: &Value) -> Result<String> {
    let name = format!("{}-{name}", migration.deployed("workgroup"));
    let create = ["secretsmanager", "create-secret", "--name", &name, "--secret-string", &secret.to_string()];
    Ok(migration.aws.json(create)?["ARN"].as_str().context("an ARN")?.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn both_kinds_of_warehouse_take_temporary_credentials() -> Result<()> {
    let migration = Migration::start().await?;
    migration.psql(&migration.source, &["-c", "CREATE SCHEMA shop"]).await?;
    let source = json!({
        "host": format!("{HOST}:{}/{DATABASE}", migration.source.warehouse.port()),
        "username": USER,
        "dbClusterIdentifier": migration.deployed("cluster_identifier"),
        "engine": "redshift",
    });
    let target = json!({
        "url": format!("jdbc:redshift:iam://{HOST}:{}/{TARGET_DATABASE}", migration.target.warehouse.port()),
        "workgroupName": migration.deployed("workgroup"),
        "work_groop": "Hunter2",
    });
    let source = secret(&migration, "temporary-source", &source)?;
    let target = secret(&migration, "temporary-target", &target)?;
    let arguments =
        [("--SCHEMAS", "shop"), ("--SOURCE_SECRET_ARN", &*source), ("--TARGET_SECRET_ARN", &*target)];

    // As Redshift makes it at the first login: a user of the role's name who may do nothing yet.
    let create = "CREATE USER \"IAMR:aws-local\" PASSWORD DISABLE";
    migration.psql(&migration.target, &["-c", create]).await?;
    let refused = migration.run_job("migrate-schema", &arguments).await?;
    ensure!(refused.status == Some(2), "{refused:?}");
    let remedy = "ALTER USER \"IAMR:aws-local\" CREATEUSER";
    let of_disabled = format!("{remedy}, with a PASSWORD where its own is disabled");
    ensure!(refused.last_line().ends_with(&of_disabled), "{refused:?}");
    let remedy = format!("{remedy} PASSWORD 'md5A1234567890123456780123456789012'");
    migration.psql(&migration.target, &["-c", &remedy]).await?;
    let ended = migration.run_job("migrate-schema", &arguments).await?;
    ensure!(ended.status == Some(0), "{ended:?}");
    // A key that no job reads may be a field that is misspelt.
    let warned: Vec<_> = ended.stdout.lines().filter(|line| line.contains("that no job reads")).collect();
    ensure!(
        warned.len() == 1 && warned[0].contains("target") && warned[0].contains("work_groop"),
        "{ended:?}"
    );
    ensure!(!format!("{ended:?}").contains("Hunter2"), "a value of it got out: {ended:?}");

    let users = |warehouse: &migration_tests::warehouse::TestWarehouse| {
        let sessions = warehouse.warehouse.sessions().into_iter();
        let of_job = sessions.filter(|session| session.application_name.starts_with("migrate-schema"));
        of_job.map(|session| session.user).collect::<BTreeSet<_>>()
    };
    assert_eq!(users(&migration.source), BTreeSet::from([USER.to_owned()]));
    assert_eq!(users(&migration.target), BTreeSet::from(["IAMR:aws-local".to_owned()]));

    // Without a user nobody can tell whom a cluster's credentials are for.
    let nobody = json!({
        "host": HOST,
        "port": migration.source.warehouse.port(),
        "dbname": DATABASE,
        "cluster_identifier": migration.deployed("cluster_identifier"),
    });
    let nobody = secret(&migration, "temporary-nobody", &nobody)?;
    let arguments = [("--SCHEMAS", "shop"), ("--SOURCE_SECRET_ARN", &*nobody)];
    let refused = migration.run_job("migrate-schema", &arguments).await?;
    ensure!(refused.status == Some(2) && refused.last_line().contains("add username"), "{refused:?}");
    migration.stop().await
}
