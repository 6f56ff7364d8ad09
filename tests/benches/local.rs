//! What redshift-local itself may take: time to be ready, memory at rest and under UNLOAD and COPY, and the jobs' catalog
//! queries over a large catalog. The executable runs in a process of its own, so that its memory is its own. The limits
//! are absolute: they say what a machine must have to run the tests.

use anyhow::{Context, Result, ensure};
use migration_tests::answer::value;
use migration_tests::authority::Authority;
use migration_tests::environment::{path, repository};
use migration_tests::figure::{Measure, report_measures};
use migration_tests::object_store::{BUCKET, ObjectStore};
use migration_tests::warehouse::{DATABASE, HOST, PASSWORD, USER, connect};
use redshift_local::Kind;
use redshift_local::reference::check;
use std::fmt::Write;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{ExitCode, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio_postgres::config::SslMode;
use tokio_postgres::{Client, Config};

const STARTS: usize = 3;
const READY_SECONDS: f64 = 3.0;

/// Proxy and PostgreSQL together.
const IDLE_MEGABYTES: f64 = 120.0;

/// The proxy alone, whatever goes through it.
const STREAMING_MEGABYTES: f64 = 150.0;

/// Rows of 60,000 bytes: 480 MB, several times what the proxy may hold.
const ROWS: usize = 8_000;

const TABLES: usize = 1_000;
const GRANTS_A_TABLE: usize = 10;
const QUERY_SECONDS: f64 = 1.0;
const QUERY_RUNS: usize = 3;

/// What the tables of the reference cost each statement.
const CHECK_MILLISECONDS: f64 = 1.0;
const CHECKED: &str =
    "SELECT nvl(a, b), sum(c) OVER (PARTITION BY d) FROM s.t JOIN u ON upper(a) = b WHERE a IN (1, 2);";
const CHECKS: u32 = 400;

/// How long the processes may need to come to rest.
const REST: Duration = Duration::from_secs(2);

const ROLE: &str = "IAM_ROLE 'arn:aws:iam::123456789012:role/copy'";

#[tokio::main]
async fn main() -> Result<ExitCode> {
    let mut measures = Vec::new();
    let outcome = measure(&mut measures).await;
    // What was measured before a failure is told as well.
    let verdict = report_measures(&measures);
    outcome.map(|()| verdict)
}

async fn measure(measures: &mut Vec<Measure>) -> Result<()> {
    measures.push(Measure::of("checking a statement", vec![checking()?], "ms", CHECK_MILLISECONDS));
    let store = ObjectStore::shared().await?;
    let mut starts = Vec::new();
    for _ in 1..STARTS {
        let running = Running::start(&store.endpoint()).await?;
        starts.push(running.seconds);
        running.stop().await?;
    }
    let running = Running::start(&store.endpoint()).await?;
    starts.push(running.seconds);
    measures.push(Measure::of("ready", starts, "s", READY_SECONDS));
    tokio::time::sleep(REST).await;
    measures.push(Measure::of("idle, proxy and PostgreSQL", vec![running.idle()?], "MB", IDLE_MEGABYTES));

    let client = running.client().await?;
    catalog(&client, measures).await?;
    for format in ["CSV", "CSV GZIP", "PARQUET"] {
        stream(&client, format).await?;
        let peak = memory(running.id(), "status", "VmHWM:")?;
        measures.push(Measure::of(&format!("streaming, {format}"), vec![peak], "MB", STREAMING_MEGABYTES));
    }
    running.stop().await
}

/// Milliseconds a statement.
fn checking() -> Result<f64> {
    let script = CHECKED.repeat(usize::try_from(CHECKS)?);
    let started = Instant::now();
    check(&script, Kind::Provisioned)?;
    Ok(started.elapsed().as_secs_f64() * 1_000.0 / f64::from(CHECKS))
}

/// Times every catalog query of the jobs over many tables and grants.
async fn catalog(client: &Client, measures: &mut Vec<Measure>) -> Result<()> {
    let mut sql = String::from("CREATE SCHEMA many;");
    for user in 0..GRANTS_A_TABLE {
        write!(sql, "CREATE USER u{user} PASSWORD 'Abcdefg1';")?;
    }
    client.batch_execute(&sql).await?;
    for hundred in 0..TABLES / 100 {
        let mut sql = String::new();
        for table in hundred * 100..(hundred + 1) * 100 {
            write!(
                sql,
                "CREATE TABLE many.t{table} (id BIGINT IDENTITY(1, 1), name VARCHAR(40) ENCODE zstd, PRIMARY KEY (id))
                 DISTKEY (id) SORTKEY (name);"
            )?;
            for user in 0..GRANTS_A_TABLE {
                write!(sql, "GRANT SELECT ON many.t{table} TO u{user};")?;
            }
        }
        client.batch_execute(&sql).await?;
    }
    for entry in std::fs::read_dir(repository("sql/catalog"))? {
        let file = entry?.path();
        // Bounded to the tables' schema where a query is bounded at all.
        let query = std::fs::read_to_string(&file)?.replace("'tenant_schema'", "'many'");
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut runs = Vec::new();
        for _ in 0..QUERY_RUNS {
            let started = Instant::now();
            let answer = client.simple_query(&query).await.with_context(|| name.clone())?;
            runs.push(started.elapsed().as_secs_f64());
            let rows = TABLES * GRANTS_A_TABLE;
            ensure!(name != "privileges.sql" || answer.len() > rows, "{name}: {} rows", answer.len());
        }
        measures.push(Measure::of(&name, runs, "s", QUERY_SECONDS));
    }
    Ok(())
}

/// Unloads a table of rows and copies it back.
async fn stream(client: &Client, format: &str) -> Result<()> {
    let place = format!("s3://{BUCKET}/bench/{}/", format.replace(' ', "-"));
    client.batch_execute("CREATE TABLE wide (id INTEGER, a VARCHAR(60000)); CREATE TABLE back (id INTEGER, a VARCHAR(60000))").await?;
    // Text that compresses little, built from ten digests a row.
    client
        .batch_execute(&format!(
            "CREATE TABLE digits (d INTEGER); INSERT INTO digits VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9); \
             INSERT INTO wide SELECT n, REPEAT(MD5(n::VARCHAR) || MD5((n + 1)::VARCHAR), 937) FROM \
             (SELECT a.d + 10 * b.d + 100 * c.d + 1000 * e.d AS n FROM digits a, digits b, digits c, digits e) \
             WHERE n < {ROWS}"
        ))
        .await?;
    client
        .batch_execute(&format!("UNLOAD ('SELECT id, a FROM wide') TO '{place}' {ROLE} FORMAT AS {format}"))
        .await?;
    client.batch_execute(&format!("COPY back FROM '{place}' {ROLE} FORMAT AS {format}")).await?;
    let count = value(client, "SELECT count(*) FROM back").await?;
    ensure!(count == ROWS.to_string(), "{count} rows came back");
    client.batch_execute("DROP TABLE wide; DROP TABLE back; DROP TABLE digits").await?;
    Ok(())
}

/// The executable, running.
struct Running {
    process: Child,
    port: u16,
    /// From its start to `ready`.
    seconds: f64,
    _directory: TempDir,
}

impl Running {
    async fn start(s3: &str) -> Result<Self> {
        // PostgreSQL runs as another user under root and must be able to reach its directory.
        let directory = tempfile::Builder::new().permissions(Permissions::from_mode(0o755)).tempdir()?;
        let (certificate, key) = Authority::shared()?.certify(vec![HOST.to_owned()], directory.path())?;
        let started = Instant::now();
        let mut process = Command::new(path("REDSHIFT_LOCAL")?)
            .args(["--kind", "provisioned", "--user", USER, "--database", DATABASE, "--region", "eu-west-1"])
            .args(["--aws-endpoint", s3])
            .arg("--directory")
            .arg(directory.path().join("warehouse"))
            .arg("--postgres")
            .arg(path("REDSHIFT_LOCAL_POSTGRES")?)
            .arg("--certificate")
            .arg(certificate)
            .arg("--key")
            .arg(key)
            .env("REDSHIFT_LOCAL_PASSWORD", PASSWORD)
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let mut lines = BufReader::new(process.stdout.take().context("a pipe")?).lines();
        let line = lines.next_line().await?.context("redshift-local ended")?;
        let port = line.strip_prefix("ready port=").and_then(|rest| rest.split(' ').next());
        let port = port.context("not ready")?.parse()?;
        Ok(Self { process, port, seconds: started.elapsed().as_secs_f64(), _directory: directory })
    }

    async fn client(&self) -> Result<Client> {
        let mut config = Config::new();
        config.host(HOST).port(self.port).user(USER).password(PASSWORD).dbname(DATABASE);
        connect(config.ssl_mode(SslMode::Require)).await
    }

    fn id(&self) -> u32 {
        self.process.id().unwrap_or_default()
    }

    /// What the proxy and all processes under it take: shared memory counts once.
    fn idle(&self) -> Result<f64> {
        let mut family = vec![self.id()];
        // A process that has ended meanwhile has nothing to tell.
        let parents: Vec<(u32, u32)> = std::fs::read_dir("/proc")?
            .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
            .filter_map(|id: u32| Some((id, parent(id)?)))
            .collect();
        let mut at = 0;
        while at < family.len() {
            let next = parents.iter().filter(|(_, parent)| *parent == family[at]).map(|(id, _)| *id);
            family.extend(next.collect::<Vec<_>>());
            at += 1;
        }
        ensure!(family.len() > 3, "PostgreSQL's processes are missing: {family:?}");
        family.into_iter().map(|id| memory(id, "smaps_rollup", "Pss:")).sum()
    }

    async fn stop(mut self) -> Result<()> {
        let status = Command::new("kill").arg(self.id().to_string()).status().await?;
        ensure!(status.success(), "cannot stop redshift-local");
        ensure!(self.process.wait().await?.success(), "redshift-local did not stop in order");
        Ok(())
    }
}

/// The parent of a process: the second field behind its name, which is in brackets and may hold anything.
fn parent(id: u32) -> Option<u32> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
}

/// A figure of a process in megabytes, from one of its files in `/proc`.
fn memory(id: u32, file: &str, field: &str) -> Result<f64> {
    let text = std::fs::read_to_string(Path::new("/proc").join(id.to_string()).join(file))?;
    let line =
        text.lines().find_map(|line| line.strip_prefix(field)).with_context(|| format!("no {field}"))?;
    let kilobytes: f64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kilobytes / 1024.0)
}
