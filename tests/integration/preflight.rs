//! `--PREFLIGHT` says what holds, what fails and what could not be tried, in the order in which to put it right, and leaves nothing.

use anyhow::{Result, ensure};
use migration_tests::migration::{Ended, Migration};
use migration_tests::scenario::Direction;
use redshift_local::Fault;
use serde_json::json;

/// What was printed, each with what became of it, without what comes behind the first colon or bracket.
fn findings(ended: &Ended) -> Vec<String> {
    let lines = ended.stdout.lines().filter_map(|line| line.split_once("preflight ").map(|(_, line)| line));
    let short = |line: &str| match line.split_once(": ") {
        Some((became, tried)) => {
            format!("{became}: {}", tried.split([':', '(']).next().unwrap_or_default().trim())
        }
        None => line.to_owned(),
    };
    lines.map(short).collect()
}

async fn preflight(migration: &Migration, more: &[(&str, &str)]) -> Result<Ended> {
    let arguments = [&[("--SCHEMAS", "shop"), ("--PREFLIGHT", "true")], more].concat();
    migration.run_job("migrate-schema", &arguments).await
}

/// What both warehouses hold that a preflight may not change, and the keys in the bucket.
async fn left(migration: &Migration) -> Result<(Vec<String>, Vec<String>)> {
    let mut held = Vec::new();
    for warehouse in [&migration.source, &migration.target] {
        // Schemas of temporary tables stay when those are gone.
        let sql = "SELECT n.nspname, c.relname FROM pg_namespace n LEFT JOIN pg_class c ON c.relnamespace = n.oid \
                   WHERE n.nspname !~ '^pg_' ORDER BY 1, 2";
        held.push(migration.psql(warehouse, &["-At", "-c", sql]).await?);
    }
    Ok((held, migration.keys("")?))
}

#[tokio::test(flavor = "multi_thread")]
async fn where_all_holds_it_says_so_and_leaves_nothing() -> Result<()> {
    for direction in [Direction::ProvisionedToServerless, Direction::ServerlessToProvisioned] {
        let migration = Migration::start_in(direction).await?;
        migration.associate_role().await?;
        let before = left(&migration).await?;
        let ended = preflight(&migration, &[]).await?;
        ensure!(ended.status == Some(0), "{ended:?}");
        assert!(findings(&ended).iter().all(|found| found.starts_with("holds: ")), "{ended:?}");
        assert_eq!(findings(&ended).len(), 11, "{ended:?}");
        assert!(ended.stdout.contains("preflight: all 11 hold"), "{ended:?}");
        assert_eq!(left(&migration).await?, before);
        migration.stop().await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_is_not_attached_is_said_and_not_attached() -> Result<()> {
    let migration = Migration::start().await?;
    let ended = preflight(&migration, &[]).await?;
    ensure!(ended.status == Some(1), "{ended:?}");
    let untried: Vec<_> =
        findings(&ended).into_iter().filter(|found| !found.starts_with("holds: ")).collect();
    let role = migration.deployed("iam_role").split(':').next().unwrap_or_default();
    assert_eq!(
        untried,
        [
            format!("not tried: the source may use the IAM role {role}"),
            format!("not tried: the target may use the IAM role {role}"),
            "not tried: UNLOAD of the source writes below s3".to_owned(),
            "not tried: COPY of the target reads what UNLOAD wrote".to_owned(),
            "not tried: unloaded files are listed and removed".to_owned(),
        ]
    );
    assert!(ended.stdout.contains("the first migration attaches it"), "{ended:?}");
    assert!(
        ended.last_line().contains("put this right first, and start it again: attach the IAM role"),
        "{ended:?}"
    );
    // Nothing was attached by trying.
    let again = preflight(&migration, &[]).await?;
    assert_eq!(findings(&again), findings(&ended));
    migration.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_fails_does_not_hide_what_does_not_need_it() -> Result<()> {
    let migration = Migration::start_in(Direction::ProvisionedToServerless).await?;
    migration.associate_role().await?;
    let name = format!("{}-wrong", migration.source.warehouse.namespace());
    let wrong = json!({"host": "127.0.0.1", "port": migration.target.warehouse.port(), "username": "nobody",
        "password": "Hunter2", "dbname": migration.target.database, "workgroup": migration.deployed("workgroup")});
    let wrong = wrong.to_string();
    let create = ["secretsmanager", "create-secret", "--name", &name, "--secret-string", &wrong];
    let created = migration.aws.json(create)?;
    let arn = created["ARN"].as_str().unwrap_or_default();
    let ended = preflight(&migration, &[("--TARGET_SECRET_ARN", arn), ("--RETRY", "1")]).await?;
    ensure!(ended.status.is_some_and(|status| status != 0), "{ended:?}");
    ensure!(!format!("{ended:?}").contains("Hunter2"), "a value got out: {ended:?}");
    let failed: Vec<_> = findings(&ended).into_iter().filter(|found| found.starts_with("FAILS")).collect();
    assert_eq!(failed, ["FAILS: the target is reached by TLS, and its user is a superuser"]);
    assert!(
        findings(&ended).contains(&"holds: UNLOAD of the source writes below s3".to_owned()),
        "{ended:?}"
    );
    assert!(ended.last_line().contains("put this right first"), "{ended:?}");
    assert_eq!(migration.keys("")?, [""; 0]);
    migration.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unload_that_s3_refuses_leaves_nothing() -> Result<()> {
    let migration = Migration::start_in(Direction::ProvisionedToServerless).await?;
    migration.associate_role().await?;
    migration.source.warehouse.faults().set(Fault::failing_s3().matching(|text| text.starts_with("PUT")));
    let ended = preflight(&migration, &[]).await?;
    ensure!(ended.status == Some(1), "{ended:?}");
    let failed: Vec<_> = findings(&ended).into_iter().filter(|found| found.starts_with("FAILS")).collect();
    assert_eq!(failed, ["FAILS: UNLOAD of the source writes below s3"]);
    assert_eq!(migration.keys("")?, [""; 0]);
    migration.stop().await
}
