//! What Redshift refuses for the moment, by its public texts: the jobs send it again, and tell what a DBA has cancelled.

use anyhow::{Result, ensure};
use migration_tests::environment::path;
use migration_tests::migration::Migration;
use migration_tests::scenario::Direction;
use migration_tests::warehouse::{DATABASE, USER};
use redshift_local::Fault;
use std::process::Command;
use std::time::Duration;

const TENANT: &str = "
    CREATE GROUP analysts;
    CREATE SCHEMA shop;
    CREATE TABLE shop.orders (id INTEGER);
    INSERT INTO shop.orders VALUES (1), (2);
    CREATE VIEW shop.seen AS SELECT id FROM shop.orders;
    GRANT USAGE ON SCHEMA shop TO GROUP analysts;
    GRANT SELECT ON shop.orders TO GROUP analysts;
";

const SCHEMA_JOB: [(&str, &str); 2] = [("--SCHEMAS", "shop"), ("--RUN_ID", "r")];
const DATA_JOB: [(&str, &str); 3] = [("--SCHEMAS", "shop"), ("--RUN_ID", "r"), ("--TABLE_NAME", "orders")];

const ROWS: &str = "SELECT count(*) FROM shop.orders";

/// dbt-adapters, pull request 1873; aws-cdk, issue 20495: what GRANT and DDL say while another session changes the same objects.
#[tokio::test(flavor = "multi_thread")]
async fn ddl_and_loads_that_another_session_overtakes_are_sent_again() -> Result<()> {
    let migration = Migration::start_in(Direction::ProvisionedToServerless).await?;
    migration.load_text(TENANT).await?;
    let (source, target) = (migration.source.warehouse.faults(), migration.target.warehouse.faults());
    let overtaken = |message, verb: &'static str| {
        Fault::failing_statement("XX000", message).matching(move |sql| sql.starts_with(verb)).at(1)
    };
    target
        .set(overtaken("could not complete because of conflict with concurrent transaction", "GRANT SELECT"));
    target.set(overtaken("could not open relation with OID 123456", "CREATE VIEW"));
    let ended = migration.run_job("migrate-schema", &SCHEMA_JOB).await?;
    ensure!(target.fired() == 2 && ended.status == Some(0), "{ended:?}");
    let outcome = migration.ledger("runs/norrvik/r/schema.json")?;
    ensure!(outcome["status"] == "finished", "{outcome:#}");

    target.clear();
    source.set(overtaken("could not open relation with OID 123456", "UNLOAD"));
    target.set(overtaken("could not complete because of conflict with concurrent transaction", "COPY"));
    target.set(Fault::serialization_conflict().matching(|sql| sql.starts_with("LOCK")).at(1));
    let ended = migration.run_job("migrate-data", &DATA_JOB).await?;
    ensure!(source.fired() == 1 && target.fired() == 2 && ended.status == Some(0), "{ended:?}");
    assert_eq!(migration.psql(&migration.target, &["-c", ROWS]).await?.trim(), "2");
    migration.stop().await
}

/// AWS: r_statement_timeout: a login may begin with a limit. What a DBA cancels besides (r_CANCEL) is not sent again.
#[tokio::test(flavor = "multi_thread")]
async fn a_limit_of_the_login_ends_nothing_and_what_is_cancelled_stays_so() -> Result<()> {
    let migration = Migration::start_in(Direction::ProvisionedToServerless).await?;
    migration.load_text(TENANT).await?;
    let long = ["UNLOAD", "COPY", "CREATE VIEW"];
    for warehouse in [&migration.source, &migration.target] {
        let limit = format!("ALTER USER {USER} SET statement_timeout TO 1000");
        migration.psql(warehouse, &["-c", &limit]).await?;
        let slow = Fault::slow_statement(Duration::from_millis(1500));
        warehouse
            .warehouse
            .faults()
            .set(slow.matching(move |sql| long.iter().any(|verb| sql.starts_with(verb))));
    }
    let ended = migration.run_job("migrate-schema", &SCHEMA_JOB).await?;
    ensure!(ended.status == Some(0), "{ended:?}");
    let ended = migration.run_job("migrate-data", &DATA_JOB).await?;
    ensure!(ended.status == Some(0), "{ended:?}");
    let (source, target) = (migration.source.warehouse.faults(), migration.target.warehouse.faults());
    ensure!(source.fired() > 0 && target.fired() > 1, "nothing took long");
    assert_eq!(migration.psql(&migration.target, &["-c", ROWS]).await?.trim(), "2");

    source.clear();
    target.clear();
    let cancelled = Fault::failing_statement("57014", "Query (4777555) cancelled on user's request");
    source.set(cancelled.matching(|sql| sql.starts_with("UNLOAD")));
    let again = [("--SCHEMAS", "shop"), ("--RUN_ID", "again"), ("--TABLE_NAME", "orders")];
    let ended = migration.run_job("migrate-data", &again).await?;
    ensure!(ended.status == Some(1) && source.fired() == 1, "{} times: {ended:?}", source.fired());
    let error = &migration.ledger("runs/norrvik/again/tables/shop/orders.json")?["error"];
    ensure!(error["kind"] == "canceled" && error["message"].to_string().contains("57014"), "{error:#}");
    assert_eq!(migration.psql(&migration.target, &["-c", ROWS]).await?.trim(), "2");
    migration.stop().await
}

/// AWS: c_serial_isolation: what another session has dropped does not exist, whatever the snapshot shows.
#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_is_dropped_during_a_consistent_run_is_told() -> Result<()> {
    let migration = Migration::start_in(Direction::ProvisionedToServerless).await?;
    migration.load_text(TENANT).await?;
    migration.load_text("CREATE TABLE shop.lines (id INTEGER); INSERT INTO shop.lines VALUES (7)").await?;
    let ended = migration.run_job("migrate-schema", &SCHEMA_JOB).await?;
    ensure!(ended.status == Some(0), "{ended:?}");
    let (psql, socket) = (path("PSQL")?, migration.source.warehouse.backend_socket().to_owned());
    let drop = move || {
        let sql = "SET lock_timeout TO '5s'; DROP TABLE shop.lines";
        let mut command = Command::new(&psql);
        command.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-U", "rdsdb", "-d", DATABASE, "-c", sql, "-h"]);
        let status = command.arg(&socket).status();
        assert!(status.is_ok_and(|status| status.success()), "{sql}");
    };
    let source = migration.source.warehouse.faults();
    let unload = |sql: &str| sql.contains("UNLOAD") && sql.contains("lines");
    source.set(Fault::latency(Duration::ZERO).matching(unload).at(1).then(drop));
    let both = [
        ("--SCHEMAS", "shop"),
        ("--RUN_ID", "r"),
        ("--TABLE_NAME", "orders,lines"),
        ("--CONSISTENT", "true"),
    ];
    let ended = migration.run_job("migrate-data", &both).await?;
    ensure!(source.fired() == 1 && ended.status != Some(0), "{ended:?}");
    ensure!(ended.last_line().contains("shop.lines could not be unloaded"), "{ended:?}");
    let error = &migration.ledger("runs/norrvik/r/tables/shop/lines.json")?["error"];
    ensure!(error["message"].to_string().contains("42P01"), "{error:#}");
    migration.stop().await
}
