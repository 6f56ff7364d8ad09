//! The data job beside psql: one table with the whole job around it, against the same UNLOAD, DELETE and COPY alone.

use anyhow::{Result, ensure};
use migration_tests::figure::{Figure, report};
use migration_tests::migration::Migration;
use std::process::ExitCode;
use std::time::Instant;

const RUNS: usize = 5;

/// The job starts, connects, reads the catalog, locks and counts besides: with a table of seconds that may cost this much.
const LIMIT: f64 = 1.25;

/// A million rows by cross joins of ten.
const TENANT: &str = "CREATE SCHEMA big; CREATE TABLE big.digits (d INTEGER); \
    INSERT INTO big.digits VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9); \
    CREATE TABLE big.rows (id INTEGER ENCODE az64, name VARCHAR(60) ENCODE zstd, price NUMERIC(12, 2), at TIMESTAMP); \
    INSERT INTO big.rows SELECT a.d + 10 * b.d + 100 * c.d + 1000 * d.d + 10000 * e.d + 100000 * f.d, \
        'a name, \"quoted\" ' || a.d || b.d || c.d, 19.99, '2026-01-02 03:04:05' \
        FROM big.digits a, big.digits b, big.digits c, big.digits d, big.digits e, big.digits f";

#[tokio::main]
async fn main() -> Result<ExitCode> {
    let migration = Migration::start().await?;
    for statement in TENANT.split("; ") {
        migration.psql(&migration.source, &["-c", statement]).await?;
    }
    let job = migration.run_job("migrate-schema", &[("--SCHEMAS", "big")]).await?;
    ensure!(job.status == Some(0), "{job:?}");

    let (mut ours, mut base) = (Vec::new(), Vec::new());
    for run in 0..RUNS {
        let started = Instant::now();
        let job =
            migration.run_job("migrate-data", &[("--SCHEMAS", "big"), ("--TABLE_NAME", "rows")]).await?;
        ours.push(started.elapsed().as_secs_f64());
        ensure!(job.status == Some(0), "{job:?}");

        let place = format!("{}/bench/{run}/", migration.deployed("s3_bucket"));
        let role = migration.deployed("iam_role");
        let unload = format!(
            "UNLOAD ('SELECT id, name, price, at FROM big.rows') TO '{place}' IAM_ROLE '{role}' FORMAT AS CSV GZIP \
             NULL AS '@' MANIFEST VERBOSE"
        );
        let copy = format!(
            "COPY big.rows (id, name, price, at) FROM '{place}manifest' IAM_ROLE '{role}' MANIFEST FORMAT AS CSV GZIP \
             NULL AS '@' COMPUPDATE OFF STATUPDATE ON"
        );
        let started = Instant::now();
        migration.psql(&migration.source, &["-c", &unload]).await?;
        let load = ["-c", "BEGIN", "-c", "DELETE FROM big.rows", "-c", &copy, "-c", "COMMIT"];
        migration.psql(&migration.target, &load).await?;
        base.push(started.elapsed().as_secs_f64());
    }
    migration.stop().await?;
    Ok(report(&[Figure { name: "data: one table / psql", ours, base, limit: LIMIT }]))
}
