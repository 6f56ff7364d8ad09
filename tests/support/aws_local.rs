//! One local AWS endpoint for all tests; each test deploys into it under a prefix of its own.

use crate::authority::Authority;
use crate::environment::{fresh_folder, path, repository, shared_folder};
use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// The region of every test.
pub const REGION: &str = "eu-west-1";

/// How long a Glue run may take on a busy machine.
const RUN_TIMEOUT: Duration = Duration::from_mins(3);

/// Where it is kept, and the file that names its URL.
const FOLDER: &str = "aws-local";
const ENDPOINT: &str = "endpoint";

/// What answers for AWS.
#[derive(Debug)]
pub struct AwsLocal {
    endpoint: String,
    directory: PathBuf,
    /// It ends when its standard input closes, hence with the process that has started it.
    process: Option<Child>,
}

impl AwsLocal {
    /// The endpoint: the tests' common one, or one that is started when it is first asked for.
    pub fn shared() -> Result<&'static Self> {
        static SHARED: OnceLock<Result<AwsLocal, String>> = OnceLock::new();
        let shared = SHARED.get_or_init(|| {
            let found = shared_folder(FOLDER).map_or_else(Self::start, Self::find);
            found.map_err(|error| format!("{error:#}"))
        });
        shared.as_ref().map_err(|error| anyhow::anyhow!("aws-local does not start: {error}"))
    }

    fn find(directory: PathBuf) -> Result<Self> {
        Ok(Self { endpoint: std::fs::read_to_string(directory.join(ENDPOINT))?, directory, process: None })
    }

    fn start() -> Result<Self> {
        let directory = fresh_folder(FOLDER)?;
        let mut process = python("aws_local")?
            .arg("serve")
            .arg("--directory")
            .arg(&directory)
            .arg("--ca")
            .arg(Authority::shared()?.file())
            .args(["--port", "0", "--until-stdin-closes"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::from(std::fs::File::create(directory.join("server.log"))?))
            .spawn()?;
        let mut lines = BufReader::new(process.stdout.take().context("a pipe")?).lines();
        for line in &mut lines {
            if let Some(port) = line?.strip_prefix("ready port=") {
                let endpoint = format!("http://127.0.0.1:{}", port.trim());
                // Whoever writes to a closed pipe dies of it: what else the server prints is read away.
                std::thread::spawn(move || lines.for_each(drop));
                std::fs::write(directory.join(ENDPOINT), &endpoint)?;
                return Ok(Self { endpoint, directory, process: Some(process) });
            }
        }
        bail!("it ended: see {}", directory.join("server.log").display())
    }

    /// Whether it is the one that all tests share.
    pub(crate) fn is_shared(&self) -> bool {
        self.process.is_none()
    }

    /// Its URL.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Deploys what `cdk deploy` deploys on AWS; the request's and the answer's fields are those of aws-local's README.
    pub fn provision(&self, request: &Value) -> Result<Value> {
        let mut process = python("aws_local")?
            .args(["provision", "--endpoint-url", &self.endpoint])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        process.stdin.take().context("a pipe")?.write_all(request.to_string().as_bytes())?;
        let output = process.wait_with_output()?;
        ensure!(output.status.success(), "provisioning failed: {}", String::from_utf8_lossy(&output.stderr));
        Ok(serde_json::from_slice(&output.stdout)?)
    }

    /// The environment that finds this endpoint, and nothing of a real account.
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        vec![
            ("AWS_ENDPOINT_URL", self.endpoint.clone()),
            ("AWS_ACCESS_KEY_ID", "test".into()),
            ("AWS_SECRET_ACCESS_KEY", "test".into()),
            ("AWS_REGION", REGION.into()),
            ("AWS_DEFAULT_REGION", REGION.into()),
            ("AWS_EC2_METADATA_DISABLED", "true".into()),
            ("AWS_PAGER", String::new()),
        ]
    }

    /// Runs the aws CLI against the endpoint.
    pub fn cli<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Result<Output> {
        let aws = path("PYTHON")?.with_file_name("aws");
        Ok(Command::new(aws).args(arguments).envs(self.environment()).output()?)
    }

    /// Runs the aws CLI and reads the JSON that it prints.
    pub fn json<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Result<Value> {
        let output = self.cli(arguments)?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Ok(serde_json::from_slice(&output.stdout)?)
    }

    /// Starts a Glue run, as an operator does, and waits until it ends; gives what GetJobRun says of it.
    pub fn glue_run(&self, job: &str, arguments: &Value) -> Result<Value> {
        let started =
            self.json(["glue", "start-job-run", "--job-name", job, "--arguments", &arguments.to_string()])?;
        let id = started["JobRunId"].as_str().context("a run's id")?;
        let deadline = Instant::now() + RUN_TIMEOUT;
        while Instant::now() < deadline {
            let run = self.json(["glue", "get-job-run", "--job-name", job, "--run-id", id])?["JobRun"].take();
            match run["JobRunState"].as_str() {
                Some("STARTING" | "RUNNING" | "WAITING" | "STOPPING") => {
                    std::thread::sleep(Duration::from_millis(200));
                }
                _ => return Ok(run),
            }
        }
        bail!("the run {id} of {job} has not ended; its logs are in {}", self.directory.display())
    }
}

/// A request to deploy the jobs for these two warehouses.
pub fn request(prefix: &str, tenant: &str, executables: &Path, source: &Value, target: &Value) -> Value {
    json!({
        "prefix": prefix,
        "region": REGION,
        "tenant": tenant,
        "launcher": repository("jobs/launcher/launch.py"),
        "executables": executables,
        "source": source,
        "target": target,
    })
}

fn python(module: &str) -> Result<Command> {
    let mut command = Command::new(path("PYTHON")?);
    command.current_dir(repository("tests/aws-local")).args(["-m", module]);
    command.env("AWS_EC2_METADATA_DISABLED", "true");
    Ok(command)
}
