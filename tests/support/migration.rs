//! A migration in the small: two warehouses, what is deployed for them, and the jobs.

use crate::authority::Authority;
use crate::aws_local::{AwsLocal, request};
use crate::environment::{fresh_name, path, repository};
use crate::object_store::ObjectStore;
use crate::scenario::Direction;
use crate::shared_deployment::{SharedDeployment, secrets_manager};
use crate::warehouse::{HOST, Identity, PASSWORD, TestWarehouse, USER};
use anyhow::{Context, Result, ensure};
use redshift_local::{CURRENT_PATCH, Kind};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Stdio;
use tokio::process::{Child, Command};
use tokio::runtime::Handle;

/// The tenant of every test.
pub const TENANT: &str = "norrvik";

/// A source, a target, and the jobs deployed for both.
#[derive(Debug)]
pub struct Migration {
    /// Where the tenant is.
    pub source: TestWarehouse,
    /// Where it goes.
    pub target: TestWarehouse,
    /// The AWS endpoint.
    pub aws: &'static AwsLocal,
    /// What `provision` answered.
    pub deployment: Value,
    /// The jobs' `--S3_BUCKET`: a prefix of this migration's own, so that no other has moved the tenant before.
    pub place: String,
    /// The secrets of source and target.
    pub secrets: [String; 2],
}

/// How a job's process ended.
#[derive(Debug)]
pub struct Ended {
    /// Its exit status; none where a signal ended it.
    pub status: Option<i32>,
    /// What it printed on standard error.
    pub stderr: String,
    /// What it logged.
    pub stdout: String,
}

impl Ended {
    /// The last line on standard error.
    pub fn last_line(&self) -> &str {
        self.stderr.lines().next_back().unwrap_or_default()
    }
}

impl Migration {
    /// Starts a provisioned source and a Serverless target, and deploys the jobs under names of their own.
    pub async fn start() -> Result<Self> {
        let aws = tokio::task::spawn_blocking(AwsLocal::shared).await??;
        let prefix = format!("t{}-", fresh_name()?);
        // The names that `provision` gives them.
        let start = |kind, name, identity| {
            let (endpoint, identifier) = (aws.endpoint().to_owned(), format!("{prefix}{name}"));
            TestWarehouse::start_deployed_at(CURRENT_PATCH, kind, endpoint, identifier, identity)
        };
        let source = start(Kind::Provisioned, "source", Identity::default()).await?;
        let target = start(Kind::Serverless, "target", Identity::of_target()).await?;
        let request = request(&prefix, TENANT, &path("EXECUTABLES")?, &place(&source), &place(&target));
        let deployment = tokio::task::spawn_blocking(move || aws.provision(&request)).await??;
        let secret = |field: &str| deployment[field].as_str().unwrap_or_default().to_owned();
        let secrets = [secret("source_secret_arn"), secret("target_secret_arn")];
        let place = deployment["s3_bucket"].as_str().context("a bucket")?.to_owned();
        Ok(Self { source, target, aws, deployment, place, secrets })
    }

    /// Starts warehouses of the kinds that the direction says, in the deployment that all such migrations share: only their warehouses
    /// and secrets are their own, so that a run needs a `--RUN_ID` of its own.
    pub async fn start_in(direction: Direction) -> Result<Self> {
        Self::start_from_patch(direction, CURRENT_PATCH).await
    }

    /// The same from a source of another patch level.
    pub async fn start_from_patch(direction: Direction, source_patch: u16) -> Result<Self> {
        Self::start_as(direction, source_patch, [Identity::default(), Identity::of_target()]).await
    }

    /// The same with warehouses that say of themselves what these two do.
    pub async fn start_as(
        direction: Direction,
        source_patch: u16,
        identities: [Identity; 2],
    ) -> Result<Self> {
        let [of_source, of_target] = identities;
        let shared = SharedDeployment::get().await?;
        let (from, to) = match direction {
            Direction::ProvisionedToServerless => (Kind::Provisioned, Kind::Serverless),
            Direction::ServerlessToProvisioned => (Kind::Serverless, Kind::Provisioned),
        };
        let source = shared.start(from, source_patch, of_source).await?;
        let target = shared.start(to, CURRENT_PATCH, of_target).await?;
        let secrets = [shared.secret_of(from, &source).await?, shared.secret_of(to, &target).await?];
        let deployment = shared.deployment.clone();
        let bucket = deployment["s3_bucket"].as_str().context("a bucket")?;
        let place = format!("{bucket}/{}-{}", source.warehouse.namespace(), source.database);
        Ok(Self { source, target, aws: shared.aws, deployment, place, secrets })
    }

    /// Takes a bare warehouse of the same id for the target's, as if nobody had ever been there. Only for a migration of the
    /// shared deployment.
    pub async fn renew_target(&mut self) -> Result<()> {
        let shared = SharedDeployment::get().await?;
        let namespace = Some(self.target.warehouse.namespace().to_owned());
        let identity = Identity { namespace, ..Identity::of_target() };
        let bare = shared.start(self.target.kind, CURRENT_PATCH, identity).await?;
        self.secrets[1] = shared.secret_of(bare.kind, &bare).await?;
        std::mem::replace(&mut self.target, bare).stop().await
    }

    /// Starts one more warehouse of the target's kind, and gives it with its secret. Only for a migration of the shared
    /// deployment.
    pub async fn start_third(&self) -> Result<(TestWarehouse, String)> {
        let shared = SharedDeployment::get().await?;
        let third = shared.start(self.target.kind, CURRENT_PATCH, Identity::of_target()).await?;
        let secret = shared.secret_of(third.kind, &third).await?;
        Ok((third, secret))
    }

    /// One more secret of the source. Only for a migration of the shared deployment.
    pub async fn another_secret_of_source(&self) -> Result<String> {
        SharedDeployment::get().await?.secret_of(self.source.kind, &self.source).await
    }

    /// Lets the jobs take any certificate for the warehouses': those in the process of a test cannot be told of the tests' authority.
    pub async fn take_any_certificate(&self) -> Result<()> {
        let client = secrets_manager(self.aws.endpoint());
        for arn in &self.secrets {
            let secret = client.get_secret_value().secret_id(arn).send().await.context("a secret")?;
            let mut secret: Value = serde_json::from_str(secret.secret_string().context("a text")?)?;
            secret["sslmode"] = json!("require");
            let put = client.put_secret_value().secret_id(arn).secret_string(secret.to_string());
            put.send().await.context("changing a secret")?;
        }
        Ok(())
    }

    /// A field of what is deployed; a test that names another is broken.
    pub fn deployed(&self, field: &str) -> &str {
        self.deployment[field].as_str().expect("a field of what provision answers")
    }

    /// Associates the role with both warehouses, as the schema job does: for tests that start with the data job.
    pub async fn associate_role(&self) -> Result<()> {
        let words = |text: String| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let (role, cluster) = (self.deployed("iam_role"), self.deployed("cluster_identifier"));
        let namespace = self.deployed("namespace");
        let cluster = format!("--cluster-identifier {cluster}");
        let namespace = format!("--namespace-name {namespace}");
        let associate = [
            words(format!("redshift modify-cluster-iam-roles {cluster} --add-iam-roles {role}")),
            words(format!("redshift-serverless update-namespace {namespace} --iam-roles {role}")),
        ];
        let look = [
            words(format!("redshift describe-clusters {cluster}")),
            words(format!("redshift-serverless get-namespace {namespace}")),
        ];
        let aws = self.aws;
        tokio::task::spawn_blocking(move || {
            associate.iter().try_for_each(|words| aws.json(words).map(drop))?;
            for words in look {
                while !aws.json(&words)?.to_string().contains("in-sync") {}
            }
            Ok(())
        })
        .await?
    }

    /// Loads a file on the source with a DBA's psql.
    pub async fn load(&self, file: &Path) -> Result<()> {
        self.psql(&self.source, &["-f", &file.to_string_lossy()]).await.map(drop)
    }

    /// Loads statements on the source in the same way, each by itself: several in one message would be one transaction.
    pub async fn load_text(&self, sql: &str) -> Result<()> {
        let file = self.source.directory().join("source.sql");
        std::fs::write(&file, sql)?;
        self.load(&file).await
    }

    /// Runs a stock psql as the superuser of a warehouse, through the proxy.
    pub async fn psql(&self, warehouse: &TestWarehouse, arguments: &[&str]) -> Result<String> {
        let output = psql_command()?
            .args(["-h", HOST, "-U", USER, "-d", &warehouse.database])
            .args(["-p", &warehouse.warehouse.port().to_string()])
            .args(arguments)
            .env("PGPASSWORD", PASSWORD)
            .env("PGSSLMODE", "verify-full")
            .env("PGSSLROOTCERT", Authority::shared()?.file())
            .env("PGCLIENTENCODING", "UTF8")
            .output()
            .await?;
        ensure!(output.status.success(), "psql: {}", String::from_utf8_lossy(&output.stderr));
        Ok(String::from_utf8(output.stdout)?)
    }

    /// What PostgreSQL behind a warehouse answers: bypasses the proxy and all SQL of the product.
    pub async fn backend(&self, warehouse: &TestWarehouse, arguments: &[&str]) -> Result<String> {
        let output = psql_command()?
            .args(["-U", "rdsdb", "-d", &warehouse.database])
            .arg("-h")
            .arg(warehouse.warehouse.backend_socket())
            .args(arguments)
            .output()
            .await?;
        ensure!(output.status.success(), "psql: {}", String::from_utf8_lossy(&output.stderr));
        Ok(String::from_utf8(output.stdout)?)
    }

    /// The arguments of a job: those that its Glue job gives by default, under these.
    pub fn arguments(&self, job: &str, arguments: &[(&str, &str)]) -> Vec<String> {
        let mut all = vec![
            ("--TENANT_NAME", TENANT),
            ("--S3_BUCKET", &self.place),
            ("--IAM_ROLE", self.deployed("iam_role")),
            ("--SOURCE_SECRET_ARN", &self.secrets[0]),
            ("--TARGET_SECRET_ARN", &self.secrets[1]),
            ("--AWS_REGION", crate::aws_local::REGION),
        ];
        if job == "migrate-schema" {
            all.push(("--ALLOWED_IAM_ROLES", self.deployed("iam_role")));
        }
        let is_named = |name: &str| ["--TABLE_NAME", "--TABLES"].contains(&name);
        if job == "migrate-data" && !arguments.iter().any(|(name, _)| is_named(name)) {
            all.push(("--TABLE_NAME", "no_such_table"));
        }
        all.retain(|(name, _)| !arguments.iter().any(|(given, _)| given == name));
        all.iter().chain(arguments).map(|(name, value)| format!("{name}={value}")).collect()
    }

    /// Starts a job's executable itself, without Glue: for tests that start many.
    pub fn start_job(&self, job: &str, arguments: &[String]) -> Result<Child> {
        self.start_job_at(self.aws.endpoint(), job, arguments)
    }

    /// The same with another way to the AWS endpoint.
    pub fn start_job_at(&self, endpoint: &str, job: &str, arguments: &[String]) -> Result<Child> {
        Ok(Command::new(path("EXECUTABLES")?.join(job))
            .args(arguments)
            .env_clear()
            .envs(self.aws.environment())
            .env("AWS_ENDPOINT_URL", endpoint)
            .env("SSL_CERT_FILE", Authority::shared()?.file())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?)
    }

    /// Starts a job's executable with its default arguments under these, and waits for its end.
    pub async fn run_job(&self, job: &str, arguments: &[(&str, &str)]) -> Result<Ended> {
        ended(self.start_job(job, &self.arguments(job, arguments))?).await
    }

    /// A document of the ledger.
    pub fn ledger(&self, key: &str) -> Result<Value> {
        Ok(serde_json::from_str(&self.ledger_text(key)?)?)
    }

    /// What lies in the ledger at a key, as text.
    pub fn ledger_text(&self, key: &str) -> Result<String> {
        let (bucket, key) = (self.deployed("data_bucket"), self.key(key)?);
        wait_for(async { ObjectStore::shared().await?.get_from(bucket, &key).await })
    }

    /// A key of the bucket, of what lies at this key of the ledger.
    pub fn key(&self, key: &str) -> Result<String> {
        let bucket = format!("s3://{}/", self.deployed("data_bucket"));
        Ok(format!("{}/{key}", self.place.strip_prefix(&bucket).context("a place in the bucket")?))
    }

    /// All keys below a prefix of the jobs' place in the bucket, relative to that place.
    pub fn keys(&self, prefix: &str) -> Result<Vec<String>> {
        let (bucket, place, prefix) = (self.deployed("data_bucket"), self.key("")?, self.key(prefix)?);
        let keys = wait_for(async { ObjectStore::shared().await?.keys_of(bucket, &prefix).await })?;
        Ok(keys.iter().filter_map(|key| key.strip_prefix(&place).map(str::to_owned)).collect())
    }

    /// Stops both warehouses.
    pub async fn stop(self) -> Result<()> {
        self.source.stop().await?;
        self.target.stop().await
    }
}

/// Waits within a test that is not asynchronous at this place: the aws CLI would take half a second of a processor for each look.
fn wait_for<T>(answer: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::task::block_in_place(|| Handle::current().block_on(answer))
}

/// Stock psql, printing rows only, with no setting of the caller's environment.
fn psql_command() -> Result<Command> {
    let mut command = Command::new(path("PSQL")?);
    command.args(["-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1"]).env_clear();
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    Ok(command)
}

/// What the queries of the sample tenant answer on PostgreSQL behind a warehouse, file by file, but for those left out.
pub async fn compared(
    migration: &Migration,
    warehouse: &TestWarehouse,
    but: &[&str],
) -> Result<Vec<(String, String)>> {
    const MARK: &str = "==== ";
    let mut files = Vec::new();
    for entry in std::fs::read_dir(repository("tests/scenarios/sample/compare"))? {
        let file = entry?.path();
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !but.contains(&name.as_str()) {
            files.push((name, file.to_string_lossy().into_owned()));
        }
    }
    files.sort();
    ensure!(files.len() + but.len() >= 10, "the comparing queries are gone");
    // One psql for all of them: to start one takes longer than what it asks.
    let marks: Vec<String> = files.iter().map(|(name, _)| format!("\\echo {MARK}{name}")).collect();
    let arguments: Vec<&str> =
        marks.iter().zip(&files).flat_map(|(mark, (_, file))| ["-c", mark, "-f", file]).collect();
    let answers = migration.backend(warehouse, &arguments).await?;
    let answers: Vec<(String, String)> = answers
        .split(MARK)
        .skip(1)
        .filter_map(|answer| answer.split_once('\n'))
        .map(|(name, answer)| (name.to_owned(), answer.to_owned()))
        .collect();
    ensure!(answers.len() == files.len(), "{} answers", answers.len());
    Ok(answers)
}

/// Waits for a job's process.
pub async fn ended(process: Child) -> Result<Ended> {
    let output = process.wait_with_output().await.context("waiting for a job")?;
    Ok(Ended {
        status: output.status.code(),
        stderr: String::from_utf8(output.stderr)?,
        stdout: String::from_utf8(output.stdout)?,
    })
}

/// A warehouse as a secret's JSON names it.
pub fn place(warehouse: &TestWarehouse) -> Value {
    json!({
        "host": HOST,
        "port": warehouse.warehouse.port(),
        "database": warehouse.database,
        "username": USER,
        "password": PASSWORD,
    })
}
