//! Two warehouses between which the jobs' own code moves tables, and the PostgreSQL behind each.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context, Result, ensure};
use futures_util::TryStreamExt;
use migration::catalog::{Catalog, Table};
use migration::name::{Identifier, QualifiedName};
use migration::outcome::{Rows, Standing};
use migration::statement::Unload;
use migration::transfer::{Format, Manifest, NullMarker};
use migration::verify::{Fingerprint, Verify};
use migration_tests::environment::fresh_name;
use migration_tests::object_store::{BUCKET, ObjectStore};
use migration_tests::warehouse::{DATABASE, HOST, PASSWORD, TestWarehouse, USER};
use redshift::copy_table::{CopyError, Load, OldRows, copy_table};
use redshift::read_catalog::read_catalog;
use redshift::session::{Login, PostgresSession, SslMode, connect};
use redshift::unload_table::{UnloadedRows, unload_table};
use redshift_local::Kind;
use tokio_postgres::{Client, Config, NoTls};

/// A role that a warehouse which the endpoint does not know may use.
pub const ROLE: &str = "arn:aws:iam::123456789012:role/copy";

/// The schema of the tables.
pub const SCHEMA: &str = "moved";

/// A warehouse with a session of the jobs' and a client that bypasses the proxy.
pub struct Side {
    pub warehouse: TestWarehouse,
    pub session: PostgresSession,
    pub behind: Client,
}

impl Side {
    async fn start(kind: Kind) -> Result<Self> {
        let store = ObjectStore::shared().await?;
        let warehouse = TestWarehouse::start_with(kind, Some(store.endpoint())).await?;
        let session = connect(&Login {
            warehouse: "tested",
            host: HOST.to_owned(),
            port: warehouse.warehouse.port(),
            database: DATABASE.to_owned(),
            user: USER.to_owned(),
            password: PASSWORD.to_owned().into(),
            // The authority of the tests is not the system's.
            ssl_mode: SslMode::Require,
            application_name: "matrix".to_owned(),
        })
        .await?;
        let mut config = Config::new();
        config.host_path(warehouse.warehouse.backend_socket()).user("rdsdb").dbname(DATABASE);
        let (behind, connection) = config.connect(NoTls).await?;
        tokio::spawn(connection);
        behind.batch_execute("SET standard_conforming_strings TO on").await?;
        warehouse.connect().await?.batch_execute(&format!("CREATE SCHEMA {SCHEMA}")).await?;
        Ok(Self { warehouse, session, behind })
    }

    /// Runs Redshift's SQL through the proxy.
    pub async fn run(&self, sql: &str) -> Result<()> {
        Ok(self.warehouse.connect().await?.batch_execute(sql).await?)
    }

    /// What a binary COPY of the backend's gives for a query: every bit of every value.
    pub async fn bits(&self, query: &str) -> Result<Vec<u8>> {
        let stream = self.behind.copy_out(&format!("COPY ({query}) TO STDOUT (FORMAT binary)")).await?;
        let chunks: Vec<_> = stream.try_collect().await?;
        Ok(chunks.concat())
    }

    /// What the jobs read of the warehouse.
    pub async fn catalog(&mut self) -> Result<Catalog> {
        Ok(read_catalog(&mut self.session, &[Identifier::new(SCHEMA)?].into()).await?)
    }
}

/// Rows that may always be replaced: whose they are is not what these tests are about.
struct Anybodys;

impl OldRows for Anybodys {
    async fn standing(&mut self, _: u64) -> Result<Standing, CopyError> {
        Ok(Standing::Ours)
    }

    async fn committing(&mut self, _: u64, _: Option<&Fingerprint>) -> Result<(), CopyError> {
        Ok(())
    }
}

/// Source and target.
pub struct Pair {
    pub source: Side,
    pub target: Side,
    pub store: &'static ObjectStore,
}

/// What was unloaded, until it is loaded.
pub struct Unloaded {
    pub format: Format,
    pub manifest: Manifest,
    /// The key of the folder, ending in a slash.
    pub folder: String,
    /// What the warehouse told of the rows.
    pub told: UnloadedRows,
}

impl Unloaded {
    /// The folder's URL.
    pub fn url(&self) -> String {
        format!("s3://{BUCKET}/{}", self.folder)
    }
}

/// The name of a table in the one schema.
pub fn name(table: &str) -> QualifiedName {
    let id = |name| Identifier::new(name).expect("a name");
    QualifiedName::new(id(SCHEMA), id(table))
}

impl Pair {
    pub async fn start(source: Kind, target: Kind) -> Result<Self> {
        let store = ObjectStore::shared().await?;
        Ok(Self { source: Side::start(source).await?, target: Side::start(target).await?, store })
    }

    /// Runs Redshift's SQL on both sides.
    pub async fn run(&self, sql: &str) -> Result<()> {
        self.source.run(sql).await?;
        self.target.run(sql).await
    }

    /// UNLOAD as the jobs do it, with every check of the manifest.
    pub async fn unload(
        &mut self,
        table: &QualifiedName,
        definition: &Table,
        parquet: bool,
    ) -> Result<Unloaded> {
        static ATTEMPTS: AtomicU32 = AtomicU32::new(0);
        let attempt = ATTEMPTS.fetch_add(1, Ordering::Relaxed);
        let marker = NullMarker::from_bits(u128::from(attempt) << 64 | 0x5f1e);
        let format = Format::choose(table, definition, marker, parquet)?;
        let folder = format!("pair/{}/", fresh_name()?);
        let url = format!("s3://{BUCKET}/{folder}");
        let unload = Unload {
            table,
            columns: &definition.columns,
            format: &format,
            prefix_url: &url,
            iam_role: ROLE,
            kms_key: None,
            region: None,
            max_file_size: None,
        };
        let told = unload_table(&mut self.source.session, &unload, Verify::Checksum).await?;
        let manifest = Manifest::parse(self.store.get(&format!("{folder}manifest")).await?.as_bytes(), &url)?;
        manifest.check_files(&self.sizes(&folder).await?)?;
        Ok(Unloaded { format, manifest, folder, told })
    }

    /// The URLs of what lies in a folder, with the bytes of each.
    pub async fn sizes(&self, folder: &str) -> Result<BTreeMap<String, u64>> {
        let sizes = self.store.sizes(folder).await?;
        Ok(sizes.into_iter().map(|(key, bytes)| (format!("s3://{BUCKET}/{key}"), bytes)).collect())
    }

    /// COPY as the jobs do it.
    pub async fn load(
        &mut self,
        table: &QualifiedName,
        definition: &Table,
        unloaded: &Unloaded,
    ) -> Result<Rows, CopyError> {
        let load = Load {
            table,
            columns: &definition.columns,
            format: &unloaded.format,
            manifest_url: &format!("{}manifest", unloaded.url()),
            iam_role: ROLE,
            region: None,
            unloaded: unloaded.told.rows,
            marked: Some(&unloaded.told.marked),
            verify: Verify::Checksum,
            fingerprint: unloaded.told.fingerprint.as_ref(),
        };
        copy_table(&mut self.target.session, &load, &mut Anybodys).await
    }

    /// Fails unless a query gives the same bits behind both proxies, and some.
    pub async fn equal(&self, query: &str) -> Result<()> {
        let (source, target) = (self.source.bits(query).await?, self.target.bits(query).await?);
        // A header and a trailer are 21 bytes.
        ensure!(source.len() > 21, "{query}: nothing to compare");
        ensure!(source == target, "{query}: the rows differ");
        Ok(())
    }

    /// A table's definition, as the jobs read it on the source.
    pub async fn definition(&mut self, table: &QualifiedName) -> Result<Table> {
        let catalog = self.source.catalog().await?;
        catalog.tables.get(table).cloned().with_context(|| format!("no table {}", table.plain()))
    }

    pub async fn stop(self) -> Result<()> {
        self.source.warehouse.stop().await?;
        self.target.warehouse.stop().await
    }
}
