//! Statements of redshift-local that take long: nothing else may do the same meanwhile, a limit ends them, or their client.

use anyhow::{Result, ensure};
use migration_tests::answer::{code_and_message, count, value};
use migration_tests::object_store::{BUCKET, ObjectStore};
use migration_tests::warehouse::{TestWarehouse, tls};
use redshift_local::{Fault, Faults, Kind};
use std::sync::Mutex;
use std::time::Duration;
use tokio::sync::oneshot;

const ROLE: &str = "IAM_ROLE 'arn:aws:iam::123456789012:role/copy'";

/// Longer than anything here takes otherwise, by far.
const DELAY: Duration = Duration::from_millis(400);

/// Longer than a test may take.
const FOREVER: Duration = Duration::from_secs(20);

/// AWS: r_VACUUM_command, "Support for concurrent VACUUM".
#[tokio::test(flavor = "multi_thread")]
async fn no_two_vacuums_work_on_one_table() -> Result<()> {
    let warehouse = TestWarehouse::start().await?;
    let (one, other) = (warehouse.connect().await?, warehouse.connect().await?);
    one.simple_query("CREATE SCHEMA s; CREATE TABLE s.t (a INTEGER); CREATE TABLE u (a INTEGER)").await?;
    other.simple_query("SET search_path TO s").await?;
    let faults = warehouse.warehouse.faults();
    let slow = |faults: &Faults| {
        let (begun, begins) = oneshot::channel();
        let begun = Mutex::new(Some(begun));
        faults.set(Fault::slow_statement(DELAY).matching(|sql| sql == "VACUUM s.t").at(1).then(move || {
            begun.lock().ok().and_then(|mut begun| begun.take()).map(|begun| begun.send(()));
        }));
        begins
    };

    let begins = slow(faults);
    let running = tokio::spawn(async move {
        let vacuumed = one.simple_query("VACUUM s.t").await.map(drop);
        (one, vacuumed)
    });
    begins.await?;
    tokio::time::sleep(DELAY / 4).await;
    let error = other.simple_query("VACUUM DELETE ONLY t").await.expect_err("the table is being vacuumed");
    assert_eq!(code_and_message(&error), ("0A000".to_owned(), "VACUUM is running".to_owned()));
    let hint = error.as_db_error().and_then(|error| error.hint());
    assert_eq!(hint, Some("re-execute after other vacuum finished"));
    other.simple_query("VACUUM public.u").await?;
    other.simple_query("SELECT a FROM t").await?;
    ensure!(!running.is_finished(), "the first VACUUM has ended before the others came");
    let (one, vacuumed) = running.await?;
    vacuumed?;
    other.simple_query("VACUUM t").await?;

    // One that fails is over, too.
    drop(slow(faults));
    one.simple_query("SET statement_timeout TO 50").await?;
    let error = one.simple_query("VACUUM s.t").await.expect_err("it takes too long");
    assert_eq!(code_and_message(&error).0, "57014");
    other.simple_query("VACUUM t").await?;
    warehouse.stop().await
}

/// AWS: r_statement_timeout, r_ALTER_USER (SET parameter: what the sessions of a user begin with).
#[tokio::test(flavor = "multi_thread")]
async fn a_statement_over_the_timeout_of_its_user_is_canceled() -> Result<()> {
    let store = ObjectStore::shared().await?;
    let warehouse = TestWarehouse::start_with(Kind::Provisioned, Some(store.endpoint())).await?;
    let admin = warehouse.connect().await?;
    admin.simple_query("CREATE TABLE t (a INTEGER); CREATE USER ann PASSWORD 'Password1' CREATEUSER").await?;
    admin.simple_query("ALTER USER ann SET statement_timeout TO 100").await?;
    let mut config = warehouse.config();
    let ann = warehouse.connect_with(config.user("ann").password("Password1")).await?;
    assert_eq!(value(&ann, "SHOW statement_timeout").await?, "100ms");
    let faults = warehouse.warehouse.faults();
    faults.set(Fault::slow_statement(DELAY).of_sessions(|session| session.user == "ann"));
    let unload = format!("UNLOAD ('SELECT a FROM t') TO 's3://{BUCKET}/timeout/' {ROLE} CSV");
    for sql in ["SELECT a FROM t", "INSERT INTO t VALUES (1)", "VACUUM t", &unload] {
        let error = ann.simple_query(sql).await.expect_err("it takes too long");
        let canceled = ("57014".to_owned(), "Query (0) canceled on user's request".to_owned());
        assert_eq!(code_and_message(&error), canceled, "{sql}");
    }
    assert_eq!(faults.fired(), 4);
    assert_eq!(count(&admin, "t").await?, "0");
    // What turns the limit off takes no time itself.
    faults.clear();
    ann.simple_query("SET statement_timeout TO 0").await?;
    faults.set(Fault::slow_statement(DELAY).of_sessions(|session| session.user == "ann"));
    ann.simple_query("INSERT INTO t VALUES (1)").await?;
    assert_eq!(count(&admin, "t").await?, "1");
    warehouse.stop().await
}

/// AWS: r_CANCEL. The request that drivers send is PostgreSQL's.
#[tokio::test(flavor = "multi_thread")]
async fn a_client_cancels_what_takes_long() -> Result<()> {
    let warehouse = TestWarehouse::start().await?;
    let client = warehouse.connect().await?;
    let faults = warehouse.warehouse.faults();
    let token = client.cancel_token();
    let tls = tls()?;
    faults.set(Fault::slow_statement(FOREVER).matching(|sql| sql == "SELECT 1"));
    let canceling = tokio::spawn(async move {
        tokio::time::sleep(DELAY).await;
        token.cancel_query(tls).await
    });
    let error = client.simple_query("SELECT 1").await.expect_err("it is cancelled");
    let canceled = ("57014".to_owned(), "Query (0) cancelled on user's request".to_owned());
    assert_eq!(code_and_message(&error), canceled);
    canceling.await??;
    warehouse.stop().await
}
