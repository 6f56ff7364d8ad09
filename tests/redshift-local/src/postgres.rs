//! The PostgreSQL server behind a warehouse: created, started and stopped. It listens on a unix socket only and trusts
//! whoever reaches that, so its directory is for this program's user alone (and for `nobody`, as whom it runs under root).

use std::fs::{self, File};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use tokio::process::{Child, Command};

use crate::session::Backend;
use crate::statement::REDSHIFT_PARAMETERS;

/// The bootstrap superuser, named as on Redshift.
pub const SUPERUSER: &str = "rdsdb";

/// The user and group as whom PostgreSQL runs under root, which it refuses to run as: `nobody` and `nogroup`.
const NOBODY: u32 = 65_534;

/// Longest path of a unix socket, without its terminating null.
const MAX_SOCKET_PATH_BYTES: usize = 107;

/// How long PostgreSQL may take to answer its first connection. It takes a fifth of a second.
const START_LIMIT: Duration = Duration::from_secs(30);

/// Settings that make PostgreSQL fast and small, and Redshift's defaults where they differ.
const CONFIGURATION: &str = r#"
listen_addresses = ''
unix_socket_permissions = 0777
max_connections = 200
shared_buffers = 32MB
dynamic_shared_memory_type = posix
fsync = off
synchronous_commit = off
full_page_writes = off
max_wal_size = 4GB
autovacuum = off
# Without autovacuum no statistics tell how large a catalog is; nested loops would evaluate each access list for every pair of rows.
enable_nestloop = off
# Errors and statements hold values; none of them may reach the log.
log_min_messages = fatal
log_min_error_statement = panic
log_error_verbosity = terse
timezone = 'UTC'
log_timezone = 'UTC'
datestyle = 'ISO, MDY'
password_encryption = md5
md5_password_warnings = off
# Redshift: a backslash escapes in every string; SNAPSHOT isolation; bodies are checked when they run.
standard_conforming_strings = off
escape_string_warning = off
backslash_quote = on
default_transaction_isolation = 'repeatable read'
extra_float_digits = 0
# As in PostgreSQL 8.0, a variable of a procedure hides a column of its name.
plpgsql.variable_conflict = use_variable
search_path = '"$user", public, redshift_catalog, pg_catalog'
"#;

/// What a warehouse is, as its SQL tells.
#[derive(Clone, Debug)]
pub struct Identity {
    /// Redshift's patch level.
    pub patch: u16,
    /// How many slices there are.
    pub slices: usize,
    /// The namespace's id; `None` for one that the first start makes.
    pub namespace: Option<String>,
}

/// A running server. Dropping it kills the server; [`Postgres::stop`] is the orderly way.
#[derive(Debug)]
pub struct Postgres {
    binaries: PathBuf,
    data: PathBuf,
    socket: PathBuf,
    namespace: String,
    child: Child,
    as_nobody: bool,
}

impl Postgres {
    /// Starts the server in `directory`, creating its data directory first if there is none. The compatibility catalog
    /// finds what it is in the settings `rs.patch`, `rs.slices` and `rs.namespace`.
    ///
    /// Fails when the directory or the binaries cannot be used, or PostgreSQL does not come up; its log says why.
    pub async fn start(installation: &Path, directory: &Path, identity: &Identity) -> Result<Self> {
        fs::create_dir_all(directory).with_context(|| format!("cannot create {}", directory.display()))?;
        let directory =
            directory.canonicalize().with_context(|| format!("cannot find {}", directory.display()))?;
        let installation = installation
            .canonicalize()
            .with_context(|| format!("no postgresql in {}", installation.display()))?;
        let (data, socket) = (directory.join("data"), directory.join("socket"));
        let longest = socket.join(".s.PGSQL.5432.lock").as_os_str().len();
        ensure!(
            longest <= MAX_SOCKET_PATH_BYTES,
            "{} is too long for a unix socket: choose a directory with a path shorter by {} bytes",
            socket.display(),
            longest - MAX_SOCKET_PATH_BYTES
        );
        let as_nobody = fs::metadata("/proc/self")?.uid() == 0;
        if as_nobody {
            reachable_by_others(&directory)?;
            reachable_by_others(&installation)?;
        }
        for path in [&data, &socket] {
            fs::create_dir_all(path)?;
            fs::set_permissions(path, fs::Permissions::from_mode(0o700))?;
            if as_nobody {
                chown(path, Some(NOBODY), Some(NOBODY))?;
            }
        }
        let binaries = installation.join("bin");
        if !data.join("PG_VERSION").exists() {
            initialise(&binaries, &data, as_nobody).await?;
        }
        let namespace = namespace(&directory, identity.namespace.as_deref())?;
        let log = directory.join("postgresql.log");
        let child = command(&binaries, "postgres", as_nobody)
            .arg("-D")
            .arg(&data)
            .arg("-k")
            .arg(&socket)
            .arg("-c")
            .arg(format!("rs.patch={}", identity.patch))
            .arg("-c")
            .arg(format!("rs.slices={}", identity.slices))
            .arg("-c")
            .arg(format!("rs.namespace={namespace}"))
            .args(
                REDSHIFT_PARAMETERS
                    .iter()
                    .flat_map(|(name, value)| ["-c".to_owned(), format!("rs.{name}={value}")]),
            )
            .stderr(File::create(&log).with_context(|| format!("cannot write {}", log.display()))?)
            .kill_on_drop(true)
            .spawn()
            .context("cannot start postgres through setpriv (package util-linux)")?;
        let mut server = Self { binaries, data, socket, namespace, child, as_nobody };
        server.wait_until_ready(&log).await?;
        Ok(server)
    }

    /// The namespace's id.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// The directory of the unix socket: `PGHOST` for clients that bypass the proxy.
    pub fn socket_directory(&self) -> &Path {
        &self.socket
    }

    /// A connection as the bootstrap superuser.
    pub async fn connect(&self, database: &str) -> Result<Backend> {
        connect_as_superuser(&self.socket, database).await
    }

    /// Stops the server: open transactions are rolled back, nothing is left running.
    pub async fn stop(mut self) -> Result<()> {
        let status = command(&self.binaries, "pg_ctl", self.as_nobody)
            .args(["stop", "--mode=fast", "--silent", "-D"])
            .arg(&self.data)
            .status()
            .await
            .context("cannot run pg_ctl")?;
        ensure!(status.success(), "pg_ctl could not stop the server in {}", self.data.display());
        self.child.wait().await?;
        Ok(())
    }

    async fn wait_until_ready(&mut self, log: &Path) -> Result<()> {
        let started = Instant::now();
        loop {
            if self.connect("template1").await.is_ok() {
                return Ok(());
            }
            if let Some(status) = self.child.try_wait()? {
                bail!("postgres ended with {status} at start-up: see {}", log.display());
            }
            ensure!(started.elapsed() < START_LIMIT, "postgres does not answer: see {}", log.display());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

/// A connection as the bootstrap superuser over the socket in this directory.
pub async fn connect_as_superuser(socket_directory: &Path, database: &str) -> Result<Backend> {
    let parameters = [("user", SUPERUSER), ("database", database), ("client_encoding", "UTF8")];
    match Backend::connect(socket_directory, &parameters).await? {
        Ok((backend, _)) => Ok(backend),
        Err(fields) => bail!("the backend refuses {SUPERUSER}: {}", fields.get(b'M').unwrap_or_default()),
    }
}

/// A command in PostgreSQL's name, which the kernel ends when this process ends however it ends.
fn command(binaries: &Path, program: &str, as_nobody: bool) -> Command {
    let mut command = Command::new("setpriv");
    if as_nobody {
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]);
    }
    command.arg("--pdeathsig=QUIT").arg(binaries.join(program));
    command.env_clear().env("PATH", "/usr/bin:/bin").env("LC_ALL", "C").current_dir("/");
    command.env("LD_LIBRARY_PATH", binaries.join("../lib"));
    command.stdin(Stdio::null()).stdout(Stdio::null());
    command
}
/// The id that was given, else the one that an earlier start kept, else a new one (RFC 9562, version 4).
fn namespace(directory: &Path, given: Option<&str>) -> Result<String> {
    let file = directory.join("namespace");
    if given.is_none() && file.exists() {
        return Ok(fs::read_to_string(file)?);
    }
    let namespace = given.map_or_else(
        || {
            let bits = rand::random::<u128>() & !(0xf << 76 | 0x3 << 62) | 0x4 << 76 | 0x2 << 62;
            let digits = format!("{bits:032x}");
            [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]].join("-")
        },
        str::to_owned,
    );
    fs::write(file, &namespace)?;
    Ok(namespace)
}

async fn initialise(binaries: &Path, data: &Path, as_nobody: bool) -> Result<()> {
    let output = command(binaries, "initdb", as_nobody)
        .args(["--username", SUPERUSER, "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"])
        .args(["--no-instructions", "--pgdata"])
        .arg(data)
        .stderr(Stdio::piped())
        .output()
        .await
        .context("cannot run initdb through setpriv (package util-linux)")?;
    ensure!(output.status.success(), "initdb failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    let file = data.join("postgresql.conf");
    let defaults = fs::read_to_string(&file)?;
    fs::write(&file, defaults + CONFIGURATION).with_context(|| format!("cannot write {}", file.display()))
}

/// Fails with the name of the first directory on the way to `path` that `nobody` may not pass.
fn reachable_by_others(path: &Path) -> Result<()> {
    for directory in path.ancestors() {
        let mode = fs::metadata(directory)?.mode();
        ensure!(
            mode & 0o001 != 0,
            "postgres runs as nobody under root and cannot pass {}: choose a place that everybody can reach",
            directory.display()
        );
    }
    Ok(())
}
