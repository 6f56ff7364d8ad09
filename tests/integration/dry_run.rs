//! A dry run changes nothing, and its script does what the jobs would have done.

use anyhow::{Result, ensure};
use migration_tests::environment::repository;
use migration_tests::migration::{Migration, compared};

const STATE: &str = "SELECT nspname FROM pg_catalog.pg_namespace UNION ALL SELECT rolname FROM pg_catalog.pg_roles \
    UNION ALL SELECT relname FROM pg_catalog.pg_class ORDER BY 1";

#[tokio::test(flavor = "multi_thread")]
async fn psql_runs_the_plan_as_it_is_printed() -> Result<()> {
    let migration = Migration::start().await?;
    // The one step that no script makes.
    migration.associate_role().await?;
    migration.load(&repository("tests/scenarios/sample/source.sql")).await?;
    let before = migration.backend(&migration.target, &["-c", STATE]).await?;
    let schemas = ("--SCHEMAS", "seedbank,exchange");
    let dry = [schemas, ("--RUN_ID", "dry"), ("--DRY_RUN", "true")];
    let planned = migration.run_job("migrate-schema", &dry).await?;
    ensure!(planned.status == Some(0), "{planned:?}");
    assert_eq!(migration.backend(&migration.target, &["-c", STATE]).await?, before);
    let outcome = migration.ledger("runs/norrvik/dry/schema.json")?;
    assert_eq!((outcome["status"].as_str(), outcome["applied"].as_u64()), (Some("planned"), Some(0)));

    let script = migration.target.directory().join("plan.sql");
    std::fs::write(&script, migration.ledger_text("runs/norrvik/dry/plan.sql")?)?;
    migration.psql(&migration.target, &["-f", &script.to_string_lossy()]).await?;
    // No rows moved, and what is AUTO shows only of tables that have some.
    let but = ["contents.sql", "physical.sql"];
    let source = compared(&migration, &migration.source, &but).await?;
    assert_eq!(compared(&migration, &migration.target, &but).await?, source);
    for job in ["migrate-schema", "refresh-views"] {
        let after = migration.run_job(job, &[schemas, ("--RUN_ID", "after")]).await?;
        ensure!(after.status == Some(0), "{after:?}");
    }
    assert_eq!(migration.ledger("runs/norrvik/after/schema.json")?["applied"], 0);
    let views = migration.ledger("runs/norrvik/after/views.json")?;
    assert_eq!(
        (views["status"].as_str(), views["applied"].as_u64()),
        (Some("finished"), Some(1)),
        "one refresh"
    );
    migration.stop().await
}

/// What the ledger says of a run's schema job.
fn sum(migration: &Migration, run: &str) -> Result<String> {
    let outcome = migration.ledger(&format!("runs/norrvik/{run}/schema.json"))?;
    Ok(outcome["plan_sha256"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_plan_that_was_read_is_applied() -> Result<()> {
    let migration = Migration::start().await?;
    let create = "CREATE SCHEMA shop; CREATE TABLE shop.orders (id INTEGER)";
    migration.psql(&migration.source, &["-c", create]).await?;
    let before = migration.backend(&migration.target, &["-c", STATE]).await?;
    let schemas = ("--SCHEMAS", "shop");
    let dry =
        migration.run_job("migrate-schema", &[schemas, ("--RUN_ID", "dry"), ("--DRY_RUN", "true")]).await?;
    ensure!(dry.status == Some(0), "{dry:?}");
    let read = sum(&migration, "dry")?;
    let script = migration.ledger_text("runs/norrvik/dry/plan.sql")?;
    ensure!(script.starts_with(&format!("-- plan {read}\n")), "{script}");

    migration.psql(&migration.source, &["-c", "CREATE TABLE shop.meanwhile (id INTEGER)"]).await?;
    let refused = migration
        .run_job("migrate-schema", &[schemas, ("--RUN_ID", "other"), ("--PLAN_SHA256", &read)])
        .await?;
    let planned = sum(&migration, "other")?;
    ensure!(planned.len() == 64 && planned != read, "{planned}");
    ensure!(refused.status == Some(2), "{refused:?}");
    for words in [read.as_str(), planned.as_str(), "nothing was changed"] {
        ensure!(refused.last_line().contains(words), "no {words} in {}", refused.last_line());
    }
    assert_eq!(migration.ledger("runs/norrvik/other/schema.json")?["status"], "failed");
    assert_eq!(migration.backend(&migration.target, &["-c", STATE]).await?, before);

    let capitals = planned.to_uppercase();
    let arguments = [schemas, ("--RUN_ID", "same"), ("--PLAN_SHA256", capitals.as_str())];
    let applied = migration.run_job("migrate-schema", &arguments).await?;
    ensure!(applied.status == Some(0), "{applied:?}");
    assert_eq!(sum(&migration, "same")?, planned);
    migration.stop().await
}
