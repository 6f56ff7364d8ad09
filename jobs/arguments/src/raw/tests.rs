//! Argument lists as Glue, DBAs and mistakes write them.

use std::ffi::OsString;

use migration::name::Identifier;

use crate::{ArgumentsError, Invocation, Job, MigrateData, MigrateSchema, RefreshViews, Task, Wanted};

const REQUIRED: [&str; 12] = [
    "--TENANT_NAME",
    "acme",
    "--SCHEMAS",
    "('sales','Ops')",
    "--S3_BUCKET",
    "s3://migration-bucket/prefix",
    "--IAM_ROLE",
    "arn:aws:iam::123456789012:role/RedshiftS3",
    "--SOURCE_SECRET_ARN",
    "arn:aws:secretsmanager:eu-central-1:123456789012:secret:source-AbCdEf",
    "--TARGET_SECRET_ARN",
    "arn:aws:secretsmanager:eu-west-1:123456789012:secret:target-AbCdEf",
];

/// The program's name, the required arguments, and more.
fn argv(more: &[&str]) -> Vec<OsString> {
    ["job"].iter().chain(&REQUIRED).chain(more).map(OsString::from).collect()
}

fn schema_job(more: &[&str]) -> MigrateSchema {
    match MigrateSchema::parse(argv(more)) {
        Ok(Invocation::Run(arguments)) => arguments,
        other => panic!("{other:?}"),
    }
}

fn schema_error(more: &[&str]) -> ArgumentsError {
    MigrateSchema::parse(argv(more)).unwrap_err()
}

#[test]
fn what_is_not_given_has_its_default() {
    let arguments = schema_job(&[]);
    assert!(!arguments.dry_run);
    assert!(!arguments.common.run.strict);
    assert_eq!(arguments.common.attempts.get(), 3);
    assert_eq!(arguments.common.run.region, None);
    assert_eq!(arguments.common.run.run_id, None);
    let schemas: Vec<&str> = arguments.common.schemas.iter().map(Identifier::as_str).collect();
    assert_eq!(schemas, ["sales", "Ops"]);
}

#[test]
fn booleans_come_bare_or_with_a_value() {
    assert!(schema_job(&["--DRY_RUN"]).dry_run);
    assert!(schema_job(&["--DRY_RUN", "true"]).dry_run);
    assert!(schema_job(&["--DRY_RUN=True"]).dry_run);
    assert!(!schema_job(&["--DRY_RUN", "false"]).dry_run);
    let both = schema_job(&["--DRY_RUN", "--STRICT"]);
    assert!(both.dry_run && both.common.run.strict);
    assert!(
        schema_error(&["--DRY_RUN", "yes"]).to_string().starts_with("--DRY_RUN is neither true nor false;")
    );
}

#[test]
fn each_job_has_its_own() {
    let Ok(Invocation::Run(data)) = MigrateData::parse(argv(&["--TABLE_NAME", "sales.orders"])) else {
        panic!()
    };
    let Wanted::Named(tables) = data.wanted else { panic!() };
    assert_eq!(tables[0].table.as_str(), "orders");
    let bucket = argv(&["--TABLES", "s3://elsewhere/x.json"]);
    let elsewhere = MigrateData::parse(bucket).unwrap_err().to_string();
    assert!(elsewhere.starts_with("--TABLES does not lie below --S3_BUCKET;"), "{elsewhere}");
    let both = argv(&["--TABLE_NAME", "a", "--TABLES", "s3://migration-bucket/prefix/runs/x.json"]);
    assert_eq!(
        MigrateData::parse(both).unwrap_err().to_string(),
        "--TABLE_NAME and --TABLES are both given; leave one of the two out"
    );
    let tables = "s3://migration-bucket/prefix/runs/tables.json";
    let Ok(Invocation::Run(spread)) = MigrateData::parse(argv(&["--FAN_OUT", tables])) else { panic!() };
    assert_eq!((spread.task, spread.wanted), (Task::Judge, Wanted::Listed("runs/tables.json".to_owned())));
    for (other, value) in [("--TABLE_NAME", "a"), ("--TABLES", tables)] {
        let error = MigrateData::parse(argv(&[other, value, "--FAN_OUT", tables])).unwrap_err().to_string();
        assert_eq!(error, format!("{other} and --FAN_OUT are both given; leave one of the two out"));
    }
    assert!(matches!(RefreshViews::parse(argv(&["--RUN_ID", "r1"])), Ok(Invocation::Run(_))));
    assert_eq!(
        MigrateData::parse(argv(&[])).unwrap_err().to_string(),
        "--TABLE_NAME or --TABLES not given; add to the job's arguments (--help explains each)"
    );
    assert_eq!(
        schema_error(&["--TABLE_NAME", "x"]).to_string(),
        "--TABLE_NAME is no argument of migrate-schema but of migrate-data; leave it out or start that job"
    );
}

#[test]
fn what_glue_adds_is_ignored() {
    let arguments = schema_job(&[
        "--JOB_NAME",
        "migrate-schema",
        "--JOB_RUN_ID",
        "jr_1",
        "--TempDir",
        "s3://x/y",
        "--enable-metrics",
        "--job-language",
        "python",
        "--extra-py-files",
        "",
        "--python-modules-installer-option",
        "--upgrade",
        "--conf",
        "a=b",
        "--conf",
        "c=d",
        "--EXECUTABLE",
        "s3://bucket/migrate-schema",
        "--DRY_RUN",
        "true",
    ]);
    assert!(arguments.dry_run);
}

#[test]
fn a_launcher_that_passes_glues_switch_last_is_fine() {
    assert!(!schema_job(&["--enable-job-insights"]).dry_run);
}

#[test]
fn all_that_is_missing_is_named_at_once() {
    let error = MigrateSchema::parse(["job", "--SCHEMAS", "a"].map(OsString::from)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "--TENANT_NAME, --SOURCE_SECRET_ARN, --TARGET_SECRET_ARN, --S3_BUCKET, --IAM_ROLE not given; add to the job's \
         arguments (--help explains each)"
    );
}

#[test]
fn an_unknown_argument_is_named_with_the_nearest() {
    assert_eq!(
        schema_error(&["--RETRIES", "3"]).to_string(),
        "unknown argument --RETRIES; did you mean --RETRY? --help lists all"
    );
    assert_eq!(
        schema_error(&["--retry=3"]).to_string(),
        "unknown argument --retry; did you mean --RETRY? --help lists all"
    );
    assert_eq!(
        schema_error(&["--FRESH_PAINT"]).to_string(),
        "unknown argument --FRESH_PAINT; leave it out, or see --help for the names there are"
    );
}

#[test]
fn a_bad_list_is_one_line_without_the_value() {
    for more in [
        &["Hunter2"][..],
        &["--RUN_ID"],
        &["--RUN_ID", "--DRY_RUN"],
        &["--RUN_ID", "Hunter2", "--RUN_ID", "Hunter2"],
        &["--RETRY", "Hunter2"],
        &["--AWS_REGION", ""],
        &["--", "Hunter2"],
        &["-x"],
        &["-Hunter2"],
        &["--RUN_ID", "-Hunter2"],
        &["--Hunter=Hunter2"],
    ] {
        let message = schema_error(more).to_string();
        assert!(!message.contains("Hunter2"), "{message}");
        assert_eq!(message.lines().count(), 1, "{message}");
        assert!(message.contains("; "), "no remedy: {message}");
    }
}

#[test]
fn messages() {
    let message = |more: &[&str]| schema_error(more).to_string();
    insta::assert_snapshot!(
        [
            message(&["stray"]),
            message(&["--RUN_ID"]),
            message(&["--RUN_ID", "--DRY_RUN"]),
            message(&["--RUN_ID", "-x"]),
            message(&["--RUN_ID", "a", "--RUN_ID", "b"]),
            message(&["--RETRY", "0"]),
            message(&["-x"]),
        ]
        .join("\n")
    );
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    use std::os::unix::ffi::OsStringExt;
    let mut list = argv(&["--RUN_ID"]);
    list.push(OsString::from_vec(vec![0xff, 0xfe]));
    assert_eq!(MigrateSchema::parse(list).unwrap_err(), ArgumentsError::NotUtf8);
}

#[test]
fn help_and_version_win_over_what_is_missing() {
    for job in Job::ALL {
        let parse = |flag: &str| super::RawArguments::parse(job, [job.name(), flag].map(OsString::from));
        assert!(matches!(parse("--help"), Ok(Invocation::Help(text)) if text.starts_with(job.about())));
        let version = format!("{} {}\n", job.name(), env!("CARGO_PKG_VERSION"));
        assert_eq!(parse("--version"), Ok(Invocation::Version(version)));
    }
}
