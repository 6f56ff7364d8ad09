//! The data job beside psql with the same statements, and what many small tables cost.
//!
//! psql is told which files each table has and sends UNLOAD, DELETE, COPY and ANALYZE; as many of it unload and load at a time as the
//! job has sessions. The job starts, reads both sides' tables, compares counts before each commit and keeps its ledger besides.

mod statements;
mod tenant;

use anyhow::{Context, Result, ensure};
use migration_tests::environment::fresh_folder;
use migration_tests::figure::{Figure, Measure, report, report_measures};
use migration_tests::migration::Migration;
use migration_tests::process::{Watched, watch};
use migration_tests::warehouse::TestWarehouse;
use redshift_local::{Fault, SessionInfo};
use serde_json::json;
use statements::Statements;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tenant::{SCHEMA, load, rows};

const RUNS: usize = 5;

/// 50 tables of 200,000 rows of a hundred bytes: 1 GB of CSV.
const TABLES: usize = 50;
const ROWS: usize = 200_000;
const THREADS: usize = 4;

const LIMIT: f64 = 1.10;
const MEGABYTES: f64 = 64.0;
const FIRST_MESSAGE_SECONDS: f64 = 0.1;

const SMALL_TABLES: usize = 1_000;
const TARGET_MESSAGES: f64 = 12.0;
const SOURCE_MESSAGES: f64 = 6.0;

#[tokio::main]
async fn main() -> Result<ExitCode> {
    let (mut measures, figures) = large().await?;
    measures.extend(small().await?);
    let ends = [report_measures(&measures), report(&figures)];
    Ok(if ends.contains(&ExitCode::FAILURE) { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Tables that take their time, by turns with psql.
async fn large() -> Result<(Vec<Measure>, Vec<Figure>)> {
    let migration = Migration::start().await?;
    migration.associate_role().await?;
    load(&migration, TABLES, ROWS).await?;
    let statements = Statements::of(&migration).await?;
    let (mut ours, mut base) = (Vec::new(), Vec::new());
    for run in 0..RUNS {
        ours.push(Moved::by_the_job(&migration, TABLES, &format!("bench-{run}")).await?);
        base.push(statements.send(&migration, THREADS, run).await?);
    }
    let expected = u64::try_from(TABLES * ROWS)?;
    ensure!(rows(&migration, &migration.target, TABLES).await? == expected, "not all rows arrived");
    migration.stop().await?;
    let all = |field: fn(&Moved) -> f64| ours.iter().map(field).collect::<Vec<_>>();
    let measures = vec![
        Measure::of("the job's memory", all(|run| run.megabytes), "MB", MEGABYTES),
        Measure::of("its first message", all(|run| run.first_message), "s", FIRST_MESSAGE_SECONDS),
    ];
    let figure = Figure { name: "50 tables, 1 GB / psql", ours: all(|run| run.seconds), base, limit: LIMIT };
    Ok((measures, vec![figure]))
}

/// Tables of a row each: what counts is how often the job and the warehouses speak.
async fn small() -> Result<Vec<Measure>> {
    let migration = Migration::start().await?;
    migration.associate_role().await?;
    load(&migration, SMALL_TABLES, 1).await?;
    Moved::by_the_job(&migration, SMALL_TABLES, "small").await?;
    ensure!(rows(&migration, &migration.target, SMALL_TABLES).await? == 1_000, "not all rows arrived");
    let a_table = |warehouse: &TestWarehouse| {
        let sessions = warehouse.warehouse.sessions();
        let ours = sessions.iter().filter(|session| is_ours(&session.application_name));
        let (count, messages) = ours.fold((0, 0), |(count, sum), one| (count + 1, sum + one.messages));
        ensure!(count <= THREADS, "{count} sessions: each was to be used for many tables");
        Ok(f64::from(u32::try_from(messages)?) / f64::from(u32::try_from(SMALL_TABLES)?))
    };
    let (source, target) = (a_table(&migration.source)?, a_table(&migration.target)?);
    migration.stop().await?;
    Ok(vec![
        Measure::of("messages a small table, target", vec![target], "", TARGET_MESSAGES),
        Measure::of("messages a small table, source", vec![source], "", SOURCE_MESSAGES),
    ])
}

fn is_ours(application_name: &str) -> bool {
    application_name.starts_with("migrate-data")
}

/// What one run of the job took.
struct Moved {
    seconds: f64,
    megabytes: f64,
    first_message: f64,
}

impl Moved {
    async fn by_the_job(migration: &Migration, tables: usize, run_id: &str) -> Result<Self> {
        let list = put_list(migration, tables, run_id)?;
        let first = Arc::new(Mutex::new(None));
        let heard = Arc::clone(&first);
        let note = move |_: &str| {
            heard.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert_with(Instant::now);
            false
        };
        let faults = migration.source.warehouse.faults();
        let ours = |session: &SessionInfo| is_ours(&session.application_name);
        faults.set(Fault::latency(Duration::ZERO).of_sessions(ours).matching(note));
        let threads = THREADS.to_string();
        let more =
            [("--SCHEMAS", SCHEMA), ("--TABLES", &list), ("--RUN_ID", run_id), ("--LOAD_THREADS", &threads)];
        let arguments = migration.arguments("migrate-data", &more);
        let started = Instant::now();
        let job = migration.start_job("migrate-data", &arguments)?;
        let Watched { ended, seconds, megabytes } = watch(job, started).await?;
        faults.clear();
        ensure!(ended.status == Some(0) && !ended.stdout.contains(" failed; the first"), "{}", ended.stderr);
        let first: Option<Instant> = *first.lock().unwrap_or_else(PoisonError::into_inner);
        let first_message = (first.context("a message")? - started).as_secs_f64();
        Ok(Self { seconds, megabytes, first_message })
    }
}

/// Puts a list of all tables into the ledger; gives its URI.
fn put_list(migration: &Migration, tables: usize, run_id: &str) -> Result<String> {
    let listed = |table| json!({"schema": SCHEMA, "table": format!("t{table}"), "megabytes": 1});
    let list = json!({"format": 1, "tables": (0..tables).map(listed).collect::<Vec<_>>()});
    let file = fresh_folder("bench-list")?.join("list.json");
    std::fs::write(&file, list.to_string())?;
    let uri = format!("{}/bench/{run_id}.json", migration.place);
    let put = migration.aws.cli(["s3", "cp", "--quiet", &file.to_string_lossy(), &uri])?;
    ensure!(put.status.success(), "{}", String::from_utf8_lossy(&put.stderr));
    Ok(uri)
}
