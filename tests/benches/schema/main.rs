//! The schema job beside `psql -f plan.sql`, and how it grows with the tenant.
//!
//! psql does nothing but send the statements of the plan one by one. The job starts, reads both catalogs, plans, applies,
//! compares the rights of both sides and reads the target again; of this, what lies between the first message that changes something and
//! the first one after the last commit is its applying.

mod tenant;

use anyhow::{Context, Result, ensure};
use migration::name::Identifier;
use migration::outcome::ApplyOutcome;
use migration::plan::{Furthest, Plan, Policy, plan};
use migration::scope::Scope;
use migration_tests::figure::{Figure, Measure, report, report_measures};
use migration_tests::migration::{Migration, TENANT};
use migration_tests::process::{Watched, watch};
use migration_tests::warehouse::TestWarehouse;
use redshift::read_catalog::read_catalog;
use redshift::session::connect;
use redshift_local::{Fault, SessionInfo, split};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tenant::{DROP, SCHEMA, Size};

const RUNS: usize = 3;

/// The job knows less than psql, which has the plan already, and does more.
const WHOLE_LIMIT: f64 = 2.0;
const APPLY_LIMIT: f64 = 1.1;
/// With a round trip of [`LATENCY`]: a batch is one message.
const LATENCY_LIMIT: f64 = 0.1;
const LATENCY: Duration = Duration::from_millis(20);

const CATALOG_QUERIES: f64 = 36.0;
const PLAN_SECONDS: f64 = 1.0;
const MEGABYTES: f64 = 150.0;

/// Ten times the tenant may take ten times the memory: what is left over is noise.
const GROWTH_LIMIT: f64 = 1.25;

const SMALL: Size = Size { tables: 100 };
const USUAL: Size = Size { tables: 1_000 };
const LARGE: Size = Size { tables: 10_000 };

#[tokio::main]
async fn main() -> Result<ExitCode> {
    let mut points = Vec::new();
    let mut figures = delayed(&mut points).await?;
    let (usual, beside) = usual(&mut points).await?;
    figures.extend(beside);
    figures.extend(large(&mut points).await?);
    curve(&points);
    let measures = [report_measures(&usual), report(&figures)];
    Ok(if measures.contains(&ExitCode::FAILURE) { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// What one run of the job took.
struct Point {
    tables: usize,
    steps: f64,
    whole: f64,
    apply: f64,
    planning: f64,
    megabytes: f64,
    queries: f64,
}

/// A round trip that takes as long as between a job and a warehouse of another availability zone or more.
async fn delayed(points: &mut Vec<Point>) -> Result<Vec<Figure>> {
    let bench = Bench::of(SMALL).await?;
    points.push(bench.run().await?);
    bench.reset().await?;
    let delay = || bench.migration.target.warehouse.faults().set(Fault::latency(LATENCY));
    delay();
    let ours = bench.run().await?.apply;
    bench.reset().await?;
    delay();
    let base = bench.psql().await?;
    bench.migration.stop().await?;
    let name = "apply / psql, 20 ms a message";
    Ok(vec![Figure { name, ours: vec![ours], base: vec![base], limit: LATENCY_LIMIT }])
}

/// The tenant that the limits are for, by turns with psql.
async fn usual(points: &mut Vec<Point>) -> Result<(Vec<Measure>, Vec<Figure>)> {
    let bench = Bench::of(USUAL).await?;
    let (mut ours, mut base) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        ours.push(bench.run().await?);
        bench.reset().await?;
        base.push(bench.psql().await?);
        bench.reset().await?;
    }
    bench.migration.stop().await?;
    let all = |field: fn(&Point) -> f64| ours.iter().map(field).collect::<Vec<_>>();
    let measures = vec![
        Measure::of("catalog queries a side", all(|run| run.queries), "", CATALOG_QUERIES),
        Measure::of("planning", all(|run| run.planning), "s", PLAN_SECONDS),
        Measure::of("the job's memory", all(|run| run.megabytes), "MB", MEGABYTES),
    ];
    let figures = vec![
        Figure { name: "apply / psql", ours: all(|run| run.apply), base: base.clone(), limit: APPLY_LIMIT },
        Figure { name: "whole job / psql", ours: all(|run| run.whole), base, limit: WHOLE_LIMIT },
    ];
    points.extend(ours.pop());
    Ok((measures, figures))
}

/// Ten times that tenant. What PostgreSQL takes for a statement grows with its catalog, so the job's growth is judged beside psql's.
async fn large(points: &mut Vec<Point>) -> Result<Vec<Figure>> {
    let bench = Bench::of(LARGE).await?;
    let large = bench.run().await?;
    bench.reset().await?;
    let psql = bench.psql().await?;
    bench.migration.stop().await?;
    let usual = points.last().context("the tenant before")?;
    let memory = Figure {
        name: "MB a step, 10,000 / 1,000",
        ours: vec![large.megabytes / large.steps],
        base: vec![usual.megabytes / usual.steps],
        limit: GROWTH_LIMIT,
    };
    let whole = Figure {
        name: "10,000 tables: whole / psql",
        ours: vec![large.whole],
        base: vec![psql],
        limit: WHOLE_LIMIT,
    };
    points.push(large);
    Ok(vec![whole, memory])
}

#[allow(clippy::print_stdout, reason = "figures are what a benchmark prints")]
fn curve(points: &[Point]) {
    println!("tables   steps  whole job    apply     plan   memory  catalog queries");
    for Point { tables, steps, whole, apply, planning, megabytes, queries } in points {
        println!(
            "{tables:>6} {steps:>7} {whole:>8.2} s {apply:>6.2} s {planning:>6.3} s {megabytes:>5.0} MB {queries:>8}"
        );
    }
}

/// A tenant on a source, an empty target, and the plan between them as a file.
struct Bench {
    size: Size,
    migration: Migration,
    plan: String,
}

impl Bench {
    async fn of(size: Size) -> Result<Self> {
        let migration = Migration::start().await?;
        size.load(&migration.source).await?;
        let planned = [("--SCHEMAS", SCHEMA), ("--RUN_ID", "plan"), ("--DRY_RUN", "true")];
        let dry = migration.run_job("migrate-schema", &planned).await?;
        ensure!(dry.status == Some(0), "{dry:?}");
        let file = migration.source.directory().join("plan.sql");
        std::fs::write(&file, migration.ledger_text(&format!("runs/{TENANT}/plan/plan.sql"))?)?;
        let plan = file.to_str().context("a path")?.to_owned();
        Ok(Self { size, migration, plan })
    }

    /// Runs the job on the empty target, and plans the same once more in this process to time it.
    async fn run(&self) -> Result<Point> {
        let planning = self.planning().await?;
        let (source, target) = (&self.migration.source, &self.migration.target);
        let (read, applied) = (Messages::watch(source), Messages::watch(target));
        let run_id = format!("bench-{}", self.migration.source.warehouse.connections());
        let arguments =
            self.migration.arguments("migrate-schema", &[("--SCHEMAS", SCHEMA), ("--RUN_ID", &run_id)]);
        let started = Instant::now();
        let job = self.migration.start_job("migrate-schema", &arguments)?;
        let Watched { ended, seconds: whole, megabytes } = watch(job, started).await?;
        let outcome = self.migration.ledger_text(&format!("runs/{TENANT}/{run_id}/schema.json"))?;
        ensure!(ended.status == Some(0), "{}: {outcome}", ended.stderr);
        let outcome: ApplyOutcome = serde_json::from_str(&outcome)?;
        source.warehouse.faults().clear();
        target.warehouse.faults().clear();
        let number = |count: usize| u32::try_from(count).map(f64::from);
        Ok(Point {
            tables: self.size.tables,
            steps: number(outcome.applied)?,
            whole,
            apply: applied.changing()?,
            planning,
            megabytes,
            queries: number(read.queries())?,
        })
    }

    /// Seconds that the plan takes once both catalogs are read.
    async fn planning(&self) -> Result<f64> {
        let mut source = connect(&self.migration.source.login()).await?;
        let mut target = connect(&self.migration.target.login()).await?;
        let schemas = [Identifier::new(SCHEMA)?];
        let bounds = schemas.iter().cloned().collect();
        let (source, target) =
            (read_catalog(&mut source, &bounds).await?, read_catalog(&mut target, &bounds).await?);
        let started = Instant::now();
        let scope = Scope::of(&source, &schemas, TENANT)?;
        let plan: Plan = plan(&source, &target, &scope, &Furthest::new(), &Policy::default());
        let seconds = started.elapsed().as_secs_f64();
        ensure!(plan.steps.len() > self.size.tables && plan.blockers.is_empty(), "{:?}", plan.blockers);
        Ok(seconds)
    }

    async fn psql(&self) -> Result<f64> {
        let started = Instant::now();
        self.migration.psql(&self.migration.target, &["-f", &self.plan]).await?;
        Ok(started.elapsed().as_secs_f64())
    }

    /// Brings the target back to what it was before.
    async fn reset(&self) -> Result<()> {
        self.migration.target.warehouse.faults().clear();
        self.migration.backend(&self.migration.target, &["-c", DROP]).await.map(drop)
    }
}

/// The messages of a job's session, as they arrive at a warehouse.
struct Messages {
    seen: Arc<Mutex<Vec<Message>>>,
}

struct Message {
    arrived: Instant,
    /// Statements of a file of `sql/`, which begins with a comment.
    queries: usize,
    changes: bool,
}

impl Messages {
    /// Notes what arrives from now on, by a fault that looks at all and never strikes.
    fn watch(warehouse: &TestWarehouse) -> Self {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let notes = Arc::clone(&seen);
        let note = move |text: &str| {
            let first = text.split_whitespace().next().unwrap_or_default();
            let queries = if first == "--" { split(text).len() } else { 0 };
            let changes = !["", "--", "SELECT", "SET"].contains(&first);
            let message = Message { arrived: Instant::now(), queries, changes };
            notes.lock().unwrap_or_else(PoisonError::into_inner).push(message);
            false
        };
        let ours = |session: &SessionInfo| session.application_name.starts_with("migrate-schema");
        warehouse.warehouse.faults().set(Fault::latency(Duration::ZERO).of_sessions(ours).matching(note));
        Self { seen }
    }

    /// From the first message that changes something to the first that comes after all of them.
    fn changing(&self) -> Result<f64> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let first =
            seen.iter().find(|message| message.changes).context("a message that changes something")?;
        let last = seen.iter().rposition(|message| message.changes).context("the same")?;
        let end = seen.get(last + 1).context("the target is read once more")?;
        Ok((end.arrived - first.arrived).as_secs_f64())
    }

    fn queries(&self) -> usize {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.iter().map(|message| message.queries).sum()
    }
}
