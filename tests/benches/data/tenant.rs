//! Tables to move: some of a size that takes a while, or many of almost none.

use anyhow::Result;
use migration_tests::migration::Migration;
use migration_tests::warehouse::TestWarehouse;

/// The tenant's schema.
pub const SCHEMA: &str = "big";

/// A row is a hundred bytes of CSV, half of them of no use to a compressor. A type that Parquet does not carry makes the files CSV.
const COLUMNS: &str = "id BIGINT ENCODE az64, name VARCHAR(64) ENCODE zstd, price NUMERIC(12, 2) ENCODE az64, \
                       at TIMESTAMPTZ ENCODE az64";

const ROW: &str = "n, md5(n::text) || md5((n * 7)::text), n * 0.01, \
                   TIMESTAMPTZ '2026-01-02 03:04:05+00' + n * INTERVAL '1 second'";

/// Makes tables `t0`, `t1`, … on both sides, with rows on the source: past the proxy, since loading is not measured.
pub async fn load(migration: &Migration, tables: usize, rows: usize) -> Result<()> {
    for warehouse in [&migration.source, &migration.target] {
        let client = warehouse.connect().await?;
        client.batch_execute(&format!("CREATE SCHEMA {SCHEMA}")).await?;
        for table in 0..tables {
            client.batch_execute(&format!("CREATE TABLE {SCHEMA}.t{table} ({COLUMNS})")).await?;
        }
    }
    for table in 0..tables {
        let insert = format!("INSERT INTO {SCHEMA}.t{table} SELECT {ROW} FROM generate_series(1, {rows}) n");
        migration.backend(&migration.source, &["-c", &insert]).await?;
    }
    Ok(())
}

/// Rows in all tables, as PostgreSQL behind a warehouse counts them.
pub async fn rows(migration: &Migration, warehouse: &TestWarehouse, tables: usize) -> Result<u64> {
    let count = |table| format!("(SELECT count(*) FROM {SCHEMA}.t{table})");
    let mut all = 0;
    for some in (0..tables).collect::<Vec<_>>().chunks(100) {
        let sum = some.iter().map(|table| count(*table)).collect::<Vec<_>>().join(" + ");
        let counted = migration.backend(warehouse, &["-c", &format!("SELECT {sum}")]).await?;
        all += counted.trim().parse::<u64>()?;
    }
    Ok(all)
}
