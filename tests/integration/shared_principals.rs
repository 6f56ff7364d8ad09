//! Tenants that share users and move at the same time: what another job has just created is no failure.

use anyhow::{Context, Result, ensure};
use migration_tests::environment::path;
use migration_tests::migration::Migration;
use migration_tests::scenario::Direction;
use migration_tests::warehouse::TARGET_DATABASE;
use redshift_local::Fault;
use std::process::Command;
use std::time::Duration;

const TENANT: &str = "
    CREATE USER shared PASSWORD DISABLE;
    CREATE GROUP analysts;
    CREATE SCHEMA shop;
    CREATE TABLE shop.orders (id INTEGER);
    GRANT USAGE ON SCHEMA shop TO shared;
    GRANT SELECT ON shop.orders TO shared;
    GRANT SELECT ON shop.orders TO GROUP analysts;
";

/// Runs a statement on the target, past every job.
fn meanwhile(migration: &Migration, sql: &'static str) -> Result<impl Fn() + Send + Sync + use<>> {
    let (psql, socket) = (path("PSQL")?, migration.target.warehouse.backend_socket().to_owned());
    Ok(move || {
        let mut command = Command::new(&psql);
        command.args(["-X", "-q", "-U", "rdsdb", "-d", TARGET_DATABASE, "-c", sql, "-h"]);
        let status = command.arg(&socket).status();
        assert!(status.is_ok_and(|status| status.success()), "{sql}");
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_job_creates_meanwhile_is_taken_as_it_is() -> Result<()> {
    let migration = Migration::start_in(Direction::ProvisionedToServerless).await?;
    migration.load_text(TENANT).await?;
    let faults = migration.target.warehouse.faults();
    let fault = Fault::latency(Duration::ZERO).matching(|sql| sql.contains("CREATE USER"));
    faults.set(fault.at(1).then(meanwhile(&migration, "CREATE ROLE shared LOGIN")?));
    let arguments = [("--SCHEMAS", "shop"), ("--RUN_ID", "r")];
    let ended = migration.run_job("migrate-schema", &arguments).await?;
    ensure!(faults.fired() == 1 && ended.status == Some(0), "{ended:?}");
    let outcome = migration.ledger("runs/norrvik/r/schema.json")?;
    ensure!(outcome["status"] == "finished", "{outcome:#}");
    ensure!(outcome["failed"].as_array().context("a list")?.is_empty(), "{outcome:#}");
    let may = "SELECT has_table_privilege('shared', 'shop.orders', 'SELECT')";
    assert_eq!(migration.psql(&migration.target, &["-c", may]).await?.trim(), "t");
    migration.stop().await
}
