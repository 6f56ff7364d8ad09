//! The sample tenant, migrated by Glue runs, compared by queries that know nothing of the product.

use anyhow::{Context, Result, ensure};
use migration_tests::environment::repository;
use migration_tests::migration::{Migration, compared};
use serde_json::{Value, json};

const SCHEMAS: &str = "('seedbank','exchange')";

/// Runs one job as a Glue run that must succeed.
fn glue(migration: &Migration, job: &str, arguments: &Value) -> Result<()> {
    let name = migration.deployment["jobs"][job].as_str().context("a job's name")?;
    let run = migration.aws.glue_run(name, arguments)?;
    let message = &run["ErrorMessage"];
    ensure!(run["JobRunState"] == "SUCCEEDED", "{job} {arguments}: {message}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sample_tenant_arrives_whole() -> Result<()> {
    let migration = Migration::start().await?;
    migration.load(&repository("tests/scenarios/sample/source.sql")).await?;

    glue(&migration, "migrate-schema", &json!({"--SCHEMAS": SCHEMAS, "--RUN_ID": "e2e"}))?;
    role_is_associated(&migration)?;
    let tables = migration.ledger("runs/norrvik/e2e/tables.json")?;
    let tables = tables.as_array().context("an array of lists of tables")?;
    let count: u64 = tables.iter().filter_map(|item| item["count"].as_u64()).sum();
    assert!(count >= 8, "{count} tables");
    for item in tables {
        let arguments = json!({"--SCHEMAS": SCHEMAS, "--RUN_ID": "e2e", "--TABLES": item["tables"]});
        glue(&migration, "migrate-data", &arguments)?;
    }
    glue(&migration, "refresh-views", &json!({"--SCHEMAS": SCHEMAS, "--RUN_ID": "e2e"}))?;

    let schema = migration.ledger("runs/norrvik/e2e/schema.json")?;
    assert_eq!(schema["status"], "finished", "{schema:#}");
    assert_eq!(migration.ledger("runs/norrvik/e2e/views.json")?["status"], "finished");
    same_on_both_sides(&migration).await?;
    assert_eq!(migration.keys("unload/")?, Vec::<String>::new(), "what was unloaded does not stay");

    // Once more: nothing is left to do, and the rows of a table are replaced, not doubled.
    glue(&migration, "migrate-schema", &json!({"--SCHEMAS": SCHEMAS, "--RUN_ID": "again"}))?;
    assert_eq!(migration.ledger("runs/norrvik/again/schema.json")?["applied"], 0);
    let label = json!({"--SCHEMAS": SCHEMAS, "--RUN_ID": "again", "--TABLE_NAME": "label"});
    glue(&migration, "migrate-data", &label)?;
    glue(&migration, "refresh-views", &json!({"--SCHEMAS": SCHEMAS, "--RUN_ID": "again"}))?;
    same_on_both_sides(&migration).await?;

    let runs = migration.deployment["jobs"]["migrate-data"].as_str().context("a job's name")?;
    let runs = migration.aws.json(["glue", "get-job-runs", "--job-name", runs])?;
    assert_eq!(runs["JobRuns"].as_array().map(Vec::len), Some(tables.len() + 1));
    migration.stop().await
}

/// Both warehouses may use the role that UNLOAD and COPY reach S3 with.
fn role_is_associated(migration: &Migration) -> Result<()> {
    let role = migration.deployed("iam_role");
    let cluster =
        ["redshift", "describe-clusters", "--cluster-identifier", migration.deployed("cluster_identifier")];
    let cluster = migration.aws.json(cluster)?["Clusters"][0]["IamRoles"].to_string();
    let namespace =
        ["redshift-serverless", "get-namespace", "--namespace-name", migration.deployed("namespace")];
    let namespace = migration.aws.json(namespace)?["namespace"]["iamRoles"].to_string();
    for roles in [cluster, namespace] {
        ensure!(roles.contains(role) && roles.contains("in-sync"), "{role} is not associated: {roles}");
    }
    Ok(())
}

/// Runs each query of the scenario on PostgreSQL behind both warehouses.
async fn same_on_both_sides(migration: &Migration) -> Result<()> {
    let source = compared(migration, &migration.source, &[]).await?;
    let target = compared(migration, &migration.target, &[]).await?;
    let mut differences = Vec::new();
    for ((name, source), (_, target)) in source.iter().zip(&target) {
        ensure!(!source.trim().is_empty(), "{name} compares nothing");
        if source != target {
            differences.push(format!("{name}:\n{}", difference(source, target)));
        }
    }
    ensure!(differences.is_empty(), "source and target differ in {}", differences.join("\n"));
    Ok(())
}

/// The lines that only one side has.
fn difference(source: &str, target: &str) -> String {
    let only = |side: &str, one: &str, other: &str| {
        let lines = one.lines().filter(|line| !other.lines().any(|there| there == *line)).take(8);
        lines.map(|line| format!("  {side} {line}")).collect::<Vec<_>>()
    };
    [only("source", source, target), only("target", target, source)].concat().join("\n")
}
