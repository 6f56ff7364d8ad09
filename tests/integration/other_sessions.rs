//! What one session meets while another changes what there is.

use anyhow::{Result, ensure};
use migration_tests::answer::value;
use migration_tests::warehouse::TestWarehouse;
use std::time::Duration;
use tokio_postgres::{Client, Error};

/// Longer than a statement that waits for nobody takes.
const WAIT: Duration = Duration::from_millis(500);

/// SQLSTATE, message and DETAIL.
fn told(error: &Error) -> (String, String, Option<String>) {
    let error = error.as_db_error().expect("an error of the server's");
    (error.code().code().to_owned(), error.message().to_owned(), error.detail().map(str::to_owned))
}

async fn refused(client: &Client, sql: &str) -> (String, String, Option<String>) {
    told(&client.simple_query(sql).await.expect_err(sql))
}

/// AWS: c_serial_isolation-serializable-isolation-troubleshooting, ERROR:1018.
#[tokio::test(flavor = "multi_thread")]
async fn a_table_created_after_the_snapshot_cannot_be_read_in_it() -> Result<()> {
    let warehouse = TestWarehouse::start().await?;
    let (one, other) = (warehouse.connect().await?, warehouse.connect().await?);
    one.simple_query("CREATE TABLE old (a INTEGER); CREATE TABLE again (a INTEGER)").await?;
    let (state, number) = ("XX000".to_owned(), "1018".to_owned());
    let missing = (state, number, Some("Relation does not exist.".to_owned()));
    let since = [
        "CREATE TABLE new (a INTEGER); INSERT INTO new VALUES (1)",
        "DROP TABLE again; CREATE TABLE again (a INTEGER)",
        "CREATE VIEW seen AS SELECT a FROM old",
    ];
    for (change, read) in since.into_iter().zip([
        "SELECT a FROM public.new",
        "INSERT INTO old SELECT a FROM again",
        "SELECT s.a FROM old o JOIN seen s ON s.a = o.a",
    ]) {
        one.simple_query("BEGIN; SELECT a FROM old").await?;
        other.simple_query(change).await?;
        assert_eq!(refused(&one, read).await, missing, "{read}");
        one.simple_query("ROLLBACK").await?;
        // What a transaction creates itself it reads; so does the next one.
        one.simple_query("BEGIN; SELECT a FROM old; CREATE TEMP TABLE own (a INTEGER); SELECT a FROM own")
            .await?;
        one.simple_query("ROLLBACK").await?;
        one.simple_query("BEGIN").await?;
        one.simple_query(read).await?;
        one.simple_query("COMMIT").await?;
    }
    warehouse.stop().await
}

/// AWS: c_serial_isolation. What DDL changed shows on its commit: a query of a table that was dropped says that it does not exist.
#[tokio::test(flavor = "multi_thread")]
async fn a_table_dropped_after_the_snapshot_does_not_exist() -> Result<()> {
    let warehouse = TestWarehouse::start().await?;
    let (one, other) = (warehouse.connect().await?, warehouse.connect().await?);
    one.simple_query(
        "CREATE TABLE read (a INTEGER); CREATE TABLE dropped (a INTEGER); CREATE TABLE emptied (a INTEGER)",
    )
    .await?;
    one.simple_query("INSERT INTO emptied VALUES (1)").await?;
    one.simple_query("BEGIN; SELECT a FROM read").await?;
    other.simple_query("DROP TABLE dropped").await?;
    other.simple_query("TRUNCATE emptied").await?;
    assert_eq!(value(&one, "SELECT count(*) FROM emptied").await?, "0");
    let (state, message, _) = refused(&one, "SELECT a FROM dropped").await;
    assert_eq!((state.as_str(), message.as_str()), ("42P01", "relation \"dropped\" does not exist"));
    warehouse.stop().await
}

/// AWS: r_LOCK, r_SVV_TRANSACTIONS: who has read a table holds a lock until the end of its transaction, for which DDL waits.
#[tokio::test(flavor = "multi_thread")]
async fn ddl_waits_for_who_has_read_the_table_and_a_grant_for_nobody() -> Result<()> {
    let warehouse = TestWarehouse::start().await?;
    let (one, other, watcher) =
        (warehouse.connect().await?, warehouse.connect().await?, warehouse.connect().await?);
    one.simple_query("CREATE TABLE t (a INTEGER)").await?;
    one.simple_query("BEGIN; SELECT a FROM t").await?;
    other.simple_query("GRANT SELECT ON t TO PUBLIC").await?;
    let dropping = tokio::spawn(async move { other.simple_query("DROP TABLE t").await.map(drop) });
    tokio::time::sleep(WAIT).await;
    let waiting = "SELECT t.lock_mode FROM svv_transactions t WHERE NOT t.granted";
    assert_eq!(value(&watcher, waiting).await?, "AccessExclusiveLock");
    ensure!(!dropping.is_finished(), "the table went from under a reader");
    one.simple_query("SELECT a FROM t; COMMIT").await?;
    dropping.await??;
    assert_eq!(refused(&one, "SELECT a FROM t").await.0, "42P01");
    warehouse.stop().await
}

/// What Redshift says of two GRANTs on one object: aws-cdk, issue 20495; dbt-adapters, pull request 1873.
#[tokio::test(flavor = "multi_thread")]
async fn of_two_grants_on_one_table_at_once_one_conflicts() -> Result<()> {
    let warehouse = TestWarehouse::start().await?;
    let (one, other) = (warehouse.connect().await?, warehouse.connect().await?);
    one.simple_query("CREATE TABLE t (a INTEGER); CREATE GROUP g; CREATE GROUP h").await?;
    one.simple_query("BEGIN; GRANT SELECT ON t TO GROUP g").await?;
    let granting = tokio::spawn(async move {
        let granted = other.simple_query("GRANT SELECT ON t TO GROUP h").await.map(drop);
        (other, granted)
    });
    tokio::time::sleep(WAIT).await;
    ensure!(!granting.is_finished(), "the second GRANT did not wait");
    one.simple_query("COMMIT").await?;
    let (other, granted) = granting.await?;
    let (state, message, _) = told(&granted.expect_err("a conflict"));
    assert_eq!(
        (state.as_str(), message.as_str()),
        ("XX000", "could not complete because of conflict with concurrent transaction")
    );
    other.simple_query("GRANT SELECT ON t TO GROUP h").await?;
    warehouse.stop().await
}

/// AWS: r_CREATE_SCHEMA. Two of different names have nothing to do with each other.
#[tokio::test(flavor = "multi_thread")]
async fn two_schemas_are_created_at_once() -> Result<()> {
    let warehouse = TestWarehouse::start().await?;
    let (one, other) = (warehouse.connect().await?, warehouse.connect().await?);
    one.simple_query("CREATE USER ann PASSWORD DISABLE").await?;
    one.simple_query("BEGIN; CREATE SCHEMA a AUTHORIZATION ann QUOTA 10 GB; CREATE TABLE a.t (a INTEGER)")
        .await?;
    other
        .simple_query("BEGIN; CREATE SCHEMA b AUTHORIZATION ann QUOTA 10 GB; CREATE TABLE b.t (a INTEGER)")
        .await?;
    one.simple_query("GRANT USAGE ON SCHEMA a TO PUBLIC; COMMIT").await?;
    other.simple_query("GRANT USAGE ON SCHEMA b TO PUBLIC; COMMIT").await?;
    let names = "SELECT count(*) FROM pg_namespace WHERE nspname IN ('a', 'b')";
    assert_eq!(value(&one, names).await?, "2");
    warehouse.stop().await
}
