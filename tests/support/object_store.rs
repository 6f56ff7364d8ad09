//! An S3 server for tests: moto, as a child process that ends when the tests do.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::OnceCell;

/// The one bucket.
pub const BUCKET: &str = "data-bucket";
/// The bucket's region, which is the test warehouses'.
pub const REGION: &str = "eu-west-1";

/// Tells the server who asks, and where; it checks no signature.
const AUTHORIZATION: &str = "AWS4-HMAC-SHA256 Credential=local/20240101/eu-west-1/s3/aws4_request, \
     SignedHeaders=host, Signature=0";

/// A running S3 server with one empty bucket.
#[derive(Debug)]
pub struct ObjectStore {
    port: u16,
    /// Its standard input keeps the server alive.
    _server: Child,
}

impl ObjectStore {
    /// The one server of all tests of this process, which use keys of their own: it takes seconds to start.
    pub async fn shared() -> Result<&'static Self> {
        static SHARED: OnceCell<ObjectStore> = OnceCell::const_new();
        let started = SHARED.get_or_try_init(|| async { tokio::task::spawn_blocking(Self::start).await? });
        started.await
    }

    /// Starts the server on a free port of 127.0.0.1. The environment's `PYTHON` names an interpreter that has moto.
    fn start() -> Result<Self> {
        let python =
            std::env::var_os("PYTHON").context("PYTHON is not set: run the tests through ./build.sh test")?;
        let mut server = Command::new(python)
            .args(["-c", include_str!("object_store.py"), BUCKET, REGION])
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("AWS_ACCESS_KEY_ID", "local")
            .env("AWS_SECRET_ACCESS_KEY", "local")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start PYTHON")?;
        let output = server.stdout.take().context("the server has no standard output")?;
        let line = BufReader::new(output)
            .lines()
            .next()
            .context("the S3 server ended before it was ready: PYTHON needs moto[server] and boto3")??;
        Ok(Self { port: line.trim().parse()?, _server: server })
    }

    /// The server's URL.
    pub fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The keys that begin with `prefix`, in order.
    pub async fn keys(&self, prefix: &str) -> Result<Vec<String>> {
        let listing = self.request("GET", &format!("?list-type=2&prefix={prefix}"), "").await?;
        let mut keys: Vec<String> = listing
            .split("<Key>")
            .skip(1)
            .filter_map(|rest| Some(rest.split_once("</Key>")?.0.to_owned()))
            .collect();
        keys.sort();
        Ok(keys)
    }

    /// An object's text.
    pub async fn get(&self, key: &str) -> Result<String> {
        self.request("GET", key, "").await
    }

    /// Writes an object.
    pub async fn put(&self, key: &str, text: &str) -> Result<()> {
        self.request("PUT", key, text).await.map(drop)
    }

    /// Removes an object.
    pub async fn remove(&self, key: &str) -> Result<()> {
        self.request("DELETE", key, "").await.map(drop)
    }

    /// One plain HTTP request.
    async fn request(&self, method: &str, path: &str, body: &str) -> Result<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).await?;
        let length = body.len();
        let head = format!(
            "{method} /{BUCKET}/{path} HTTP/1.0\r\nHost: 127.0.0.1:{}\r\nAuthorization: {AUTHORIZATION}\r\n\
             Content-Length: {length}\r\n\r\n",
            self.port
        );
        stream.write_all(head.as_bytes()).await?;
        stream.write_all(body.as_bytes()).await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        let (head, body) =
            answer.split_once("\r\n\r\n").context("the S3 server's answer has no end of head")?;
        let status = head.split(' ').nth(1).unwrap_or_default();
        ensure!(status.starts_with('2'), "{method} {path}: status {status}");
        Ok(body.to_owned())
    }
}
