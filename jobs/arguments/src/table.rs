//! The table of all arguments. A new argument begins here; everything else follows from its row.
//!
//! `tests` keep the table sound: names are unique, each row is exported to `arguments.json`, and each meaning
//! fits its line of `--help`.

use crate::ArgumentType::{
    Boolean, Choice, Dollars, GlueJobList, IamRoleArn, IamRoleArnList, Integer, KmsKeyArn, Name, Region,
    S3Uri, SchemaList, SecretArn, Sha256, TableList, TableListOrAll, Text, WarehouseList,
};
use crate::{Argument, Heading, Job, value};

/// Every argument of every job, in the order of `--help`.
pub static ARGUMENTS: [&Argument; 42] = [
    &TENANT_NAME,
    &SCHEMAS,
    &TABLE_NAME,
    &TABLES,
    &FAN_OUT,
    &TENANT_STACK_NAME,
    &SOURCE_SECRET_ARN,
    &TARGET_SECRET_ARN,
    &CONSUMER_SECRET_ARN,
    &S3_BUCKET,
    &KMS_KEY,
    &IAM_ROLE,
    &AWS_REGION,
    &PASSWORDS,
    &PASSWORD_KMS_KEY,
    &SUPERUSERS,
    &OWNERS,
    &INTERLEAVED,
    &LOAD_THREADS,
    &VERIFY,
    &CONSISTENT,
    &FORCE,
    &KEEP_UNLOADED,
    &VACUUM,
    &REPLACE,
    &REVERSE,
    &NEW_WAREHOUSE,
    &SAME_WAREHOUSE,
    &DRY_RUN,
    &PREFLIGHT,
    &PLAN_SHA256,
    &TOLERATED_FAILURE_PERCENTAGE,
    &STRICT,
    &RETRY,
    &RUN_ID,
    &DPU_HOUR_PRICE,
    &WAREHOUSES,
    &ALLOWED_IAM_ROLES,
    &GLUE_JOBS,
    &FAILURE,
    &EXECUTABLE,
    &EXECUTABLE_SHA256,
];

/// The tenant: a folder of its own in the bucket, and a word in every session's name.
pub static TENANT_NAME: Argument = Argument {
    name: "TENANT_NAME",
    meaning: "name of the tenant; its files lie below this name in the bucket",
    kind: Name,
    default: None,
    required: true,
    jobs: &Job::ALL,
    heading: Heading::What,
};

/// The schemas that make up the tenant.
pub static SCHEMAS: Argument = Argument {
    name: "SCHEMAS",
    meaning: "the tenant's schemas: a,b or ('a','b'); a name in quotes is taken as it is, others in lower case",
    kind: SchemaList,
    default: None,
    required: true,
    jobs: &Job::WITH_WAREHOUSES,
    heading: Heading::What,
};

/// The tables whose rows move.
pub static TABLE_NAME: Argument = Argument {
    name: "TABLE_NAME",
    meaning: "the tables to move: a,b.c; a schema before the dot; double quotes around a name keep it as it is",
    kind: TableList,
    default: None,
    required: false,
    jobs: &[Job::MigrateData],
    heading: Heading::What,
};

/// The same as a document.
pub static TABLES: Argument = Argument {
    name: "TABLES",
    meaning: "the tables to move as a document below --S3_BUCKET: an item that tables.json names, or a retry file",
    kind: S3Uri,
    default: None,
    required: false,
    jobs: &[Job::MigrateData],
    heading: Heading::What,
};

/// The launcher's: the whole list, when it spreads the work; and what it asks with how that ended.
pub static FAN_OUT: Argument = Argument {
    name: "FAN_OUT",
    meaning: "in a Spark job: the run's tables.json, whose items the launcher hands to the executors as --TABLES",
    kind: S3Uri,
    default: None,
    required: false,
    jobs: &[Job::MigrateData],
    heading: Heading::What,
};

/// Kept for those who start jobs with it today.
pub static TENANT_STACK_NAME: Argument = Argument {
    name: "TENANT_STACK_NAME",
    meaning: "accepted so that existing callers need no change; has no effect",
    kind: Name,
    default: None,
    required: false,
    jobs: &Job::ALL,
    heading: Heading::What,
};

/// How to reach the source warehouse.
pub static SOURCE_SECRET_ARN: Argument = Argument {
    name: "SOURCE_SECRET_ARN",
    meaning: "secret with host, port, dbname, username and password of the source",
    kind: SecretArn,
    default: None,
    required: true,
    jobs: &Job::WITH_WAREHOUSES,
    heading: Heading::Where,
};

/// How to reach the target warehouse.
pub static TARGET_SECRET_ARN: Argument = Argument {
    name: "TARGET_SECRET_ARN",
    meaning: "secret with host, port, dbname, username and password of the target",
    kind: SecretArn,
    default: None,
    required: true,
    jobs: &Job::WITH_WAREHOUSES,
    heading: Heading::Where,
};

/// Kept for those who start jobs with it today.
pub static CONSUMER_SECRET_ARN: Argument = Argument {
    name: "CONSUMER_SECRET_ARN",
    meaning: "accepted so that existing callers need no change; has no effect",
    kind: SecretArn,
    default: None,
    required: false,
    jobs: &Job::WITH_WAREHOUSES,
    heading: Heading::Where,
};

/// Where the data passes through and where the ledger lies.
pub static S3_BUCKET: Argument = Argument {
    name: "S3_BUCKET",
    meaning: "bucket, or a prefix in it, for the unloaded data and the run's records; nothing is written elsewhere",
    kind: S3Uri,
    default: None,
    required: true,
    jobs: &Job::ALL,
    heading: Heading::Where,
};

/// What encrypts the objects.
pub static KMS_KEY: Argument = Argument {
    name: "KMS_KEY",
    meaning: "KMS key that encrypts all that is written there; when not given, S3's own keys encrypt the unloaded files",
    kind: KmsKeyArn,
    default: None,
    required: false,
    jobs: &Job::ALL,
    heading: Heading::Where,
};

/// The role with which Redshift itself reads and writes the bucket.
pub static IAM_ROLE: Argument = Argument {
    name: "IAM_ROLE",
    meaning: "role with which both warehouses read and write the bucket (UNLOAD, COPY), or a chain of roles",
    kind: IamRoleArn,
    default: None,
    required: true,
    jobs: &Job::WITH_WAREHOUSES,
    heading: Heading::Where,
};

/// The Region of AWS's services.
pub static AWS_REGION: Argument = Argument {
    name: "AWS_REGION",
    meaning: "AWS Region of the bucket; when not given, the Region the job runs in",
    kind: Region,
    default: None,
    required: false,
    jobs: &Job::ALL,
    heading: Heading::Where,
};

/// Which password new users have.
pub static PASSWORDS: Argument = Argument {
    name: "PASSWORDS",
    meaning: "password of each user created: none, a new one in a secret, or the source's where it shows its hash",
    kind: Choice(value::PASSWORDS),
    default: Some("disable"),
    required: false,
    jobs: &[Job::MigrateSchema],
    heading: Heading::How,
};

/// What encrypts the secrets of new users.
pub static PASSWORD_KMS_KEY: Argument = Argument {
    name: "PASSWORD_KMS_KEY",
    meaning: "KMS key that encrypts the secrets of --PASSWORDS generate; when not given, the account's aws/secretsmanager",
    kind: KmsKeyArn,
    default: None,
    required: false,
    jobs: &[Job::MigrateSchema],
    heading: Heading::How,
};

/// Whether superusers stay what they are.
pub static SUPERUSERS: Argument = Argument {
    name: "SUPERUSERS",
    meaning: "whether a superuser of the source becomes an ordinary user or a superuser, which needs a password",
    kind: Choice(value::SUPERUSERS),
    default: Some("ordinary"),
    required: false,
    jobs: &[Job::MigrateSchema],
    heading: Heading::How,
};

/// Whom objects belong to on the target.
pub static OWNERS: Argument = Argument {
    name: "OWNERS",
    meaning: "whom objects belong to on the target: their owners on the source, or the login that creates them",
    kind: Choice(value::OWNERS),
    default: Some("keep"),
    required: false,
    jobs: &[Job::MigrateSchema, Job::RefreshViews],
    heading: Heading::How,
};

/// What becomes of interleaved sort keys where the target has none.
pub static INTERLEAVED: Argument = Argument {
    name: "INTERLEAVED",
    meaning: "on the way to Serverless: an interleaved sort key becomes a compound one, or stops the job",
    kind: Choice(value::INTERLEAVED),
    default: Some("compound"),
    required: false,
    jobs: &[Job::MigrateSchema],
    heading: Heading::How,
};

/// How many tables are under way.
pub static LOAD_THREADS: Argument = Argument {
    name: "LOAD_THREADS",
    meaning: "tables that are unloaded, and tables that are loaded, at a time, 1 to 32; each takes a session",
    kind: Integer(1, value::MOST_THREADS),
    default: Some("4"),
    required: false,
    jobs: &[Job::MigrateData],
    heading: Heading::How,
};

/// How it is proven that the rows arrived.
pub static VERIFY: Argument = Argument {
    name: "VERIFY",
    meaning: "what tells rows that were loaded: no more than COPY says, their number, or a sum over each column",
    kind: Choice(value::VERIFY),
    default: Some("count"),
    required: false,
    jobs: &[Job::MigrateSchema, Job::MigrateData],
    heading: Heading::How,
};

/// Whether all tables show one moment.
pub static CONSISTENT: Argument = Argument {
    name: "CONSISTENT",
    meaning: "unload all tables in one transaction of the source, one after another, so that all show one moment",
    kind: Boolean,
    default: Some("false"),
    required: false,
    jobs: &[Job::MigrateData],
    heading: Heading::How,
};

/// Whether what is done is done again.
pub static FORCE: Argument = Argument {
    name: "FORCE",
    meaning: "move tables anew that this run has moved or unloaded already",
    kind: Boolean,
    default: Some("false"),
    required: false,
    jobs: &[Job::MigrateData],
    heading: Heading::How,
};

/// Whether the files outlive their load.
pub static KEEP_UNLOADED: Argument = Argument {
    name: "KEEP_UNLOADED",
    meaning: "leave the unloaded files in the bucket when they are loaded",
    kind: Boolean,
    default: Some("false"),
    required: false,
    jobs: &[Job::MigrateData],
    heading: Heading::How,
};

/// When tables whose rows were replaced are vacuumed.
pub static VACUUM: Argument = Argument {
    name: "VACUUM",
    meaning: "tables whose rows were replaced are vacuumed by refresh-views, after each load, or by no job",
    kind: Choice(value::VACUUM),
    default: Some("later"),
    required: false,
    jobs: &[Job::MigrateData],
    heading: Heading::How,
};

/// Which rows of the target may go that no run of this tenant loaded.
pub static REPLACE: Argument = Argument {
    name: "REPLACE",
    meaning: "tables whose rows on the target may be replaced although no run of this tenant loaded them, or all",
    kind: TableListOrAll,
    default: None,
    required: false,
    jobs: &[Job::MigrateSchema, Job::MigrateData],
    heading: Heading::How,
};

/// Whether the tenant may go back to where it came from.
pub static REVERSE: Argument = Argument {
    name: "REVERSE",
    meaning: "allow a run from the warehouse that earlier runs of this tenant copied to, back to its source",
    kind: Boolean,
    default: Some("false"),
    required: false,
    jobs: &Job::WITH_WAREHOUSES,
    heading: Heading::How,
};

/// Whether a warehouse may be one that the tenant's earlier runs do not know.
pub static NEW_WAREHOUSE: Argument = Argument {
    name: "NEW_WAREHOUSE",
    meaning: "allow a warehouse that no earlier run of this tenant read or wrote",
    kind: Boolean,
    default: Some("false"),
    required: false,
    jobs: &Job::WITH_WAREHOUSES,
    heading: Heading::How,
};

/// Whether source and target may be two databases of one warehouse.
pub static SAME_WAREHOUSE: Argument = Argument {
    name: "SAME_WAREHOUSE",
    meaning: "allow source and target to be two databases of one warehouse; users, groups and roles stay untouched",
    kind: Boolean,
    default: Some("false"),
    required: false,
    jobs: &Job::WITH_WAREHOUSES,
    heading: Heading::How,
};

/// Plan, and leave it at that.
pub static DRY_RUN: Argument = Argument {
    name: "DRY_RUN",
    meaning: "write the plan (plan.json, plan.sql) and change nothing on the target",
    kind: Boolean,
    default: Some("false"),
    required: false,
    jobs: &[Job::MigrateSchema],
    heading: Heading::How,
};

/// Tries what a migration leans on.
pub static PREFLIGHT: Argument = Argument {
    name: "PREFLIGHT",
    meaning: "only try what a migration needs: bucket, secrets, logins, IAM role, UNLOAD and COPY",
    kind: Boolean,
    default: Some("false"),
    required: false,
    jobs: &[Job::MigrateSchema],
    heading: Heading::How,
};

/// The one plan that may be applied.
pub static PLAN_SHA256: Argument = Argument {
    name: "PLAN_SHA256",
    meaning: "sum of the plan to apply, from plan.sql or schema.json of a dry run; any other plan is refused",
    kind: Sha256,
    default: None,
    required: false,
    jobs: &[Job::MigrateSchema],
    heading: Heading::How,
};

/// How many tables may fail.
pub static TOLERATED_FAILURE_PERCENTAGE: Argument = Argument {
    name: "TOLERATED_FAILURE_PERCENTAGE",
    meaning: "how many of the tables may fail, in percent, before the run as a whole counts as failed",
    kind: Integer(0, 100),
    default: Some("20"),
    required: false,
    jobs: &[Job::CollectReport],
    heading: Heading::How,
};

/// Whether a failure of one object is a failure of the run.
pub static STRICT: Argument = Argument {
    name: "STRICT",
    meaning: "anything at all that failed is a failure of the whole (exit status 1; of collect-report, its verdict)",
    kind: Boolean,
    default: Some("false"),
    required: false,
    jobs: &Job::ALL,
    heading: Heading::How,
};

/// How often a statement is tried.
pub static RETRY: Argument = Argument {
    name: "RETRY",
    meaning: "how often a statement is tried in all, 1 to 10; only failures that may pass are tried again",
    kind: Integer(1, value::MOST_ATTEMPTS),
    default: Some("3"),
    required: false,
    jobs: &Job::WITH_WAREHOUSES,
    heading: Heading::How,
};

/// The run to which this job belongs.
pub static RUN_ID: Argument = Argument {
    name: "RUN_ID",
    meaning: "name of the run, shared by its jobs; the job makes and prints one when not given, but for collect-report",
    kind: Name,
    default: None,
    required: false,
    jobs: &Job::ALL,
    heading: Heading::How,
};

/// What the estimate of the costs is made with.
pub static DPU_HOUR_PRICE: Argument = Argument {
    name: "DPU_HOUR_PRICE",
    meaning: "what Glue asks for a DPU-hour in the Region, for the estimate of the costs",
    kind: Dollars,
    default: Some("0.44"),
    required: false,
    jobs: &[Job::CollectReport],
    heading: Heading::How,
};

/// The environment's warehouses, by what they say they are.
pub static WAREHOUSES: Argument = Argument {
    name: "WAREHOUSES",
    meaning: "the warehouses of the environment: which may be a source, a target or both; any other is refused",
    kind: WarehouseList,
    default: None,
    required: false,
    jobs: &Job::WITH_WAREHOUSES,
    heading: Heading::Deployment,
};

/// The bound of what the schema job associates with a warehouse.
pub static ALLOWED_IAM_ROLES: Argument = Argument {
    name: "ALLOWED_IAM_ROLES",
    meaning: "IAM roles that the job may associate with a warehouse; without it, none",
    kind: IamRoleArnList,
    default: None,
    required: false,
    jobs: &[Job::MigrateSchema],
    heading: Heading::Deployment,
};

/// Whose runs the report tells of.
pub static GLUE_JOBS: Argument = Argument {
    name: "GLUE_JOBS",
    meaning: "the jobs by their names in Glue; without it the report has no timeline and no costs",
    kind: GlueJobList,
    default: None,
    required: false,
    jobs: &[Job::CollectReport],
    heading: Heading::Deployment,
};

/// The state machine's: what it ended with.
pub static FAILURE: Argument = Argument {
    name: "FAILURE",
    meaning: "why the migration ended early; the run counts as failed then",
    kind: Text,
    default: None,
    required: false,
    jobs: &[Job::CollectReport],
    heading: Heading::Deployment,
};

/// The launcher's: which executable to fetch.
pub static EXECUTABLE: Argument = Argument {
    name: "EXECUTABLE",
    meaning: "where the launcher fetches the job's executable",
    kind: S3Uri,
    default: None,
    required: false,
    jobs: &Job::ALL,
    heading: Heading::Deployment,
};

/// The launcher's: what the executable's sum must be.
pub static EXECUTABLE_SHA256: Argument = Argument {
    name: "EXECUTABLE_SHA256",
    meaning: "SHA-256 sum without which the launcher does not start the executable",
    kind: Sha256,
    default: None,
    required: false,
    jobs: &Job::ALL,
    heading: Heading::Deployment,
};
