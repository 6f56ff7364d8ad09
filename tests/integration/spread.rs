//! What the real job makes of the ends of its runs that the launcher spread over executors (`--FAN_OUT`).

use anyhow::{Context, Result};
use migration_tests::environment::path;
use std::io::Write;
use std::process::{Command, Stdio};

const ARGUMENTS: [&str; 18] = [
    "--TENANT_NAME",
    "acme",
    "--SCHEMAS",
    "sales",
    "--S3_BUCKET",
    "s3://bucket/prefix",
    "--IAM_ROLE",
    "arn:aws:iam::123456789012:role/warehouse",
    "--SOURCE_SECRET_ARN",
    "arn:aws:secretsmanager:eu-central-1:123456789012:secret:source-AbCdEf",
    "--TARGET_SECRET_ARN",
    "arn:aws:secretsmanager:eu-central-1:123456789012:secret:target-AbCdEf",
    "--AWS_REGION",
    "eu-central-1",
    "--RUN_ID",
    "run",
    "--FAN_OUT",
    "s3://bucket/prefix/runs/acme/run/tables.json",
];
const SOME: &str = r#"[{"tables": "s3://b/0", "status": 0, "line": ""},
    {"tables": "s3://b/1", "status": 3, "line": "no way: try later"}]"#;
const ALL: &str = r#"[{"tables": "s3://b/1", "status": 3, "line": "no way: try later"}]"#;

/// Asks the job as the launcher does; gives its exit status and standard error.
fn judged(ends: &str, more: &[&str]) -> Result<(Option<i32>, String)> {
    let mut job = Command::new(path("EXECUTABLES")?.join("migrate-data"))
        .args(ARGUMENTS)
        .args(more)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()?;
    job.stdin.take().context("a pipe")?.write_all(ends.as_bytes())?;
    let output = job.wait_with_output()?;
    Ok((output.status.code(), String::from_utf8(output.stderr)?))
}

#[test]
fn some_failed_lists_are_a_failure_with_strict_alone() -> Result<()> {
    let said = "1 of 2 lists failed; the first, s3://b/1: no way: try later\n".to_owned();
    for lenient in [&[][..], &["--STRICT", "false"], &["--STRICT=false"]] {
        assert_eq!(judged(SOME, lenient)?, (Some(0), String::new()), "{lenient:?}");
    }
    for strict in [&["--STRICT"][..], &["--STRICT", "true"], &["--STRICT=true"]] {
        assert_eq!(judged(SOME, strict)?, (Some(1), said.clone()), "{strict:?}");
    }
    Ok(())
}

#[test]
fn no_list_that_arrived_is_a_failure_with_the_status_of_the_first() -> Result<()> {
    assert_eq!(judged(ALL, &[])?, (Some(3), "s3://b/1: no way: try later\n".to_owned()));
    assert_eq!(judged("[]", &["--STRICT"])?, (Some(0), String::new()));
    let (status, line) = judged("", &[])?;
    assert_eq!((status, line.starts_with("--FAN_OUT: ")), (Some(2), true), "{line}");
    Ok(())
}
