//! A warehouse of its own for a test: a fresh directory, a free port.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::authority::Authority;
use crate::environment::{fresh_folder, shared_folder};
use anyhow::{Context, Result, ensure};
use redshift::session::Login;
use redshift_local::{CURRENT_PATCH, EmptyUnload, Kind, Options, Warehouse};
use std::collections::BTreeMap;
use std::sync::Arc;
use tempfile::TempDir;
use tokio::process::Command;
use tokio::sync::Mutex;
use tokio_postgres::config::SslMode;
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::{Client, Config, Connection, NoTls, Socket};
use tokio_postgres_rustls::MakeRustlsConnect;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// The superuser of every test's warehouse.
pub const USER: &str = "admin";
/// That user's password.
pub const PASSWORD: &str = "Superuser1";
/// The one database of a source, and of a warehouse by itself.
pub const DATABASE: &str = "dev";
/// The one database of a migration's target: it has another name, so that a text that names its own is not right by accident.
pub const TARGET_DATABASE: &str = "target_wh";
/// The name in the certificate.
pub const HOST: &str = "localhost";

type TlsStream = <MakeRustlsConnect as MakeTlsConnect<Socket>>::Stream;

/// What is particular to a warehouse, where that matters.
#[derive(Clone, Debug, Default)]
pub struct Identity {
    /// Its namespace's id; one of its own, if not given.
    pub namespace: Option<String>,
    /// The name of its database; [`DATABASE`], if not given.
    pub database: Option<String>,
    /// What its UNLOAD of no rows leaves.
    pub empty_unload: EmptyUnload,
}

impl Identity {
    /// Of a migration's target.
    pub fn of_target() -> Self {
        Self { database: Some(TARGET_DATABASE.to_owned()), ..Self::default() }
    }
}

/// The slices of every test's warehouse.
const SLICES: usize = 2;

/// A running warehouse and what a client needs to reach it.
#[derive(Debug)]
pub struct TestWarehouse {
    /// The warehouse itself.
    pub warehouse: Warehouse,
    /// Cluster or workgroup.
    pub kind: Kind,
    /// The name of its database.
    pub database: String,
    directory: TempDir,
}

impl TestWarehouse {
    /// What the jobs' own session logs in with.
    pub fn login(&self) -> Login {
        Login {
            warehouse: "source",
            host: HOST.to_owned(),
            port: self.warehouse.port(),
            database: self.database.clone(),
            user: USER.to_owned(),
            password: PASSWORD.to_owned().into(),
            ssl_mode: redshift::session::SslMode::Require,
            application_name: "bench".to_owned(),
        }
    }

    /// Connects to PostgreSQL behind it, past the proxy: for tests that look often, where a psql for each look would take the time.
    pub async fn backend(&self) -> Result<Client> {
        let mut config = Config::new();
        config.host_path(self.warehouse.backend_socket()).user("rdsdb").dbname(&self.database);
        let (client, connection) = config.connect(NoTls).await?;
        tokio::spawn(connection);
        Ok(client)
    }

    /// Starts a provisioned warehouse without S3.
    pub async fn start() -> Result<Self> {
        Self::start_with(Kind::Provisioned, None).await
    }

    /// Starts a warehouse of this kind, whose UNLOAD and COPY go to this endpoint with any role. The environment's
    /// `REDSHIFT_LOCAL_POSTGRES` says where PostgreSQL is.
    pub async fn start_with(kind: Kind, aws_endpoint: Option<String>) -> Result<Self> {
        Self::start_as(kind, aws_endpoint, None, local_names(), CURRENT_PATCH, Identity::default()).await
    }

    /// Starts a provisioned warehouse of this patch level.
    pub async fn start_at_patch(patch: u16) -> Result<Self> {
        Self::start_as(Kind::Provisioned, None, None, local_names(), patch, Identity::default()).await
    }

    /// The same as [`TestWarehouse::start_with`] for a warehouse that the endpoint knows by this identifier: it may use
    /// only the roles associated there.
    pub async fn start_deployed(kind: Kind, aws_endpoint: String, identifier: String) -> Result<Self> {
        Self::start_deployed_at(CURRENT_PATCH, kind, aws_endpoint, identifier, Identity::default()).await
    }

    /// The same at another patch level.
    pub async fn start_deployed_at(
        patch: u16,
        kind: Kind,
        aws_endpoint: String,
        identifier: String,
        identity: Identity,
    ) -> Result<Self> {
        Self::start_as(kind, Some(aws_endpoint), Some(identifier), local_names(), patch, identity).await
    }

    /// The same as [`TestWarehouse::start_with`] with a certificate for other host names.
    pub async fn start_certified(
        kind: Kind,
        aws_endpoint: Option<String>,
        names: Vec<String>,
    ) -> Result<Self> {
        Self::start_as(kind, aws_endpoint, None, names, CURRENT_PATCH, Identity::default()).await
    }

    async fn start_as(
        kind: Kind,
        aws_endpoint: Option<String>,
        identifier: Option<String>,
        names: Vec<String>,
        patch: u16,
        identity: Identity,
    ) -> Result<Self> {
        let postgres = std::env::var_os("REDSHIFT_LOCAL_POSTGRES")
            .context("REDSHIFT_LOCAL_POSTGRES is not set: run the tests through ./build.sh test")?;
        // PostgreSQL runs as another user under root and must be able to reach its directory.
        let directory = tempfile::Builder::new().permissions(Permissions::from_mode(0o755)).tempdir()?;
        let (certificate, key) = Authority::shared()?.certify(names, directory.path())?;
        let options = Options {
            kind,
            directory: directory.path().join("warehouse"),
            port: 0,
            postgres: postgres.into(),
            certificate,
            key,
            user: USER.to_owned(),
            password: PASSWORD.to_owned(),
            database: identity.database.unwrap_or_else(|| DATABASE.to_owned()),
            namespace: identity.namespace,
            aws_endpoint,
            identifier,
            slices: SLICES,
            empty_unload: identity.empty_unload,
            region: "eu-west-1".to_owned(),
            patch,
        };
        copy_data(&options).await?;
        let database = options.database.clone();
        Ok(Self { warehouse: Warehouse::start(options).await?, kind, database, directory })
    }

    /// A directory for the test's own files, gone with the warehouse.
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// How the superuser connects; change what the test is about.
    pub fn config(&self) -> Config {
        let mut config = Config::new();
        config
            .host(HOST)
            .port(self.warehouse.port())
            .user(USER)
            .password(PASSWORD)
            .dbname(&self.database)
            .ssl_mode(SslMode::Require);
        config
    }

    /// Connects as the superuser.
    pub async fn connect(&self) -> Result<Client> {
        self.connect_with(&self.config()).await
    }

    /// Connects with this configuration.
    pub async fn connect_with(&self, config: &Config) -> Result<Client> {
        connect(config).await
    }

    /// Stops the warehouse.
    pub async fn stop(self) -> Result<()> {
        self.warehouse.stop().await
    }
}

/// Connects with this configuration, and runs the connection.
pub async fn connect(config: &Config) -> Result<Client> {
    let (client, connection) = open(config).await?;
    tokio::spawn(connection);
    Ok(client)
}

/// A client and the connection that somebody must run for it. Trusts the tests' authority and nobody else.
pub async fn open(config: &Config) -> Result<(Client, Connection<Socket, TlsStream>)> {
    Ok(config.connect(tls()?).await?)
}

/// TLS of a client that trusts the tests' authority and nobody else.
pub fn tls() -> Result<MakeRustlsConnect> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(Authority::shared()?.file())?)?;
    let tls = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(tls))
}

/// Gives a warehouse that is about to start the data of a bare one: copying takes a tenth of making them.
async fn copy_data(options: &Options) -> Result<()> {
    // The data directories of bare warehouses, by what goes into them.
    static BARE: Mutex<BTreeMap<String, PathBuf>> = Mutex::const_new(BTreeMap::new());
    let name = format!("bare-{:?}-{}-{}", options.kind, options.patch, options.database).to_lowercase();
    let mut bare = BARE.lock().await;
    let kept = bare.get(&name).cloned().or_else(|| Some(shared_folder(&name)?.join("data")));
    let Some(data) = kept else {
        Warehouse::start(options.clone()).await?.stop().await?;
        let kept = fresh_folder(&name)?.join("data");
        copy(&options.directory.join("data"), &kept).await?;
        bare.insert(name, kept);
        return Ok(());
    };
    drop(bare);
    std::fs::create_dir(&options.directory)?;
    copy(&data, &options.directory.join("data")).await
}

async fn copy(from: &Path, to: &Path) -> Result<()> {
    let status = Command::new("cp").arg("--archive").args([from, to]).status().await?;
    ensure!(status.success(), "cannot copy {} to {}", from.display(), to.display());
    Ok(())
}

fn local_names() -> Vec<String> {
    vec![HOST.to_owned(), "127.0.0.1".to_owned()]
}
