//! No cell value and no password gets into a log, an error or the ledger, least of all when something goes wrong.

use anyhow::{Context, Result, ensure};
use migration_tests::migration::{Migration, TENANT, ended};
use migration_tests::warehouse::PASSWORD;
use std::time::Duration;

/// A value planted in the data.
const PLANTED: &str = "planted-cell-value";

#[tokio::test(flavor = "multi_thread")]
async fn failures_quote_neither_values_nor_passwords() -> Result<()> {
    let migration = Migration::start().await?;
    let source = [
        "CREATE SCHEMA shop",
        // Files of CSV, whose load errors tell the most.
        "CREATE TABLE shop.notes (id INTEGER, note VARCHAR(40), at TIMESTAMPTZ)",
        "CREATE MATERIALIZED VIEW shop.numbers AS SELECT CAST(note AS INTEGER) AS number FROM shop.notes",
        "INSERT INTO shop.notes VALUES (1, 'planted-cell-value')",
    ];
    for statement in source {
        migration.psql(&migration.source, &["-c", statement]).await?;
    }
    let common = [("--SCHEMAS", "shop"), ("--RUN_ID", "r")];
    let schema = migration.run_job("migrate-schema", &common).await?;
    ensure!(schema.status == Some(0), "{schema:?}");
    let table = [common[0], common[1], ("--TABLE_NAME", "notes")];
    let process = migration.start_job("migrate-data", &migration.arguments("migrate-data", &table))?;
    // What everybody on the machine sees of it, once the kernel has it all in place.
    let place = format!("/proc/{}/cmdline", process.id().context("a running job")?);
    let mut listed = String::new();
    for _ in 0..1000 {
        listed = std::fs::read_to_string(&place)?;
        if !listed.is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    ensure!(listed.contains("--TABLE_NAME=notes"), "{listed}");
    let moved = ended(process).await?;
    ensure!(moved.status == Some(0), "{moved:?}");
    // The view's cast fails on the row that came meanwhile; then a column takes no NULL.
    let views = migration.run_job("refresh-views", &common).await?;
    ensure!(views.status == Some(1), "{views:?}");
    let planted = "INSERT INTO shop.notes VALUES (NULL, 'planted-cell-value')";
    migration.psql(&migration.source, &["-c", planted]).await?;
    migration.backend(&migration.target, &["-c", "DROP TABLE shop.notes CASCADE"]).await?;
    let narrow = "CREATE TABLE shop.notes (id INTEGER NOT NULL, note VARCHAR(40), at TIMESTAMPTZ)";
    migration.psql(&migration.target, &["-c", narrow]).await?;
    let anew = [table[0], table[1], table[2], ("--FORCE", "true")];
    let refused = migration.run_job("migrate-data", &anew).await?;
    ensure!(refused.status == Some(1), "{refused:?}");

    let mut seen = format!("{listed}{schema:?}{moved:?}{views:?}{refused:?}");
    let keys = migration.keys(&format!("runs/{TENANT}/"))?;
    ensure!(keys.len() >= 5, "the ledger holds {keys:?}");
    for key in keys {
        seen.push_str(&migration.ledger_text(&key)?);
    }
    ensure!(
        seen.contains("CREATE MATERIALIZED VIEW was refused") && seen.contains("load error 1213"),
        "{seen}"
    );
    ensure!(!seen.contains(PLANTED), "a cell value got out: {seen}");
    ensure!(!seen.contains(PASSWORD), "a password got out: {seen}");
    migration.stop().await
}
