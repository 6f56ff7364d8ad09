//! A second start of a run goes on where the first ended; `--FORCE`, `--KEEP_UNLOADED` and `--CONSISTENT`.

use super::{all, old_rows, rows, shop};
use anyhow::{Result, ensure};
use migration_tests::migration::Migration;
use redshift_local::{Fault, When};
use serde_json::{Value, json};

/// UNLOADs that the source has heard of since it started.
fn statements(migration: &Migration) -> u64 {
    let sessions = migration.source.warehouse.sessions();
    let of_job = sessions.iter().filter(|session| session.application_name.starts_with("migrate-data"));
    of_job.map(|session| session.statements).sum()
}

fn outcome(migration: &Migration, table: &str) -> Result<Value> {
    migration.ledger(&format!("runs/norrvik/r/tables/shop/{table}.json"))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_moved_is_moved_again_by_force_alone() -> Result<()> {
    let migration = shop().await?;
    let new = rows(&migration, &migration.source).await?;
    let first = migration.run_job("migrate-data", &all("r", &[])).await?;
    ensure!(first.status == Some(0), "{first:?}");
    assert_eq!(rows(&migration, &migration.target).await?, new);

    old_rows(&migration).await?;
    let old = rows(&migration, &migration.target).await?;
    let second = migration.run_job("migrate-data", &all("r", &[])).await?;
    ensure!(second.status == Some(0), "{second:?}");
    assert_eq!(rows(&migration, &migration.target).await?, old, "the run had moved them");

    let kept = migration
        .run_job("migrate-data", &all("r", &[("--FORCE", "true"), ("--KEEP_UNLOADED", "true")]))
        .await?;
    ensure!(kept.status == Some(0), "{kept:?}");
    assert_eq!(rows(&migration, &migration.target).await?, new);
    let files = migration.keys("unload/norrvik/r/shop/notes/")?;
    ensure!(files.iter().any(|key| key.ends_with("manifest")), "the files are kept: {files:?}");
    // And the next start that is not told to keep them takes them away.
    let last = migration.run_job("migrate-data", &all("r", &[])).await?;
    ensure!(last.status == Some(0), "{last:?}");
    assert_eq!(migration.keys("unload/")?, Vec::<String>::new());
    migration.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_unloaded_is_loaded_by_the_next_start() -> Result<()> {
    let migration = shop().await?;
    let faults = migration.target.warehouse.faults();
    faults.set(Fault::drop_connection(When::BeforeForwarding).matching(|sql| sql.starts_with("COPY")));
    let once = [("--SCHEMAS", "shop"), ("--TABLE_NAME", "notes"), ("--RUN_ID", "r"), ("--RETRY", "1")];
    let ended = migration.run_job("migrate-data", &once).await?;
    ensure!(ended.status == Some(3), "{ended:?}");
    faults.clear();
    let left = outcome(&migration, "notes")?;
    assert_eq!((&left["status"], &left["stage"]), (&json!("failed"), &json!("unloaded")));

    // The source has other rows by now: what arrives is what was unloaded.
    let new = rows(&migration, &migration.source).await?;
    migration.psql(&migration.source, &["-c", "INSERT INTO shop.notes VALUES (4, 'later')"]).await?;
    let before = statements(&migration);
    let ended = migration.run_job("migrate-data", &once).await?;
    ensure!(ended.status == Some(0), "{ended:?}");
    ensure!(ended.stdout.contains("shop.notes: goes on with what was unloaded before"), "{ended:?}");
    let arrived = rows(&migration, &migration.target).await?;
    ensure!(new.lines().filter(|row| row.starts_with("notes")).all(|row| arrived.contains(row)), "{arrived}");
    ensure!(!arrived.contains("later"), "{arrived}");
    let finished = outcome(&migration, "notes")?;
    assert_eq!((&finished["status"], &finished["rows"]["loaded"]), (&json!("finished"), &json!(3)));
    ensure!(statements(&migration) > before, "the source's tables are read");

    // Files that are gone, or a manifest that is another, are unloaded anew.
    faults.set(Fault::drop_connection(When::BeforeForwarding).matching(|sql| sql.starts_with("COPY")));
    let force = [once[0], once[1], once[2], once[3], ("--FORCE", "true")];
    let ended = migration.run_job("migrate-data", &force).await?;
    ensure!(ended.status == Some(3), "{ended:?}");
    faults.clear();
    let folder = format!("{}/unload/", migration.place);
    let removed = migration.aws.cli(["s3", "rm", "--recursive", "--quiet", &folder])?;
    ensure!(removed.status.success(), "{removed:?}");
    let ended = migration.run_job("migrate-data", &once).await?;
    ensure!(ended.status == Some(0), "{ended:?}");
    ensure!(rows(&migration, &migration.target).await?.contains("later"), "it was unloaded anew");
    migration.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn all_tables_show_one_moment() -> Result<()> {
    let migration = shop().await?;
    let new = rows(&migration, &migration.source).await?;
    // Before the second table is unloaded, somebody writes to all of them.
    let source = migration.source.warehouse.backend_socket().to_owned();
    let write = "BEGIN; INSERT INTO shop.notes VALUES (9, 'late'); INSERT INTO shop.lines VALUES (9, 'late'); \
                 INSERT INTO shop.empty VALUES (9, 'late'); COMMIT";
    let psql = migration_tests::environment::path("PSQL")?;
    let insert = move || {
        let mut command = std::process::Command::new(&psql);
        command.args(["-X", "-q", "-U", "rdsdb", "-d", migration_tests::warehouse::DATABASE, "-h"]);
        let status = command.arg(&source).args(["-c", write]).status();
        assert!(status.is_ok_and(|status| status.success()), "cannot write to the source");
    };
    let faults = migration.source.warehouse.faults();
    let unload = |sql: &str| sql.starts_with("UNLOAD");
    faults.set(Fault::latency(std::time::Duration::ZERO).matching(unload).at(2).then(insert));
    let ended = migration.run_job("migrate-data", &all("r", &[("--CONSISTENT", "true")])).await?;
    ensure!(ended.status == Some(0) && faults.fired() == 1, "{ended:?}");
    faults.clear();
    assert_eq!(rows(&migration, &migration.target).await?, new);
    ensure!(rows(&migration, &migration.source).await?.contains("late"), "nobody wrote meanwhile");

    // A start that finds a part of them moved moves all of them: the moment of that part is over.
    let removed = migration.aws.cli([
        "s3",
        "rm",
        "--quiet",
        &format!("{}/runs/norrvik/r/tables/shop/lines.json", migration.place),
    ])?;
    ensure!(removed.status.success(), "{removed:?}");
    let ended = migration.run_job("migrate-data", &all("r", &[("--CONSISTENT", "true")])).await?;
    ensure!(ended.status == Some(0), "{ended:?}");
    assert_eq!(rows(&migration, &migration.target).await?, rows(&migration, &migration.source).await?);
    migration.stop().await
}
