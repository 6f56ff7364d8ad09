//! Catalogs that say what no catalog should, objects that vanish under way, and one that may not be created: what cannot be carried over is
//! named, the rest is done.

use anyhow::{Context, Result, ensure};
use migration_tests::backend_state::BackendState;
use migration_tests::environment::path;
use migration_tests::migration::Migration;
use migration_tests::scenario::Direction;
use migration_tests::warehouse::TARGET_DATABASE;
use redshift_local::Fault;
use serde_json::Value;
use std::process::Command;
use std::time::Duration;

const TENANT: &str = "
    CREATE USER ann PASSWORD DISABLE;
    CREATE SCHEMA shop;
    CREATE TABLE shop.orders (id INTEGER ENCODE az64) DISTSTYLE EVEN;
    CREATE TABLE shop.lost (id INTEGER ENCODE az64) DISTSTYLE EVEN;
    CREATE VIEW shop.seen AS SELECT id FROM shop.orders;
    CREATE VIEW shop.dark AS SELECT id FROM shop.orders;
    GRANT SELECT ON shop.orders TO ann;
";

/// Lets the source list a right that nobody ever heard of, or of a user who is not there.
fn also_listed(privilege: &str, grantee: &str) -> String {
    format!(
        "ALTER VIEW redshift_catalog.svv_relation_privileges RENAME TO rs_listed_before;
         CREATE VIEW redshift_catalog.svv_relation_privileges AS SELECT * FROM redshift_catalog.rs_listed_before
         UNION ALL SELECT 'shop', 'orders', '{privilege}', 4711, '{grantee}', 'user', false;
         GRANT SELECT ON redshift_catalog.svv_relation_privileges TO PUBLIC"
    )
}

/// The owner is gone, a grant names somebody who is gone, and a view's text cannot be had.
const DAMAGE: &str = "UPDATE pg_catalog.pg_class SET relowner = 4712 WHERE relname = 'lost';
    ALTER FUNCTION redshift_catalog.pg_get_viewdef(oid) RENAME TO rs_viewdef_before;
    CREATE FUNCTION redshift_catalog.pg_get_viewdef(oid) RETURNS text LANGUAGE sql STABLE AS
        'SELECT CASE WHEN $1 <> ''shop.dark''::regclass THEN redshift_catalog.rs_viewdef_before($1) END'";

async fn start() -> Result<Migration> {
    let migration = Migration::start_in(Direction::ProvisionedToServerless).await?;
    migration.load_text(TENANT).await?;
    Ok(migration)
}

/// Runs the schema job; gives its exit status and its outcome.
async fn schema_job(migration: &Migration, run_id: &str) -> Result<(Option<i32>, Value)> {
    let ended = migration.run_job("migrate-schema", &[("--SCHEMAS", "shop"), ("--RUN_ID", run_id)]).await?;
    let outcome = migration.ledger(&format!("runs/norrvik/{run_id}/schema.json"));
    Ok((ended.status, outcome.with_context(|| format!("{ended:?}"))?))
}

/// The entries of a list of the outcome that hold a word.
fn named<'a>(outcome: &'a Value, list: &str, word: &'a str) -> Vec<&'a Value> {
    let entries = outcome[list].as_array().into_iter().flatten();
    entries.filter(move |entry| entry.to_string().contains(word)).collect()
}

/// The relations of the tenant on the target.
async fn relations(migration: &Migration) -> Result<Vec<String>> {
    let sql = "SELECT relname FROM pg_catalog.pg_class WHERE relnamespace = 'shop'::regnamespace AND relkind IN ('r', 'v') ORDER BY 1";
    Ok(migration.backend(&migration.target, &["-c", sql]).await?.lines().map(str::to_owned).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_privilege_that_nobody_knows_blocks_before_the_first_change() -> Result<()> {
    let migration = start().await?;
    migration.backend(&migration.source, &["-c", &also_listed("LEVITATE", "ann")]).await?;
    let before = BackendState::read(&migration.target).await?;
    let (status, outcome) = schema_job(&migration, "unknown-privilege").await?;
    assert_eq!((status, named(&outcome, "blockers", "LEVITATE").len()), (Some(1), 1), "{outcome:#}");
    ensure!(
        before.differences(&BackendState::read(&migration.target).await?).is_empty(),
        "something was changed"
    );
    migration.stop().await
}

/// Rows of privileges without a grantee, as a user may leave them that was dropped in another database (`r_DROP_USER`).
fn without_a_grantee(schema: &str) -> String {
    format!(
        "ALTER VIEW redshift_catalog.svv_relation_privileges RENAME TO rs_listed_before;
         CREATE VIEW redshift_catalog.svv_relation_privileges AS SELECT * FROM redshift_catalog.rs_listed_before
         UNION ALL SELECT '{schema}', 'orders', 'SELECT', 4711, NULL, 'user', false;
         GRANT SELECT ON redshift_catalog.svv_relation_privileges TO PUBLIC"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_cannot_be_read_blocks_the_tenant_that_it_is_about() -> Result<()> {
    for (schema, list, expected) in
        [("shop", "blockers", Some(1)), ("elsewhere", "not_carried_over", Some(0))]
    {
        let migration = start().await?;
        migration.backend(&migration.source, &["-c", &without_a_grantee(schema)]).await?;
        let (status, outcome) = schema_job(&migration, "unreadable").await?;
        let object = format!("row of privileges.sql about {schema}.orders");
        assert_eq!((status, named(&outcome, list, &object).len()), (expected, 1), "{outcome:#}");
        migration.stop().await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_warehouse_does_not_have_is_named_and_the_rest_is_done() -> Result<()> {
    let migration = start().await?;
    let lacking = "DROP VIEW redshift_catalog.svv_integration; DROP VIEW redshift_catalog.sys_copy_job; DROP VIEW redshift_catalog.pg_conf";
    for warehouse in [&migration.source, &migration.target] {
        migration.backend(warehouse, &["-c", lacking]).await?;
    }
    let (status, outcome) = schema_job(&migration, "lacking").await?;
    assert_eq!(status, Some(0), "{outcome:#}");
    for section in ["integrations", "copy jobs", "BACKUP NO of tables"] {
        let noted = named(&outcome, "not_carried_over", section);
        ensure!(noted.iter().any(|note| note["object"] == section), "{section} is not named: {outcome:#}");
    }
    assert_eq!(relations(&migration).await?, ["dark", "lost", "orders", "seen"]);
    migration.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_catalog_cannot_tell_is_named_and_the_rest_is_done() -> Result<()> {
    let migration = start().await?;
    migration.backend(&migration.source, &["-c", DAMAGE]).await?;
    migration.backend(&migration.source, &["-c", &also_listed("SELECT", "ghost")]).await?;
    let (status, outcome) = schema_job(&migration, "damaged").await?;
    assert_eq!(status, Some(0), "{outcome:#}");
    for object in ["shop.lost", "ghost", "shop.dark"] {
        ensure!(
            !named(&outcome, "not_carried_over", object).is_empty(),
            "{object} is not named: {outcome:#}"
        );
    }
    assert_eq!(relations(&migration).await?, ["lost", "orders", "seen"]);
    migration.stop().await
}

/// Drops a table of the target past every job, and what stands on it.
fn drop_orders(migration: &Migration) -> Result<impl Fn() + Send + Sync + use<>> {
    let (psql, socket) = (path("PSQL")?, migration.target.warehouse.backend_socket().to_owned());
    Ok(move || {
        let mut command = Command::new(&psql);
        command.args([
            "-X",
            "-q",
            "-U",
            "rdsdb",
            "-d",
            TARGET_DATABASE,
            "-c",
            "DROP TABLE shop.orders CASCADE",
            "-h",
        ]);
        let status = command.arg(&socket).status();
        assert!(status.is_ok_and(|status| status.success()), "cannot drop the table");
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_materialized_view_that_is_refused_says_for_which_name() -> Result<()> {
    let migration = start().await?;
    let create = "CREATE MATERIALIZED VIEW shop.counted AS SELECT COUNT(*) AS n FROM shop.orders";
    migration.psql(&migration.source, &["-c", create]).await?;
    let (status, outcome) = schema_job(&migration, "named").await?;
    assert_eq!(status, Some(0), "{outcome:#}");
    let faults = migration.target.warehouse.faults();
    let fault = Fault::latency(Duration::ZERO).matching(|sql| sql.contains("CREATE MATERIALIZED VIEW"));
    faults.set(fault.at(1).then(drop_orders(&migration)?));
    let ended = migration.run_job("refresh-views", &[("--SCHEMAS", "shop"), ("--RUN_ID", "named")]).await?;
    ensure!(faults.fired() == 1, "{ended:?}");
    let outcome = migration.ledger("runs/norrvik/named/views.json")?;
    let failed = named(&outcome, "failed", "counted");
    let message = failed.first().map(|step| step["message"].to_string()).unwrap_or_default();
    ensure!(message.contains("42P01") && message.contains("shop.orders"), "{outcome:#}");
    migration.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_vanishes_under_way_is_named_and_the_rest_is_done() -> Result<()> {
    let migration = start().await?;
    let faults = migration.target.warehouse.faults();
    let fault = Fault::latency(Duration::ZERO).matching(|sql| sql.contains("CREATE VIEW"));
    faults.set(fault.at(1).then(drop_orders(&migration)?));
    let (status, outcome) = schema_job(&migration, "vanished").await?;
    assert_eq!(faults.fired(), 1);
    faults.clear();
    assert_eq!(status, Some(0), "{outcome:#}");
    assert_eq!(outcome["status"], "partial");
    for object in ["create view \\\"shop\\\".\\\"seen\\\"", "create table \\\"shop\\\".\\\"orders\\\""] {
        ensure!(!named(&outcome, "failed", object).is_empty(), "{object} is not named: {outcome:#}");
    }
    assert_eq!(relations(&migration).await?, ["lost"]);
    // Started again, it makes what vanished.
    let (status, outcome) = schema_job(&migration, "again").await?;
    assert_eq!((status, &outcome["status"]), (Some(0), &Value::from("finished")), "{outcome:#}");
    assert_eq!(relations(&migration).await?, ["dark", "lost", "orders", "seen"]);
    migration.stop().await
}

/// Behind the target: nobody may create this table, not even a superuser.
const DENIAL: &str = "CREATE FUNCTION redshift_catalog.rs_deny() RETURNS event_trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT FROM pg_catalog.pg_event_trigger_ddl_commands() c WHERE c.object_identity = 'shop.orders') THEN
            RAISE EXCEPTION 'permission denied for schema shop' USING ERRCODE = 'insufficient_privilege';
        END IF;
    END $$;
    CREATE EVENT TRIGGER deny ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION redshift_catalog.rs_deny()";

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_may_not_be_created_is_named_with_what_needs_it_and_the_rest_is_done() -> Result<()> {
    let migration = start().await?;
    migration.backend(&migration.target, &["-c", DENIAL]).await?;
    let (status, outcome) = schema_job(&migration, "denied").await?;
    assert_eq!((status, &outcome["status"]), (Some(0), &Value::from("partial")), "{outcome:#}");
    let failed = outcome["failed"].as_array().context("failed steps")?;
    assert_eq!(failed.len(), 1, "{outcome:#}");
    assert_eq!(failed[0]["id"], "create table \"shop\".\"orders\"");
    assert_eq!(
        (&failed[0]["kind"], &failed[0]["message"]),
        (&"denied".into(), &"permission denied for schema shop".into())
    );
    ensure!(failed[0]["remedy"].as_str().is_some_and(|remedy| !remedy.is_empty()), "{outcome:#}");
    for needing in ["create view \\\"shop\\\".\\\"seen\\\"", "create view \\\"shop\\\".\\\"dark\\\"", "grant"]
    {
        ensure!(!named(&outcome, "skipped", needing).is_empty(), "{needing} is not named: {outcome:#}");
    }
    assert_eq!(relations(&migration).await?, ["lost"]);
    // Once it may be created, the next start of the run makes it and what waited for it.
    migration
        .backend(
            &migration.target,
            &["-c", "DROP EVENT TRIGGER deny; DROP FUNCTION redshift_catalog.rs_deny()"],
        )
        .await?;
    let (status, outcome) = schema_job(&migration, "denied").await?;
    assert_eq!((status, &outcome["status"]), (Some(0), &Value::from("finished")), "{outcome:#}");
    let source = BackendState::read(&migration.source).await?;
    let differences = source.differences(&BackendState::read(&migration.target).await?);
    ensure!(differences.is_empty(), "{differences:#?}");
    migration.stop().await
}
