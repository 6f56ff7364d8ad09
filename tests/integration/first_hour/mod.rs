//! `conformance first-hour` asks redshift-local every question twice: as it is, and made to answer otherwise. What is printed is compared
//! to the letter.

#[path = "../../conformance/runner/first_hour/questions/mod.rs"]
#[allow(dead_code, reason = "the program uses the rest")]
mod questions;

mod contrary;

use anyhow::{Context, Result, ensure};
use migration_tests::answer::{row, value};
use migration_tests::authority::Authority;
use migration_tests::object_store::{BUCKET, ObjectStore};
use migration_tests::warehouse::{DATABASE, HOST, PASSWORD, TestWarehouse, USER};
use redshift_local::{Fault, Kind, When};
use std::process::{Output, Stdio};
use std::time::Duration;
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

/// A role that UNLOAD and COPY may name.
const ROLE: &str = "arn:aws:iam::123456789012:role/copy";

/// Everything that a question can make, by its kind and name.
const MADE: &str = "SELECT 'relation', relname::text FROM pg_catalog.pg_class
    UNION ALL SELECT 'schema', nspname FROM pg_catalog.pg_namespace WHERE nspname !~ '^pg_(toast_)?temp_'
    UNION ALL SELECT 'role', rolname FROM pg_catalog.pg_roles
    UNION ALL SELECT 'default', defaclrole::text FROM pg_catalog.pg_default_acl
    UNION ALL SELECT 'policy', polname FROM redshift_catalog.svv_rls_policy
    UNION ALL SELECT 'mask', policy_name FROM redshift_catalog.svv_masking_policy ORDER BY 1, 2";

/// Strikes what is asked in a question; of two sessions the second.
fn asks(id: &str) -> impl Fn(&str) -> bool + Send + Sync + use<> {
    let (alone, second) = (format!("/* first-hour {id} */"), format!("/* first-hour {id}, session 2 */"));
    move |text| text.contains(&alone) || text.contains(&second)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_is_as_assumed_by_a_provisioned_warehouse() -> Result<()> {
    as_assumed(Kind::Provisioned).await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_is_as_assumed_by_a_serverless_warehouse() -> Result<()> {
    as_assumed(Kind::Serverless).await
}

async fn as_assumed(kind: Kind) -> Result<()> {
    let warehouse = start(kind).await?;
    let before = made(&warehouse).await?;
    // Of two at once the first is slow and the second late, so that it is known which of them finds the other.
    let [first, second] = [1, 2].map(|number| format!("/* first-hour vacuum-one-table, session {number} */"));
    let faults = warehouse.warehouse.faults();
    faults.set(Fault::slow_statement(Duration::from_secs(2)).matching(move |text| text.contains(&first)));
    faults.set(Fault::latency(Duration::from_millis(500)).matching(move |text| text.contains(&second)));
    let (status, text) = ended(run(&warehouse, &[]).await?)?;
    same(&text, include_str!("as_assumed.txt"))?;
    ensure!(status == Some(0), "status {status:?}");
    ensure!(made(&warehouse).await? == before, "something is left");
    warehouse.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_other_answer_is_told_with_what_it_changes() -> Result<()> {
    let answers = contrary::answers();
    for question in questions::all() {
        let found = answers.iter().find(|(id, _)| *id == question.id);
        let (_, contrary) = found.with_context(|| format!("{} has no contrary answer", question.id))?;
        ensure!(contrary.len() == question.otherwise.len(), "{} has others", question.id);
    }
    let warehouse = start(Kind::Provisioned).await?;
    let before = made(&warehouse).await?;
    for (round, expected) in
        [include_str!("otherwise.txt"), include_str!("otherwise_again.txt")].into_iter().enumerate()
    {
        let mut named = Vec::new();
        for (id, contrary) in &answers {
            if let Some(instead) = contrary.get(round) {
                named.push(*id);
                warehouse.warehouse.faults().set(Fault::answered_by(instead).matching(asks(id)));
            }
        }
        let (status, text) = ended(run(&warehouse, &named).await?)?;
        same(&text, expected)?;
        ensure!(status == Some(1), "status {status:?}");
        warehouse.warehouse.faults().clear();
    }
    ensure!(answers.iter().all(|(_, contrary)| contrary.len() <= 2), "there is an answer for a third round");
    ensure!(made(&warehouse).await? == before, "something is left");
    warehouse.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_is_an_answer_and_the_next_question_is_asked() -> Result<()> {
    let warehouse = start(Kind::Provisioned).await?;
    let before = made(&warehouse).await?;
    let faults = warehouse.warehouse.faults();
    // The asked statement fails in a way that is not foreseen, one before it does, and a session is lost.
    let disk = "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '53100', MESSAGE = 'disk full'; END $$";
    faults.set(Fault::answered_by(disk).matching(asks("json-null")));
    faults.set(
        Fault::answered_by(disk).matching(|text| text.starts_with("CREATE TABLE first_hour_class_oid.t")),
    );
    faults.set(Fault::drop_connection(When::AfterForwarding).matching(asks("superuser-rows")));
    let named = ["class-oid", "superuser-rows", "shown-hash", "json-null"];
    let (status, text) = ended(run(&warehouse, &named).await?)?;
    same(&text, include_str!("failures.txt"))?;
    ensure!(status == Some(1), "status {status:?}");
    ensure!(made(&warehouse).await? == before, "something is left");
    warehouse.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_bucket_the_questions_that_need_one_are_listed() -> Result<()> {
    let warehouse = TestWarehouse::start().await?;
    let mut command = command(&warehouse, &["float-text", "float-digits"])?;
    let (status, text) = ended(command.env_remove("REDSHIFT_S3").output().await?)?;
    ensure!(
        text.contains("float-digits: ")
            && text.contains("\n  not asked: set REDSHIFT_S3 and REDSHIFT_IAM_ROLE"),
        "{text}"
    );
    ensure!(text.ends_with("first hour: 1 as assumed, 0 otherwise, 1 not asked\n"), "{text}");
    ensure!(status == Some(0), "status {status:?}");
    warehouse.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_no_superuser_and_what_is_no_question_is_refused() -> Result<()> {
    let warehouse = TestWarehouse::start().await?;
    warehouse.connect().await?.simple_query("CREATE USER reader PASSWORD 'Abcdefg1'").await?;
    let before = made(&warehouse).await?;
    let mut as_reader = command(&warehouse, &[])?;
    as_reader.env("REDSHIFT_USER", "reader").env("REDSHIFT_PASSWORD", "Abcdefg1");
    let (status, text) = ended(as_reader.output().await?)?;
    ensure!(status == Some(1) && text.contains("reader is no superuser"), "{text}");
    let (status, text) = ended(run(&warehouse, &["json-nul"]).await?)?;
    ensure!(
        status == Some(1) && text.contains("there is no question json-nul: name some of class-oid, "),
        "{text}"
    );
    ensure!(made(&warehouse).await? == before, "something was made");
    warehouse.stop().await
}

/// Interrupted, it tidies; killed, the next run does, whatever that asks.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_run_that_ends_early_made_goes_away() -> Result<()> {
    let warehouse = start(Kind::Provisioned).await?;
    let before = made(&warehouse).await?;
    for signal in ["INT", "TERM", "KILL"] {
        let slow = Fault::latency(Duration::from_mins(5)).matching(asks("superuser-masks"));
        warehouse.warehouse.faults().set(slow);
        let child = command(&warehouse, &["superuser-masks"])?.stdout(Stdio::piped()).spawn()?;
        await_masked_table(&warehouse).await?;
        kill(&child, signal).await?;
        let output = timeout(Duration::from_mins(1), child.wait_with_output()).await??;
        warehouse.warehouse.faults().clear();
        let (status, text) = ended(output)?;
        if signal == "KILL" {
            ensure!(made(&warehouse).await? != before, "nothing is left to be dropped");
            let (status, text) = ended(run(&warehouse, &["json-null"]).await?)?;
            ensure!(status == Some(0), "{text}");
        } else {
            ensure!(
                text.ends_with("first hour: interrupted; what the questions made is dropped\n"),
                "{signal}: {text}"
            );
            ensure!(status == Some(1), "{signal}: status {status:?}");
        }
        ensure!(made(&warehouse).await? == before, "{signal}: something is left");
    }
    warehouse.stop().await
}

/// Until the question has made all that it needs.
async fn await_masked_table(warehouse: &TestWarehouse) -> Result<()> {
    let client = warehouse.connect().await?;
    let attached =
        "SELECT COUNT(*) FROM svv_attached_masking_policy WHERE policy_name = 'first_hour_superuser_masks'";
    timeout(Duration::from_mins(1), async {
        while value(&client, attached).await? == "0" {
            sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    })
    .await?
}

async fn kill(child: &Child, signal: &str) -> Result<()> {
    let id = child.id().context("it has ended")?.to_string();
    let status = Command::new("kill").args(["-s", signal, &id]).status().await?;
    ensure!(status.success(), "it cannot be sent {signal}");
    Ok(())
}

async fn start(kind: Kind) -> Result<TestWarehouse> {
    TestWarehouse::start_with(kind, Some(ObjectStore::shared().await?.endpoint())).await
}

/// What is there, on one line a thing.
async fn made(warehouse: &TestWarehouse) -> Result<Vec<String>> {
    let backend = warehouse.backend().await?;
    let all = format!(
        "SELECT STRING_AGG(kind || ' ' || name, ',' ORDER BY kind, name) FROM ({MADE}) AS made (kind, name)"
    );
    let all = row(&backend, &all).await?.into_iter().next().flatten().context("nothing is there")?;
    Ok(all.split(',').map(str::to_owned).collect())
}

async fn run(warehouse: &TestWarehouse, named: &[&str]) -> Result<Output> {
    Ok(command(warehouse, named)?.output().await?)
}

/// The program as `./build.sh conformance first-hour` runs it.
fn command(warehouse: &TestWarehouse, named: &[&str]) -> Result<Command> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_conformance"));
    command
        .arg("first-hour")
        .args(named)
        .env("REDSHIFT_HOST", HOST)
        .env("REDSHIFT_PORT", warehouse.warehouse.port().to_string())
        .env("REDSHIFT_DATABASE", DATABASE)
        .env("REDSHIFT_USER", USER)
        .env("REDSHIFT_PASSWORD", PASSWORD)
        .env("REDSHIFT_KIND", if warehouse.kind == Kind::Provisioned { "provisioned" } else { "serverless" })
        .env("REDSHIFT_S3", format!("s3://{BUCKET}/first-hour"))
        .env("REDSHIFT_IAM_ROLE", ROLE)
        .env("SSL_CERT_FILE", Authority::shared()?.file())
        .kill_on_drop(true);
    Ok(command)
}

fn ended(output: Output) -> Result<(Option<i32>, String)> {
    let text = String::from_utf8(output.stdout)?;
    ensure!(!text.contains(PASSWORD), "the password is printed");
    Ok((output.status.code(), text))
}

/// Compares what is printed, but for the prefix of this run alone.
fn same(printed: &str, expected: &str) -> Result<()> {
    let prefix = format!("s3://{BUCKET}/first-hour/");
    let plain = |line: &str| match line.split_once(&prefix) {
        Some((start, rest)) => {
            format!("{start}{prefix}…{}", rest.trim_start_matches(|digit: char| digit.is_ascii_digit()))
        }
        None => line.to_owned(),
    };
    let printed: Vec<String> = printed.lines().map(plain).collect();
    let differs = printed.iter().map(String::as_str).zip(expected.lines().chain(std::iter::repeat("")));
    let differs: Vec<_> = differs.filter(|(printed, expected)| printed != expected).collect();
    ensure!(
        differs.is_empty() && printed.len() == expected.lines().count(),
        "differs in {differs:#?}; printed:\n{}",
        printed.join("\n")
    );
    Ok(())
}
