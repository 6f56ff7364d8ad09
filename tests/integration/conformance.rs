//! redshift-local answers as the conformance files say, on both kinds of warehouse. `TOPICS=settings,tables` runs these
//! files only. `./build.sh conformance` asks a real warehouse the same.

use anyhow::{Context, Result, ensure};
use migration_tests::answer::rows;
use migration_tests::authority::Authority;
use migration_tests::object_store::{BUCKET, ObjectStore};
use migration_tests::warehouse::{DATABASE, HOST, PASSWORD, TestWarehouse, USER};
use redshift_local::Kind;
use std::io::Write;
use std::process::Output;
use tokio::process::Command;

/// A role that UNLOAD and COPY may name.
const ROLE: &str = "arn:aws:iam::123456789012:role/copy";

/// What a file may leave behind at its end: nothing of its own.
const LEFT: &str = "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'conformance%' \
    UNION ALL SELECT usename FROM pg_user WHERE usename LIKE 'conformance%' \
    UNION ALL SELECT groname FROM pg_group WHERE groname LIKE 'conformance%'";

/// A test for each client and kind of warehouse, since each takes a while.
macro_rules! answered_as_the_files_say {
    ($($name:ident: $client:literal;)*) => {
        $(
            mod $name {
                use super::*;

                #[tokio::test(flavor = "multi_thread")]
                async fn by_a_provisioned_warehouse() -> Result<()> {
                    conforms($client, Kind::Provisioned, "provisioned").await
                }

                #[tokio::test(flavor = "multi_thread")]
                async fn by_a_serverless_warehouse() -> Result<()> {
                    conforms($client, Kind::Serverless, "serverless").await
                }
            }
        )*
    };
}

answered_as_the_files_say! {
    tokio_postgres_is_answered_as_the_files_say: "tokio-postgres";
    psql_is_answered_as_the_files_say: "psql";
    redshift_connector_is_answered_as_the_files_say: "redshift_connector";
    the_queries_of_the_jobs_are_answered_in_their_own_session: "jobs";
}

/// AWS: r_CREATE_USER. Who has a password kept as SHA-256 is asked for it by authentication request 13, which the official
/// driver and the jobs answer.
#[tokio::test(flavor = "multi_thread")]
async fn a_user_with_a_sha256_password_logs_in_with_a_digest() -> Result<()> {
    let warehouse = TestWarehouse::start().await?;
    let client = warehouse.connect().await?;
    // SHA-256 of the password and this salt.
    let (digest, salt) = (
        "2f2e6cd890791ea0bf0b4d516f0693f8692388ae3518d8989e42dd023cf42d32",
        "c721bff5d9042cf541ff7b9d48fa8a6e545c19a763e3710151f9513038b0f6c6",
    );
    for (user, password) in [("chosen", "sha256|Abcdefg1"), ("given", &format!("sha256|{digest}|{salt}"))] {
        client.simple_query(&format!("CREATE USER {user} CREATEUSER PASSWORD '{password}'")).await?;
        for driver in ["redshift_connector", "jobs"] {
            let topics = ["settings".to_owned()];
            let login = (user, "Abcdefg1");
            let output = run_as(&warehouse, "provisioned", driver, &topics, login).await?;
            ensure!(output.status.success(), "{driver} as {user}: {}", String::from_utf8(output.stdout)?);
            let login = (user, "Abcdefg2");
            let output = run_as(&warehouse, "provisioned", driver, &topics, login).await?;
            let text = String::from_utf8([output.stdout, output.stderr].concat())?;
            ensure!(text.contains(&format!("password authentication failed for user \"{user}\"")), "{text}");
        }
        // tokio-postgres does not know the request.
        let error = warehouse.connect_with(warehouse.config().user(user).password("Abcdefg1")).await;
        ensure!(error.is_err(), "{user} logs in without a digest");
    }
    warehouse.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_difference_is_told_with_its_place_and_counted() -> Result<()> {
    let warehouse = TestWarehouse::start_with(Kind::Provisioned, None).await?;
    // The files of the other kind, hence differences.
    let output = run(&warehouse, "serverless", "tokio-postgres", &["settings".to_owned()]).await?;
    let text = String::from_utf8(output.stdout)?;
    ensure!(output.status.code() == Some(1), "{text}");
    for part in ["settings.slt:", "[SQL] SELECT count(*) FROM stv_sessions", "1 differ"] {
        ensure!(text.contains(part), "no {part} in:\n{text}");
    }
    ensure!(!text.contains(PASSWORD), "the password is printed");
    warehouse.stop().await
}

/// Runs all files, or those of `TOPICS`.
async fn conforms(client: &str, kind: Kind, name: &str) -> Result<()> {
    let store = ObjectStore::shared().await?;
    let topics = std::env::var("TOPICS").unwrap_or_default();
    let topics: Vec<String> =
        topics.split(',').filter(|topic| !topic.is_empty()).map(str::to_owned).collect();
    let warehouse = TestWarehouse::start_with(kind, Some(store.endpoint())).await?;
    let output = run(&warehouse, name, client, &topics).await?;
    let text = String::from_utf8(output.stdout)?;
    ensure!(output.status.success(), "\n{text}");
    let left = rows(&warehouse.connect().await?, LEFT).await?;
    ensure!(left.is_empty(), "a file leaves behind: {left:?}");
    // Past the capture of the test's output: a run shows its counts.
    writeln!(std::io::stderr(), "{}", text.lines().last().context("no counts")?)?;
    warehouse.stop().await
}

/// Runs the program as `./build.sh conformance` does.
async fn run(warehouse: &TestWarehouse, kind: &str, client: &str, topics: &[String]) -> Result<Output> {
    run_as(warehouse, kind, client, topics, (USER, PASSWORD)).await
}

async fn run_as(
    warehouse: &TestWarehouse,
    kind: &str,
    client: &str,
    topics: &[String],
    (user, password): (&str, &str),
) -> Result<Output> {
    let output = Command::new(env!("CARGO_BIN_EXE_conformance"))
        .args(topics)
        .env("REDSHIFT_HOST", HOST)
        .env("REDSHIFT_PORT", warehouse.warehouse.port().to_string())
        .env("REDSHIFT_DATABASE", DATABASE)
        .env("REDSHIFT_USER", user)
        .env("REDSHIFT_PASSWORD", password)
        .env("REDSHIFT_KIND", kind)
        .env("REDSHIFT_S3", format!("s3://{BUCKET}/conformance/{kind}/{client}"))
        .env("REDSHIFT_IAM_ROLE", ROLE)
        .env("CONFORMANCE_CLIENT", client)
        .env("SSL_CERT_FILE", Authority::shared()?.file())
        .kill_on_drop(true)
        .output()
        .await?;
    Ok(output)
}
