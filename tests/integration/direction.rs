//! Source and target exchanged, or one warehouse in both roles: refused by what the warehouses say of themselves, by the
//! environment and by the tenant's earlier runs, before anything is changed on either.

use anyhow::{Result, ensure};
use migration_tests::migration::{Ended, Migration, ended};
use migration_tests::scenario::Direction;
use migration_tests::warehouse::{Identity, TestWarehouse};
use redshift_local::CURRENT_PATCH;

const JOBS: [&str; 3] = ["migrate-schema", "migrate-data", "refresh-views"];

/// A tenant with a user, a table and rows on the source.
async fn shop(identities: [Identity; 2]) -> Result<Migration> {
    let migration =
        Migration::start_as(Direction::ProvisionedToServerless, CURRENT_PATCH, identities).await?;
    let tenant = "CREATE USER keeper PASSWORD 'Abcdefg1'; CREATE SCHEMA shop; CREATE TABLE shop.orders (id INTEGER); \
                  GRANT USAGE ON SCHEMA shop TO keeper; INSERT INTO shop.orders VALUES (1), (2), (3)";
    migration.load_text(tenant).await?;
    Ok(migration)
}

/// The arguments of a job for this tenant, with others in place of them.
fn arguments(migration: &Migration, job: &str, more: &[(&str, &str)]) -> Vec<String> {
    let mut all = vec![("--SCHEMAS", "shop")];
    if job == "migrate-data" {
        all.push(("--TABLE_NAME", "orders"));
    }
    all.extend(more);
    migration.arguments(job, &all)
}

async fn run(migration: &Migration, job: &str, more: &[(&str, &str)]) -> Result<Ended> {
    ended(migration.start_job(job, &arguments(migration, job, more))?).await
}

/// The tenant arrives.
async fn migrate(migration: &Migration) -> Result<()> {
    for job in JOBS {
        let ended = run(migration, job, &[("--RUN_ID", "first")]).await?;
        ensure!(ended.status == Some(0), "{job}: {ended:?}");
    }
    Ok(())
}

/// Everything a job could change on a warehouse: its rows, what is in it, and who.
async fn state(migration: &Migration, of: &TestWarehouse) -> Result<String> {
    let catalog = "SELECT nspname::text FROM pg_catalog.pg_namespace UNION ALL SELECT rolname FROM pg_catalog.pg_roles \
        UNION ALL SELECT relname FROM pg_catalog.pg_class UNION ALL SELECT relacl::text FROM pg_catalog.pg_class ORDER BY 1";
    let is_there = "SELECT to_regclass('shop.orders') IS NOT NULL";
    let mut state = migration.backend(of, &["-c", catalog]).await?;
    if migration.backend(of, &["-c", is_there]).await?.trim() == "t" {
        state += &migration.backend(of, &["-c", "SELECT id, xmin FROM shop.orders ORDER BY 1"]).await?;
    }
    Ok(state)
}

/// Each job refuses with status 2 and these words, and neither warehouse is another than before.
async fn all_refuse(migration: &Migration, more: &[(&str, &str)], words: &[&str]) -> Result<()> {
    let before = [state(migration, &migration.source).await?, state(migration, &migration.target).await?];
    for job in JOBS {
        let ended = run(migration, job, more).await?;
        let line = ended.last_line();
        ensure!(ended.status == Some(2) && line.starts_with("nothing was changed"), "{job}: {ended:?}");
        for word in words {
            ensure!(line.contains(word), "{job}: no {word} in {line}");
        }
    }
    let after = [state(migration, &migration.source).await?, state(migration, &migration.target).await?];
    ensure!(before == after, "a refused job changed something");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn one_database_is_never_source_and_target() -> Result<()> {
    let migration = shop([Identity::default(), Identity::default()]).await?;
    let namespace = migration.source.warehouse.namespace();
    // Both ARNs are one; and two secrets of one warehouse.
    let source = migration.secrets[0].clone();
    let other = migration.another_secret_of_source().await?;
    for target in [&source, &other] {
        let more = [("--TARGET_SECRET_ARN", target.as_str()), ("--SAME_WAREHOUSE", "true")];
        all_refuse(&migration, &more, &["are one database", namespace, "localhost/dev"]).await?;
    }
    migration.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn exchanged_secrets_are_refused_and_no_role_is_overridden() -> Result<()> {
    let migration = shop([Identity::default(), Identity::default()]).await?;
    let (source, target) = (migration.source.warehouse.namespace(), migration.target.warehouse.namespace());
    let [of_source, of_target] = migration.secrets.clone();
    let exchanged =
        [("--SOURCE_SECRET_ARN", of_target.as_str()), ("--TARGET_SECRET_ARN", of_source.as_str())];
    // The environment knows before any run does.
    let roles = format!("old=source:{source},new=target:{target}");
    let bounded = [exchanged[0], exchanged[1], ("--WAREHOUSES", roles.as_str()), ("--REVERSE", "true")];
    let words = ["may not be a source", source, target, "the role of new"];
    all_refuse(&migration, &bounded, &words).await?;

    migrate(&migration).await?;
    all_refuse(&migration, &bounded, &words).await?;
    all_refuse(&migration, &exchanged, &["went the other way", source, target, "--REVERSE true"]).await?;

    // What is allowed to go back still replaces no rows that nobody allowed to go.
    let back = [exchanged[0], exchanged[1], ("--REVERSE", "true"), ("--RUN_ID", "back")];
    let before = state(&migration, &migration.source).await?;
    for job in ["migrate-schema", "migrate-data"] {
        let ended = run(&migration, job, &back).await?;
        ensure!(ended.status == Some(1) && ended.last_line().contains("3 rows"), "{job}: {ended:?}");
        ensure!(ended.last_line().contains("--REPLACE"), "{job}: {ended:?}");
    }
    assert_eq!(state(&migration, &migration.source).await?, before);
    let replace = [back[0], back[1], back[2], back[3], ("--REPLACE", "shop.orders")];
    let ended = run(&migration, "migrate-data", &replace).await?;
    ensure!(ended.status == Some(0), "{ended:?}");
    // It was allowed once.
    all_refuse(&migration, &exchanged, &["--REVERSE true"]).await?;
    migration.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_warehouse_that_no_run_of_the_tenant_knows_is_refused() -> Result<()> {
    let migration = shop([Identity::default(), Identity::default()]).await?;
    migrate(&migration).await?;
    let (third, secret) = migration.start_third().await?;
    let elsewhere = [("--TARGET_SECRET_ARN", secret.as_str())];
    let ids = [third.warehouse.namespace(), migration.target.warehouse.namespace(), "--NEW_WAREHOUSE true"];
    all_refuse(&migration, &elsewhere, &ids).await?;
    let unlisted = format!("old=source:{}", migration.source.warehouse.namespace());
    let more = [elsewhere[0], ("--NEW_WAREHOUSE", "true"), ("--WAREHOUSES", unlisted.as_str())];
    all_refuse(&migration, &more, &["no warehouse of this environment", third.warehouse.namespace()]).await?;

    let planned = [elsewhere[0], ("--NEW_WAREHOUSE", "true"), ("--RUN_ID", "dry"), ("--DRY_RUN", "true")];
    let ended = run(&migration, "migrate-schema", &planned).await?;
    ensure!(ended.status == Some(0), "{ended:?}");
    // A plan is remembered by nobody; a run is, and what it knows needs no permission again.
    all_refuse(&migration, &elsewhere, &ids).await?;
    for more in [&[elsewhere[0], ("--NEW_WAREHOUSE", "true"), ("--RUN_ID", "n")][..], &elsewhere] {
        let ended = run(&migration, "migrate-schema", more).await?;
        ensure!(ended.status == Some(0), "{ended:?}");
    }
    // What the first run has moved and unloaded is of no use there.
    let same_run = [elsewhere[0], ("--NEW_WAREHOUSE", "true"), ("--RUN_ID", "first")];
    all_refuse(&migration, &same_run, &["this run began from", "--RUN_ID"]).await?;
    third.stop().await?;
    migration.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn between_databases_of_one_warehouse_no_principal_is_touched() -> Result<()> {
    let identity = |database: &str| Identity {
        namespace: Some("86b5169f-01dc-4a6f-9fbb-e2e24359e9a8".to_owned()),
        database: Some(database.to_owned()),
        ..Identity::default()
    };
    let migration = shop([identity("dev"), identity("test")]).await?;
    all_refuse(&migration, &[], &["two databases of one warehouse", "--SAME_WAREHOUSE true"]).await?;
    // The two databases of a warehouse share its users.
    migration.psql(&migration.target, &["-c", "CREATE USER keeper PASSWORD DISABLE"]).await?;
    let users = "SELECT rolname, rolpassword, rolvaliduntil FROM pg_catalog.pg_authid ORDER BY 1";
    let before = migration.backend(&migration.target, &["-c", users]).await?;
    let allowed = [("--SAME_WAREHOUSE", "true"), ("--RUN_ID", "r"), ("--PASSWORDS", "generate")];
    let schema = run(&migration, "migrate-schema", &allowed).await?;
    ensure!(schema.status == Some(0), "{schema:?}");
    for job in ["migrate-data", "refresh-views"] {
        let ended = run(&migration, job, &allowed[..2]).await?;
        ensure!(ended.status == Some(0), "{job}: {ended:?}");
    }
    assert_eq!(migration.backend(&migration.target, &["-c", users]).await?, before);
    let plan = migration.ledger_text("runs/norrvik/r/plan.sql")?;
    for word in ["CREATE USER", "ALTER USER", "CREATE GROUP", "CREATE ROLE"] {
        ensure!(!plan.contains(word), "{word} in {plan}");
    }
    let arrived = migration.backend(&migration.target, &["-c", "SELECT count(*) FROM shop.orders"]).await?;
    assert_eq!(arrived.trim(), "3");
    migration.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn two_first_runs_in_opposite_directions_do_not_both_begin() -> Result<()> {
    let migration = shop([Identity::default(), Identity::default()]).await?;
    let same =
        "CREATE SCHEMA shop; CREATE TABLE shop.orders (id INTEGER); INSERT INTO shop.orders VALUES (7)";
    migration.psql(&migration.target, &["-c", same]).await?;
    let [of_source, of_target] = migration.secrets.clone();
    let exchanged =
        [("--SOURCE_SECRET_ARN", of_target.as_str()), ("--TARGET_SECRET_ARN", of_source.as_str())];
    migration.associate_role().await?;
    let replace = ("--REPLACE", "all");
    let one = arguments(&migration, "migrate-data", &[replace, ("--RUN_ID", "one")]);
    let two =
        arguments(&migration, "migrate-data", &[replace, ("--RUN_ID", "two"), exchanged[0], exchanged[1]]);
    let (one, two) = (migration.start_job("migrate-data", &one)?, migration.start_job("migrate-data", &two)?);
    let (one, two) = tokio::try_join!(ended(one), ended(two))?;
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    ensure!(statuses == [Some(0), Some(2)], "{one:?} {two:?}");
    migration.stop().await
}
