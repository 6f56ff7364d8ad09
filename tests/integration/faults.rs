//! The faults that tests set strike what they are meant for, and the counters count it.

use anyhow::{Result, ensure};
use migration_tests::answer::{code_and_message, count};
use migration_tests::object_store::{BUCKET, ObjectStore};
use migration_tests::warehouse::{TestWarehouse, open};
use redshift_local::{Fault, Kind, When};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

const ROLE: &str = "IAM_ROLE 'arn:aws:iam::123456789012:role/copy'";

/// Longer than anything here takes otherwise, by far.
const DELAY: Duration = Duration::from_millis(400);

/// How long a statement whose client is gone may need to end.
const PATIENCE: Duration = Duration::from_secs(20);

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_lost_during_commit_has_committed_or_not() -> Result<()> {
    let warehouse = TestWarehouse::start().await?;
    let client = warehouse.connect().await?;
    client.simple_query("CREATE TABLE t (a INTEGER)").await?;
    let faults = warehouse.warehouse.faults();
    for (when, rows) in [(When::BeforeForwarding, "0"), (When::AfterForwarding, "1")] {
        faults.set(Fault::drop_connection(when).matching(|sql| sql == "COMMIT"));
        let job = warehouse.connect().await?;
        job.simple_query("BEGIN; INSERT INTO t VALUES (1)").await?;
        job.simple_query("COMMIT").await.expect_err("no reply");
        assert_eq!(faults.fired(), 1);
        faults.clear();
        assert_eq!(count(&client, "t").await?, rows, "{when:?}");
    }
    warehouse.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_message_of_a_session_meant_is_late() -> Result<()> {
    let warehouse = TestWarehouse::start().await?;
    let faults = warehouse.warehouse.faults();
    faults.set(Fault::latency(DELAY).of_sessions(|session| session.application_name == "job"));
    let other = warehouse.connect().await?;
    let job = warehouse.connect_with(warehouse.config().application_name("job")).await?;
    other.simple_query("SELECT 1").await?;
    assert_eq!(faults.fired(), 0, "another session waits");
    let started = Instant::now();
    job.simple_query("SELECT 1; SELECT 2").await?;
    job.simple_query("SELECT 3").await?;
    ensure!(started.elapsed() >= 2 * DELAY, "two messages took {:?}", started.elapsed());
    assert_eq!(faults.fired(), 2);
    warehouse.stop().await
}

/// AWS: c_serial_isolation-serializable-isolation-troubleshooting.
#[tokio::test(flavor = "multi_thread")]
async fn the_nth_matching_statement_conflicts() -> Result<()> {
    let warehouse = TestWarehouse::start().await?;
    let client = warehouse.connect().await?;
    client.simple_query("CREATE TABLE t (a INTEGER)").await?;
    let faults = warehouse.warehouse.faults();
    let conflict = || Fault::serialization_conflict().matching(|sql| sql.starts_with("INSERT")).at(2);
    faults.set(conflict());
    let message = "BEGIN; INSERT INTO t VALUES (1); INSERT INTO t VALUES (2)";
    let error = client.simple_query(message).await.expect_err("a conflict");
    assert_eq!(code_and_message(&error), ("XX000".to_owned(), "1023".to_owned()));
    let detail = error.as_db_error().and_then(|error| error.detail());
    assert_eq!(detail, Some("Serializable isolation violation on table in Redshift"));
    client.simple_query("ROLLBACK").await?;
    assert_eq!(count(&client, "t").await?, "0");
    // What a prepared statement runs into is the same.
    faults.clear();
    faults.set(conflict());
    let insert = client.prepare("INSERT INTO t VALUES (3)").await?;
    client.execute(&insert, &[]).await?;
    let error = client.execute(&insert, &[]).await.expect_err("a conflict");
    assert_eq!(code_and_message(&error).1, "1023");
    assert_eq!((count(&client, "t").await?.as_str(), faults.fired()), ("1", 1));
    warehouse.stop().await
}

/// AWS: c_serial_isolation. Two transactions that change the same row.
#[tokio::test(flavor = "multi_thread")]
async fn a_real_conflict_is_the_same_error() -> Result<()> {
    let warehouse = TestWarehouse::start().await?;
    let (one, other) = (warehouse.connect().await?, warehouse.connect().await?);
    one.simple_query("CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (1)").await?;
    one.simple_query("BEGIN; SELECT a FROM t").await?;
    other.simple_query("UPDATE t SET a = 2").await?;
    let error = one.simple_query("UPDATE t SET a = 3").await.expect_err("a conflict");
    assert_eq!(code_and_message(&error), ("XX000".to_owned(), "1023".to_owned()));
    let detail = error.as_db_error().and_then(|error| error.detail());
    assert_eq!(detail, Some("Serializable isolation violation on table in Redshift"));
    warehouse.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn copy_and_unload_go_on_when_their_client_dies_in_their_middle() -> Result<()> {
    let store = ObjectStore::shared().await?;
    let warehouse = TestWarehouse::start_with(Kind::Provisioned, Some(store.endpoint())).await?;
    let watcher = warehouse.connect().await?;
    watcher.simple_query("CREATE TABLE t (a INTEGER)").await?;
    store.put("faults/in", "1\n2\n").await?;
    let faults = warehouse.warehouse.faults();

    // Each request to S3 at which the client dies, the statement, and what shows that it has ended.
    let copy = format!("COPY t FROM 's3://{BUCKET}/faults/in' {ROLE} CSV");
    let unload = format!("UNLOAD ('SELECT a FROM t') TO 's3://{BUCKET}/faults/out/' {ROLE} CSV MANIFEST");
    for (request, statement) in
        [("GET /data-bucket/faults/in", copy), ("PUT /data-bucket/faults/out/", unload)]
    {
        let (client, connection) = open(&warehouse.config()).await?;
        let connection = Arc::new(Mutex::new(Some(tokio::spawn(connection))));
        let victim = Arc::clone(&connection);
        faults.set(
            Fault::slow_s3(Duration::ZERO).matching(move |text| text.starts_with(request)).at(1).then(
                move || {
                    let task = victim.lock().ok().and_then(|mut task| task.take());
                    task.inspect(tokio::task::JoinHandle::abort);
                },
            ),
        );
        let error = client.simple_query(&statement).await.expect_err("the client is gone");
        ensure!(error.is_closed(), "{error}");
        assert_eq!(faults.fired(), 1, "{statement}");
        faults.clear();
        let started = Instant::now();
        loop {
            let manifest = store.keys("faults/out/manifest").await?.len();
            if count(&watcher, "t").await? == "2" && (statement.starts_with("COPY") || manifest == 1) {
                break;
            }
            ensure!(started.elapsed() < PATIENCE, "{statement} has not gone on");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    warehouse.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn s3_is_slow_or_fails() -> Result<()> {
    let store = ObjectStore::shared().await?;
    let warehouse = TestWarehouse::start_with(Kind::Provisioned, Some(store.endpoint())).await?;
    let client = warehouse.connect().await?;
    client.simple_query("CREATE TABLE t (a INTEGER)").await?;
    store.put("faults/s3", "1\n").await?;
    let copy = format!("COPY t FROM 's3://{BUCKET}/faults/s3' {ROLE} CSV");
    let faults = warehouse.warehouse.faults();
    let reading = |fault: Fault| fault.matching(|text| text.starts_with("GET /data-bucket/faults/s3"));

    faults.set(reading(Fault::slow_s3(DELAY)));
    let started = Instant::now();
    client.simple_query(&copy).await?;
    ensure!(started.elapsed() >= DELAY && faults.fired() == 1, "S3 was as fast as ever");

    faults.clear();
    faults.set(reading(Fault::failing_s3()));
    let error = client.simple_query(&copy).await.expect_err("S3 fails");
    let (_, message) = code_and_message(&error);
    ensure!(message.contains("Status 503") && message.contains("SlowDown"), "{message}");

    // One failure alone goes unnoticed.
    faults.clear();
    faults.set(reading(Fault::failing_s3()).at(1));
    client.simple_query(&copy).await?;
    assert_eq!((count(&client, "t").await?.as_str(), faults.fired()), ("2", 1));
    warehouse.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_sessions_do_is_counted() -> Result<()> {
    let warehouse = TestWarehouse::start().await?;
    let client = warehouse.connect_with(warehouse.config().application_name("job")).await?;
    client.simple_query("CREATE TABLE t (a INT); INSERT INTO t VALUES (1)").await?;
    client.simple_query("BEGIN; INSERT INTO t VALUES (2); COMMIT").await?;
    client.simple_query("BEGIN; INSERT INTO t VALUES (3); ROLLBACK").await?;
    let sessions = warehouse.warehouse.sessions();
    let [session] = sessions.as_slice() else { panic!("one session, not {sessions:?}") };
    assert_eq!(session.application_name, "job");
    assert_eq!((session.messages, session.statements, session.commits), (3, 8, 2));

    // A message: its type, a length of four bytes, the text and its end.
    let (received, sent) = (session.bytes_received, session.bytes_sent);
    let text = "SELECT 'abcdefghij'";
    client.simple_query(text).await?;
    let after = &warehouse.warehouse.sessions()[0];
    assert_eq!(after.bytes_received - received, 6 + text.len() as u64);
    ensure!(after.bytes_sent > sent + 10, "{after:?}");

    let mut config = warehouse.config();
    warehouse.connect_with(config.password("wrong")).await.expect_err("a refusal");
    assert_eq!((warehouse.warehouse.connections(), warehouse.warehouse.sessions().len()), (2, 1));
    // A prepared statement commits at its Sync.
    client.execute("INSERT INTO t VALUES (4)", &[]).await?;
    assert_eq!(warehouse.warehouse.sessions()[0].commits, session.commits + 2);
    warehouse.stop().await
}

/// What Redshift says of its internal errors: dbt-adapters, pull request 1873 (both), and dbt-redshift, issue 928.
#[tokio::test(flavor = "multi_thread")]
async fn a_statement_fails_as_the_test_wants_it() -> Result<()> {
    let warehouse = TestWarehouse::start().await?;
    let client = warehouse.connect().await?;
    client.simple_query("CREATE TABLE t (a INTEGER)").await?;
    let faults = warehouse.warehouse.faults();
    for message in [
        "could not complete because of conflict with concurrent transaction",
        "could not open relation with OID 123456",
    ] {
        faults.set(Fault::failing_statement("XX000", message).matching(|sql| sql.starts_with("GRANT")).at(1));
        let grant = "CREATE TABLE u (a INTEGER); GRANT SELECT ON t TO PUBLIC";
        let error = client.simple_query(grant).await.expect_err("a fault");
        assert_eq!(code_and_message(&error), ("XX000".to_owned(), message.to_owned()));
        // The message is one transaction, and it is rolled back.
        let error = client.simple_query("SELECT a FROM u").await.expect_err("there is no such table");
        assert_eq!(code_and_message(&error).0, "42P01");
        assert_eq!(faults.fired(), 1);
        client.simple_query("GRANT SELECT ON t TO PUBLIC").await?;
        faults.clear();
    }
    warehouse.stop().await
}
