//! The data job: many tables a run, going on where an earlier start ended, one moment for all tables, and killed anywhere.

mod empty;
mod killed;
mod many;
mod refused;
mod resumed;

use anyhow::{Result, ensure};
use migration_tests::migration::Migration;
use migration_tests::object_store::ObjectStore;
use migration_tests::scenario::Direction;

/// The tables of [`shop`], and the rows of each on the source.
const TABLES: [(&str, &str); 3] = [
    ("notes", "INSERT INTO shop.notes VALUES (1, ''), (2, NULL), (3, 'three')"),
    ("lines", "INSERT INTO shop.lines VALUES (1, 'a'), (2, 'b')"),
    ("empty", "DELETE FROM shop.empty"),
];

/// A migration whose source has three tables with rows, whose target has them with the rows of an earlier run.
async fn shop() -> Result<Migration> {
    filled(Migration::start().await?).await
}

/// The same in the deployment that is shared: to make one takes longer than to move the rows.
async fn shared_shop() -> Result<Migration> {
    filled(Migration::start_in(Direction::ProvisionedToServerless).await?).await
}

async fn filled(migration: Migration) -> Result<Migration> {
    migration.associate_role().await?;
    for warehouse in [&migration.source, &migration.target] {
        migration.psql(warehouse, &["-c", "CREATE SCHEMA shop"]).await?;
        for (table, _) in TABLES {
            let create = format!("CREATE TABLE shop.{table} (id INTEGER, note VARCHAR(20))");
            migration.psql(warehouse, &["-c", &create]).await?;
        }
    }
    for (table, _) in TABLES {
        let old = format!("INSERT INTO shop.{table} VALUES (7, 'old')");
        migration.psql(&migration.source, &["-c", &old]).await?;
    }
    let before = migration.run_job("migrate-data", &all("before", &[("--VERIFY", "checksum")])).await?;
    ensure!(before.status == Some(0), "{before:?}");
    copy_documents(&migration, "loaded", "saved").await?;
    for (table, rows) in TABLES {
        let gone = format!("DELETE FROM shop.{table}");
        migration.psql(&migration.source, &["-c", &gone, "-c", rows]).await?;
    }
    Ok(migration)
}

/// Gives the target its old rows again, past the proxy, and the ledger what it said of them.
async fn old_rows(migration: &Migration) -> Result<()> {
    for (table, _) in TABLES {
        let old = format!("TRUNCATE shop.{table}; INSERT INTO shop.{table} VALUES (7, 'old')");
        migration.backend(&migration.target, &["-c", &old]).await?;
    }
    copy_documents(migration, "saved", "loaded").await
}

/// Copies what the ledger says that the tables hold.
async fn copy_documents(migration: &Migration, from: &str, to: &str) -> Result<()> {
    let (store, bucket) = (ObjectStore::shared().await?, migration.deployed("data_bucket"));
    for (table, _) in TABLES {
        let namespace = migration.target.warehouse.namespace();
        let key =
            |folder| migration.key(&format!("{folder}/norrvik/{namespace}/target_wh/shop/{table}.json"));
        store.put_to(bucket, &key(to)?, &store.get_from(bucket, &key(from)?).await?).await?;
    }
    Ok(())
}

/// What PostgreSQL behind a warehouse holds in all three tables.
async fn rows(migration: &Migration, of: &migration_tests::warehouse::TestWarehouse) -> Result<String> {
    let mut all = String::new();
    for (table, _) in TABLES {
        let query = format!("SELECT '{table}', id, note IS NULL, note FROM shop.{table} ORDER BY 2");
        all += &migration.backend(of, &["-c", &query]).await?;
    }
    Ok(all)
}

/// All of them moved by one run of this name.
fn all<'a>(run: &'a str, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut arguments =
        vec![("--SCHEMAS", "shop"), ("--TABLE_NAME", "notes,shop.lines,\"empty\""), ("--RUN_ID", run)];
    arguments.extend(more);
    arguments
}
