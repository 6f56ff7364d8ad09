//! Bad input: one line that names cause and remedy, the exit status of the contract, nothing changed on the target.

use anyhow::{Context, Result, ensure};
use migration_tests::migration::{Ended, Migration, place};
use migration_tests::warehouse::TestWarehouse;
use redshift_local::Kind;
use serde_json::{Value, json};

/// What a job may have changed on the target: its objects and principals.
const STATE: &str = "SELECT nspname FROM pg_catalog.pg_namespace UNION ALL SELECT rolname FROM pg_catalog.pg_roles \
    UNION ALL SELECT relname FROM pg_catalog.pg_class ORDER BY 1";

/// What is wrong, the arguments, and the words that the one line must hold.
type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a [&'a str]);

/// A migration with something to move.
async fn start() -> Result<Migration> {
    let migration = Migration::start().await?;
    let sql = "CREATE SCHEMA shop; CREATE TABLE shop.orders (id INTEGER); INSERT INTO shop.orders VALUES (1)";
    migration.psql(&migration.source, &["-c", sql]).await?;
    Ok(migration)
}

/// The secret of a user of the target who is no superuser.
async fn plain_user(migration: &Migration) -> Result<String> {
    migration.psql(&migration.target, &["-c", "CREATE USER plain PASSWORD 'Abcdefg1'"]).await?;
    let mut secret = place(&migration.target);
    secret["username"] = json!("plain");
    secret["password"] = json!("Abcdefg1");
    Ok(secret.to_string())
}

/// Asserts one line with these words, and the status.
fn refused(case: &str, ended: &Ended, status: i32, words: &[&str]) -> Result<()> {
    ensure!(ended.status == Some(status), "{case}: {ended:?}");
    ensure!(ended.stderr.trim_end().lines().count() == 1, "{case}: not one line: {}", ended.stderr);
    for word in words {
        ensure!(ended.last_line().contains(word), "{case}: no {word:?} in {}", ended.last_line());
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn arguments_that_make_no_sense_are_refused() -> Result<()> {
    let migration = start().await?;
    let before = migration.backend(&migration.target, &["-c", STATE]).await?;
    let cases: [Case; 6] = [
        ("unknown", &[("--SCHEMAS", "shop"), ("--SHCEMAS", "x")], &["--SHCEMAS", "--SCHEMAS"]),
        ("empty", &[("--SCHEMAS", "")], &["--SCHEMAS"]),
        ("malformed", &[("--SCHEMAS", "('shop'")], &["--SCHEMAS"]),
        ("not there", &[("--SCHEMAS", "shop,nowhere")], &["nowhere", "--SCHEMAS"]),
        ("a role that is none", &[("--SCHEMAS", "shop"), ("--IAM_ROLE", "role")], &["--IAM_ROLE"]),
        (
            "a bucket that is none",
            &[("--SCHEMAS", "shop"), ("--S3_BUCKET", "bucket")],
            &["--S3_BUCKET", "s3://"],
        ),
    ];
    for (case, arguments, words) in cases {
        for job in ["migrate-schema", "migrate-data", "refresh-views"] {
            let case = format!("{case} for {job}");
            refused(&case, &migration.run_job(job, arguments).await?, 2, words)?;
        }
    }
    assert_eq!(migration.backend(&migration.target, &["-c", STATE]).await?, before);
    migration.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn secrets_that_lead_nowhere_are_refused() -> Result<()> {
    let migration = start().await?;
    let plain_user = plain_user(&migration).await?;
    let elsewhere =
        TestWarehouse::start_certified(Kind::Serverless, None, vec!["elsewhere.example".to_owned()]).await?;
    let before = migration.backend(&migration.target, &["-c", STATE]).await?;
    let good = place(&migration.target);
    let with = |field: &str, value: Value| {
        let mut secret = good.clone();
        secret[field] = value;
        secret.to_string()
    };
    let mut lacking = good.clone();
    lacking.as_object_mut().context("an object")?.remove("host");
    let cases = [
        ("not JSON", "Hunter2 is no JSON".to_owned(), 2, vec!["JSON"]),
        ("a field is missing", lacking.to_string(), 2, vec!["host"]),
        ("no superuser", plain_user, 2, vec!["superuser"]),
        ("wrong password", with("password", json!("Hunter2-wrong")), 3, vec!["target", "password"]),
        ("unreachable", with("port", json!(1)), 3, vec!["cannot reach", "port"]),
        ("no such host", with("host", json!("no-such-host.invalid")), 3, vec!["no-such-host.invalid"]),
        (
            "another host's certificate",
            with("port", json!(elsewhere.warehouse.port())),
            3,
            vec!["target", "not trusted"],
        ),
    ];
    for (case, secret, status, words) in cases {
        let name = format!("{}-{}", migration.deployed("workgroup"), case.replace([' ', '\''], "-"));
        let created = migration.aws.json([
            "secretsmanager",
            "create-secret",
            "--name",
            &name,
            "--secret-string",
            &secret,
        ])?;
        let arn = created["ARN"].as_str().context("an ARN")?;
        for job in ["migrate-schema", "migrate-data", "refresh-views"] {
            let ended =
                migration.run_job(job, &[("--SCHEMAS", "shop"), ("--TARGET_SECRET_ARN", arn)]).await?;
            refused(&format!("{case} for {job}"), &ended, status, &words)?;
            ensure!(!format!("{ended:?}").contains("Hunter2"), "{case}: a secret got out: {ended:?}");
        }
    }
    elsewhere.stop().await?;
    let gone = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:gone-AbCdEf";
    let ended =
        migration.run_job("migrate-schema", &[("--SCHEMAS", "shop"), ("--SOURCE_SECRET_ARN", gone)]).await?;
    refused("no such secret", &ended, 2, &["gone-AbCdEf"])?;
    assert_eq!(migration.backend(&migration.target, &["-c", STATE]).await?, before);
    migration.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_does_not_exist_fails_and_is_in_the_ledger() -> Result<()> {
    let migration = start().await?;
    let arguments = [("--SCHEMAS", "shop"), ("--TABLE_NAME", "shop.gone"), ("--RUN_ID", "r1")];
    let ended = migration.run_job("migrate-data", &arguments).await?;
    refused("no such table", &ended, 1, &["gone", "--TABLE_NAME"])?;
    let outcome = migration.ledger("runs/norrvik/r1/tables/shop/gone.json")?;
    assert_eq!((&outcome["status"], &outcome["stage"]), (&json!("failed"), &json!("planned")));
    assert_eq!(outcome["error"]["kind"], "not_found");

    // The same as a Glue run: the last line is what an operator sees in the console.
    let job = migration.deployment["jobs"]["migrate-data"].as_str().context("a job's name")?;
    let run = migration.aws.glue_run(job, &json!({"--SCHEMAS": "shop", "--TABLE_NAME": "gone"}))?;
    assert_eq!(run["JobRunState"], "FAILED");
    let message = run["ErrorMessage"].as_str().unwrap_or_default();
    ensure!(message.contains("exit code 1") && message.contains("there is no table \"gone\""), "{message}");
    migration.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_load_that_fails_keeps_the_old_rows() -> Result<()> {
    let migration = start().await?;
    let sql = "CREATE SCHEMA shop; CREATE TABLE shop.orders (id INTEGER, more INTEGER NOT NULL); \
               INSERT INTO shop.orders VALUES (7, 7)";
    migration.psql(&migration.target, &["-c", sql]).await?;
    migration.associate_role().await?;
    let arguments =
        [("--SCHEMAS", "shop"), ("--TABLE_NAME", "orders"), ("--RUN_ID", "r1"), ("--REPLACE", "orders")];
    let ended = migration.run_job("migrate-data", &arguments).await?;
    refused("a column that takes no NULL", &ended, 1, &["shop.orders", "old rows"])?;
    assert_eq!(
        migration.backend(&migration.target, &["-c", "SELECT * FROM shop.orders"]).await?.trim(),
        "7|7"
    );
    assert_eq!(migration.ledger("runs/norrvik/r1/tables/shop/orders.json")?["status"], "failed");
    assert_eq!(migration.keys("unload/")?, Vec::<String>::new());
    migration.stop().await
}
