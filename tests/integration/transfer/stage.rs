//! What the tests of UNLOAD and COPY stand on.

use anyhow::{Context, Result, ensure};
use migration_tests::answer;
use migration_tests::object_store::{BUCKET, ObjectStore};
use migration_tests::warehouse::{DATABASE, TestWarehouse};
use redshift_local::Kind;
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Config, NoTls};

/// A role that a warehouse which the endpoint does not know may use.
pub const ROLE: &str = "IAM_ROLE 'arn:aws:iam::123456789012:role/copy'";

/// Stands for NULL in the files.
const MARKER: &str = "NULL AS 'null-5f1e'";

/// A warehouse with an S3 behind it and a session of the superuser's.
pub struct Stage {
    pub store: &'static ObjectStore,
    /// What the test's keys begin with.
    prefix: &'static str,
    pub warehouse: TestWarehouse,
    pub client: Client,
}

impl Stage {
    pub async fn set(prefix: &'static str) -> Result<Self> {
        let store = ObjectStore::shared().await?;
        let warehouse = TestWarehouse::start_with(Kind::Provisioned, Some(store.endpoint())).await?;
        let client = warehouse.connect().await?;
        Ok(Self { store, prefix, warehouse, client })
    }

    /// The URL of one of the test's keys.
    pub fn url(&self, key: &str) -> String {
        format!("s3://{BUCKET}/{}/{key}", self.prefix)
    }

    /// What the test's keys begin with, in front of a key.
    pub fn key(&self, key: &str) -> String {
        format!("{}/{key}", self.prefix)
    }

    pub async fn put(&self, key: &str, text: &str) -> Result<()> {
        self.store.put(&format!("{}/{key}", self.prefix), text).await
    }

    pub async fn get(&self, key: &str) -> Result<String> {
        self.store.get(&format!("{}/{key}", self.prefix)).await
    }

    /// The test's keys, without what they all begin with.
    pub async fn keys(&self) -> Result<Vec<String>> {
        let prefix = format!("{}/", self.prefix);
        Ok(self.store.keys(&prefix).await?.iter().map(|key| key.replacen(&prefix, "", 1)).collect())
    }

    /// UNLOAD in CSV, unless the options begin with PARQUET.
    pub async fn unload(&self, query: &str, key: &str, options: &str) -> Result<(), tokio_postgres::Error> {
        let query = query.replace('\\', r"\\").replace('\'', "''");
        let (url, format) = (self.url(key), format_of(options));
        self.client.batch_execute(&format!("UNLOAD ('{query}') TO '{url}' {ROLE} {format} {options}")).await
    }

    /// COPY of CSV, unless the options begin with PARQUET.
    pub async fn copy(&self, table: &str, key: &str, options: &str) -> Result<(), tokio_postgres::Error> {
        let (url, format) = (self.url(key), format_of(options));
        self.client.batch_execute(&format!("COPY {table} FROM '{url}' {ROLE} {format} {options}")).await
    }

    /// How many rows are in one of two tables and not in the other, value by value.
    pub async fn differences(&self, one: &str, other: &str) -> Result<String> {
        let sql = format!(
            "SELECT count(*) FROM ((SELECT t::text FROM public.{one} t EXCEPT ALL SELECT t::text FROM public.{other} t)
             UNION ALL (SELECT t::text FROM public.{other} t EXCEPT ALL SELECT t::text FROM public.{one} t)) AS d"
        );
        self.behind(&sql).await?.into_iter().next().flatten().context("count(*) is never NULL")
    }

    /// The first row of a query through the proxy.
    pub async fn row(&self, sql: &str) -> Result<Vec<Option<String>>> {
        answer::row(&self.client, sql).await
    }

    /// The first row of a query that bypasses the proxy.
    pub async fn behind(&self, sql: &str) -> Result<Vec<Option<String>>> {
        let mut config = Config::new();
        config.host_path(self.warehouse.warehouse.backend_socket()).user("rdsdb").dbname(DATABASE);
        let (client, connection) = config.connect(NoTls).await?;
        tokio::spawn(connection);
        // Every bit of a float shows.
        client.batch_execute("SET extra_float_digits TO 3").await?;
        answer::row(&client, sql).await
    }

    pub async fn rows_of(&self, table: &str) -> Result<String> {
        let row = self.behind(&format!("SELECT count(*) FROM public.{table}")).await?;
        row.into_iter().next().flatten().context("count(*) is never NULL")
    }
}

fn format_of(options: &str) -> String {
    if options.starts_with("PARQUET") { "FORMAT AS".to_owned() } else { format!("FORMAT AS CSV {MARKER}") }
}

/// The message and the SQLSTATE of a refusal.
pub fn refusal(result: Result<(), tokio_postgres::Error>) -> Result<(String, SqlState)> {
    let error = result.err().context("the statement was not refused")?;
    let error = error.as_db_error().with_context(|| format!("not the server's error: {error}"))?;
    Ok((error.message().to_owned(), error.code().clone()))
}

/// The DETAIL of a refusal by Redshift Spectrum, whose message says nothing of the cause.
pub fn spectrum_detail(result: Result<(), tokio_postgres::Error>) -> Result<String> {
    let error = result.err().context("the statement was not refused")?;
    let error = error.as_db_error().with_context(|| format!("not the server's error: {error}"))?;
    ensure!(error.message() == "Spectrum Scan Error", "{}", error.message());
    Ok(error.detail().context("a DETAIL")?.to_owned())
}
