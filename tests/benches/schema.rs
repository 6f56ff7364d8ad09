//! The schema job beside `psql -f plan.sql`: the whole job, with its start, both readings and the plan, against nothing
//! but the statements of that plan sent one by one.

use anyhow::{Context, Result, ensure};
use migration_tests::figure::{Figure, report};
use migration_tests::migration::Migration;
use std::fmt::Write;
use std::process::ExitCode;
use std::time::Instant;

const TABLES: usize = 400;
const VIEWS: usize = 80;
const USERS: usize = 40;
const RUNS: usize = 3;

/// The whole job does more than psql, which knows the plan already: it may take twice as long.
const LIMIT: f64 = 2.0;

/// Brings a target back to what it was before.
const RESET: &str = "DROP SCHEMA IF EXISTS big CASCADE; DO $$ DECLARE r text; BEGIN \
    FOR r IN SELECT rolname FROM pg_catalog.pg_roles WHERE rolname ~ '^(big_user_|group big_group)' LOOP \
    EXECUTE format('DROP ROLE %I', r); END LOOP; END $$";

#[tokio::main]
async fn main() -> Result<ExitCode> {
    let migration = Migration::start().await?;
    let script = migration.source.directory().join("tenant.sql");
    std::fs::write(&script, tenant()?)?;
    migration.load(&script).await?;

    let planned = [("--SCHEMAS", "big"), ("--RUN_ID", "plan"), ("--DRY_RUN", "true")];
    let dry = migration.run_job("migrate-schema", &planned).await?;
    ensure!(dry.status == Some(0), "{dry:?}");
    let plan = migration.source.directory().join("plan.sql");
    std::fs::write(&plan, migration.ledger_text("runs/norrvik/plan/plan.sql")?)?;

    let (mut ours, mut base) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let started = Instant::now();
        let job = migration.run_job("migrate-schema", &[("--SCHEMAS", "big")]).await?;
        ours.push(started.elapsed().as_secs_f64());
        ensure!(job.status == Some(0), "{job:?}");
        migration.backend(&migration.target, &["-c", RESET]).await?;

        let started = Instant::now();
        let file = plan.to_str().context("a path")?;
        migration.psql(&migration.target, &["-f", file]).await?;
        base.push(started.elapsed().as_secs_f64());
        migration.backend(&migration.target, &["-c", RESET]).await?;
    }
    migration.stop().await?;
    Ok(report(&[Figure { name: "schema: whole job / psql", ours, base, limit: LIMIT }]))
}

/// A tenant of many tables, views over them, users, and grants on everything.
fn tenant() -> Result<String> {
    let mut sql = String::from("CREATE SCHEMA big; CREATE GROUP big_group;\n");
    for user in 0..USERS {
        writeln!(sql, "CREATE USER big_user_{user} PASSWORD 'Abcdefg1' IN GROUP big_group;")?;
    }
    for table in 0..TABLES {
        writeln!(
            sql,
            "CREATE TABLE big.t{table} (id BIGINT IDENTITY(1, 1), name VARCHAR(40) ENCODE zstd, at TIMESTAMP ENCODE az64, \
             PRIMARY KEY (id)) DISTSTYLE KEY DISTKEY (id) COMPOUND SORTKEY (at, id); \
             GRANT SELECT, INSERT ON big.t{table} TO big_user_{}; GRANT SELECT ON big.t{table} TO GROUP big_group;",
            table % USERS,
        )?;
    }
    for view in 0..VIEWS {
        writeln!(sql, "CREATE VIEW big.v{view} AS SELECT id, name FROM big.t{view};")?;
        writeln!(sql, "GRANT SELECT ON big.v{view} TO GROUP big_group;")?;
    }
    Ok(sql)
}
