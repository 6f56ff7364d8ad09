//! A job killed at every message to the target, and started again: it ends as if it had never been killed.

use anyhow::{Context, Result, ensure};
use migration_tests::migration::{Migration, compared, ended};
use redshift_local::{Fault, When};
use std::sync::{Arc, Mutex};

const TENANT: &str = "
    CREATE GROUP readers;
    CREATE USER ann PASSWORD 'Abcdefg1' IN GROUP readers;
    CREATE SCHEMA shop AUTHORIZATION ann;
    CREATE TABLE shop.orders (id INTEGER IDENTITY(1, 1), note VARCHAR(20) ENCODE lzo, PRIMARY KEY (id))
        DISTSTYLE KEY DISTKEY (id) SORTKEY (note);
    CREATE TABLE shop.lines (order_id INTEGER REFERENCES shop.orders (id));
    CREATE VIEW shop.a_view AS SELECT note FROM shop.orders;
    CREATE FUNCTION shop.f (INTEGER) RETURNS INTEGER STABLE AS $$ SELECT $1 + 1 $$ LANGUAGE sql;
    REVOKE EXECUTE ON FUNCTION shop.f (INTEGER) FROM PUBLIC;
    ALTER TABLE shop.orders OWNER TO ann;
    GRANT USAGE ON SCHEMA shop TO GROUP readers;
    GRANT SELECT ON shop.orders TO GROUP readers;
    GRANT EXECUTE ON FUNCTION shop.f (INTEGER) TO ann;
";

/// Brings the target back to what it was before.
const RESET: &str =
    "DROP SCHEMA IF EXISTS shop CASCADE; DROP ROLE IF EXISTS ann; DROP ROLE IF EXISTS \"group readers\"";

#[tokio::test(flavor = "multi_thread")]
async fn a_schema_job_killed_at_any_message_ends_as_if_it_had_not_been() -> Result<()> {
    let migration = Migration::start().await?;
    for statement in TENANT.split(";\n").filter(|text| !text.trim().is_empty()) {
        migration.psql(&migration.source, &["-c", statement]).await?;
    }
    let schemas = [("--SCHEMAS", "shop")];
    let whole = migration.run_job("migrate-schema", &schemas).await?;
    ensure!(whole.status == Some(0), "{whole:?}");
    let expected = compared(&migration, &migration.target, &[]).await?;
    let text = format!("{expected:?}");
    ensure!(text.contains("a_view") && text.contains("readers") && text.contains("orders"), "{text}");
    let messages: u64 =
        migration.target.warehouse.sessions().iter().map(|session| session.messages).max().unwrap_or(0);
    ensure!(messages > 5, "the job sent {messages} messages");

    let mut kills = 0;
    for when in [When::BeforeForwarding, When::AfterForwarding] {
        for message in 1..=messages {
            migration.backend(&migration.target, &["-c", RESET]).await?;
            kill_at(&migration, message, when, "migrate-schema", &schemas).await?;
            let again = migration.run_job("migrate-schema", &schemas).await?;
            ensure!(again.status == Some(0), "after a kill at message {message} {when:?}: {again:?}");
            let state = compared(&migration, &migration.target, &[]).await?;
            assert_eq!(state, expected, "after a kill at message {message} {when:?}");
            kills += 1;
        }
    }
    assert_eq!(kills, 2 * messages);
    migration.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_data_job_killed_at_any_message_leaves_the_old_rows_or_the_new() -> Result<()> {
    const OLD: &str = "TRUNCATE shop.notes; INSERT INTO shop.notes VALUES (7, 'old')";
    let migration = Migration::start().await?;
    migration.associate_role().await?;
    let create = ["CREATE SCHEMA shop", "CREATE TABLE shop.notes (id INTEGER, note VARCHAR(20))"];
    let rows = "INSERT INTO shop.notes VALUES (1, ''), (2, NULL), (3, 'three')";
    for statement in create {
        migration.psql(&migration.source, &["-c", statement]).await?;
        migration.psql(&migration.target, &["-c", statement]).await?;
    }
    migration.psql(&migration.source, &["-c", rows]).await?;
    let query = ["-c", "SELECT id, note IS NULL, note FROM shop.notes ORDER BY 1"];
    let new = migration.backend(&migration.source, &query).await?;
    let arguments = [("--SCHEMAS", "shop"), ("--TABLE_NAME", "notes")];
    migration.backend(&migration.target, &["-c", OLD]).await?;
    let old = migration.backend(&migration.target, &query).await?;
    let whole = migration.run_job("migrate-data", &arguments).await?;
    ensure!(whole.status == Some(0), "{whole:?}");
    let sessions = migration.target.warehouse.sessions();
    let of_job = sessions.iter().filter(|session| session.application_name.starts_with("migrate-data"));
    let messages = of_job.map(|session| session.messages).max().unwrap_or(0);
    ensure!(messages > 5, "the job sent {messages} messages");

    for when in [When::BeforeForwarding, When::AfterForwarding] {
        for message in 1..=messages {
            migration.backend(&migration.target, &["-c", OLD]).await?;
            kill_at(&migration, message, when, "migrate-data", &arguments).await?;
            let left = migration.backend(&migration.target, &query).await?;
            let committed = message == messages && when == When::AfterForwarding;
            assert_eq!(left, if committed { &*new } else { &*old }, "killed at message {message} {when:?}");
            let again = migration.run_job("migrate-data", &arguments).await?;
            ensure!(again.status == Some(0), "after a kill at message {message} {when:?}: {again:?}");
            assert_eq!(migration.backend(&migration.target, &query).await?, new);
        }
    }
    migration.stop().await
}

/// Runs a job and kills its process when its message to the target arrives there.
async fn kill_at(
    migration: &Migration,
    message: u64,
    when: When,
    job: &'static str,
    arguments: &[(&str, &str)],
) -> Result<()> {
    let process = Arc::new(Mutex::new(None));
    let victim = Arc::clone(&process);
    let kill = move || {
        let id: Option<u32> = victim.lock().ok().and_then(|id| *id);
        if let Some(id) = id {
            let status =
                std::process::Command::new("sh").args(["-c", "kill -KILL $0", &id.to_string()]).status();
            assert!(status.is_ok_and(|status| status.success()), "cannot kill the job");
        }
    };
    let faults = migration.target.warehouse.faults();
    let fault = Fault::drop_connection(when).at(message).then(kill);
    faults.set(fault.of_sessions(move |session| session.application_name.starts_with(job)));
    let child = migration.start_job(job, &migration.arguments(job, arguments))?;
    *process.lock().expect("nobody panicked") = Some(child.id().context("a running job")?);
    let killed = ended(child).await?;
    ensure!(faults.fired() == 1, "message {message} never came: {killed:?}");
    ensure!(killed.status.is_none(), "the job was not killed at message {message}: {killed:?}");
    faults.clear();
    Ok(())
}
