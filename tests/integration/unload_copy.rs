//! UNLOAD and COPY of redshift-local, against an S3 server: what goes out comes back, in the caller's transaction, and
//! what cannot be loaded is told without its values.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result};
use migration_tests::object_store::{BUCKET, ObjectStore};
use migration_tests::warehouse::{DATABASE, TestWarehouse};
use redshift_local::{Fault, Kind, When};
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Config, NoTls, SimpleQueryMessage};

const ROLE: &str = "IAM_ROLE 'arn:aws:iam::123456789012:role/copy'";

/// Stands for NULL in the files.
const MARKER: &str = "NULL AS 'null-5f1e'";

/// Every type that a table may have.
const COLUMNS: &str =
    "id bigint IDENTITY(1, 1), small smallint, middle integer, exact numeric(18, 4), single real,
    float8 double precision, flag boolean, fixed char(5), text varchar(400), day date, moment timestamp,
    instant timestamptz, clock time, clock_zone timetz, document super, bytes varbyte(20)";

/// Values that break naive CSV.
const ROWS: &str = r#"
    INSERT INTO every_type
        (small, middle, exact, single, float8, flag, fixed, text, day, moment, instant, clock, clock_zone, document, bytes)
    VALUES
        (-32768, 2147483647, 99999999999999.9999, 0.25, 0.1, true, 'ab', '', '2024-02-29', '2024-02-29 23:59:59.123456',
         '2024-02-29 23:59:59+02', '23:59:59.5', '23:59:59+02', JSON_PARSE('{"a": [1, null, "x,y\\"z"], "b": {"c": {}}}'),
         FROM_HEX('00ff27')),
        (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, JSON_PARSE('null'), NULL),
        (0, 0, 0, 'NaN', 'Infinity', false, '', 'a "quoted", text
with lines\rand\ttabs, a \\ and an ''apostrophe'' and \\N', '0001-01-01', '9999-12-31', '1970-01-01', '00:00:00', '00:00:00+00',
         JSON_PARSE('"null-5f1e,"'), FROM_HEX('')),
        (1, 1, 1, 1, 1, true, 'x', ' äöü 日本語 🎉 ', NULL, NULL, NULL, NULL, NULL, JSON_PARSE('[]'), FROM_HEX('2c22'));
"#;

/// A warehouse with an S3 behind it and a session of the superuser's.
struct Stage {
    store: &'static ObjectStore,
    /// What the test's keys begin with.
    prefix: &'static str,
    warehouse: TestWarehouse,
    client: Client,
}

impl Stage {
    async fn set(prefix: &'static str) -> Result<Self> {
        let store = ObjectStore::shared().await?;
        let warehouse = TestWarehouse::start_with(Kind::Provisioned, Some(store.endpoint())).await?;
        let client = warehouse.connect().await?;
        Ok(Self { store, prefix, warehouse, client })
    }

    /// The URL of one of the test's keys.
    fn url(&self, key: &str) -> String {
        format!("s3://{BUCKET}/{}/{key}", self.prefix)
    }

    async fn put(&self, key: &str, text: &str) -> Result<()> {
        self.store.put(&format!("{}/{key}", self.prefix), text).await
    }

    async fn get(&self, key: &str) -> Result<String> {
        self.store.get(&format!("{}/{key}", self.prefix)).await
    }

    /// The test's keys, without what they all begin with.
    async fn keys(&self) -> Result<Vec<String>> {
        let prefix = format!("{}/", self.prefix);
        Ok(self.store.keys(&prefix).await?.iter().map(|key| key.replacen(&prefix, "", 1)).collect())
    }

    async fn unload(&self, query: &str, key: &str, options: &str) -> Result<(), tokio_postgres::Error> {
        let query = query.replace('\\', r"\\").replace('\'', "''");
        let sql =
            format!("UNLOAD ('{query}') TO '{}' {ROLE} FORMAT AS CSV {MARKER} {options}", self.url(key));
        self.client.batch_execute(&sql).await
    }

    async fn copy(&self, table: &str, key: &str, options: &str) -> Result<(), tokio_postgres::Error> {
        let sql = format!("COPY {table} FROM '{}' {ROLE} FORMAT AS CSV {MARKER} {options}", self.url(key));
        self.client.batch_execute(&sql).await
    }

    /// The first row of a query through the proxy.
    async fn row(&self, sql: &str) -> Result<Vec<Option<String>>> {
        first_row(&self.client, sql).await
    }

    /// The first row of a query that bypasses the proxy.
    async fn behind(&self, sql: &str) -> Result<Vec<Option<String>>> {
        let mut config = Config::new();
        config.host_path(self.warehouse.warehouse.backend_socket()).user("rdsdb").dbname(DATABASE);
        let (client, connection) = config.connect(NoTls).await?;
        tokio::spawn(connection);
        first_row(&client, sql).await
    }

    async fn rows_of(&self, table: &str) -> Result<String> {
        let row = self.behind(&format!("SELECT count(*) FROM public.{table}")).await?;
        row.into_iter().next().flatten().context("count(*) is never NULL")
    }
}

async fn first_row(client: &Client, sql: &str) -> Result<Vec<Option<String>>> {
    let messages = client.simple_query(sql).await?;
    let row = messages.iter().find_map(|message| match message {
        SimpleQueryMessage::Row(row) => Some(row),
        _ => None,
    });
    let row = row.with_context(|| format!("no rows: {sql}"))?;
    Ok((0..row.len()).map(|at| row.get(at).map(str::to_owned)).collect())
}

/// The message and the SQLSTATE of a refusal.
fn refusal(result: Result<(), tokio_postgres::Error>) -> Result<(String, SqlState)> {
    let error = result.err().context("the statement was not refused")?;
    let error = error.as_db_error().with_context(|| format!("not the server's error: {error}"))?;
    Ok((error.message().to_owned(), error.code().clone()))
}

#[tokio::test]
async fn a_table_of_every_type_comes_back_equal() -> Result<()> {
    let stage = Stage::set("types").await?;
    for table in ["every_type", "loaded"] {
        stage.client.batch_execute(&format!("CREATE TABLE {table} ({COLUMNS}) DISTSTYLE EVEN")).await?;
    }
    stage.client.batch_execute(ROWS).await?;
    // Redshift writes floats with 15 digits unless asked for all (r_UNLOAD, "Loss of floating-point precision").
    stage.client.batch_execute("SET extra_float_digits TO 2").await?;
    stage.unload("SELECT * FROM every_type", "t/", "GZIP MANIFEST VERBOSE").await?;
    stage.copy("loaded", "t/manifest", "GZIP MANIFEST EXPLICIT_IDS COMPUPDATE OFF STATUPDATE ON").await?;
    assert_eq!(stage.row("SELECT pg_last_copy_count()").await?, [Some("4".to_owned())]);
    let different = "SELECT count(*) FROM (
            (SELECT t::text FROM public.every_type t EXCEPT ALL SELECT t::text FROM public.loaded t)
            UNION ALL (SELECT t::text FROM public.loaded t EXCEPT ALL SELECT t::text FROM public.every_type t)
        ) AS d";
    assert_eq!(stage.behind(different).await?, [Some("0".to_owned())]);
    assert_eq!(stage.rows_of("loaded").await?, "4");
    stage.warehouse.stop().await
}

#[tokio::test]
async fn a_hundred_thousand_rows_come_back_and_the_manifest_counts_them() -> Result<()> {
    let stage = Stage::set("many").await?;
    stage
        .client
        .batch_execute(
            "CREATE TABLE source (id integer, text varchar(40)); CREATE TABLE loaded (LIKE source)",
        )
        .await?;
    stage
        .behind(
            "WITH made AS (INSERT INTO public.source
             SELECT n, CASE n % 4 WHEN 0 THEN NULL WHEN 1 THEN '' WHEN 2 THEN 'row \"' || n || E'\",\\n' ELSE 'é' || n END
             FROM generate_series(1, 100000) AS n RETURNING 1) SELECT count(*) FROM made",
        )
        .await?;
    stage.unload("SELECT * FROM source", "", "GZIP MANIFEST VERBOSE").await?;
    let keys = ["0000_part_00.gz", "0001_part_00.gz", "manifest"];
    assert_eq!(stage.keys().await?, keys);
    let manifest: serde_json::Value = serde_json::from_str(&stage.get("manifest").await?)?;
    assert_eq!(manifest["meta"]["record_count"], 100_000);
    assert_eq!(manifest["entries"][1]["url"], stage.url("0001_part_00.gz"));
    assert_eq!(manifest["schema"]["elements"][1]["type"]["max_length"], 40);
    stage.copy("loaded", "manifest", "GZIP MANIFEST").await?;
    let sums = |table: &str| {
        format!(
            "SELECT count(*), count(text), md5(string_agg(coalesce(text, 'NULL'), '|' ORDER BY id)) FROM public.{table}"
        )
    };
    let expected = stage.behind(&sums("source")).await?;
    assert_eq!(expected[..2], [Some("100000".to_owned()), Some("75000".to_owned())]);
    assert_eq!(stage.behind(&sums("loaded")).await?, expected);
    stage.warehouse.stop().await
}

#[tokio::test]
async fn a_load_that_is_rolled_back_leaves_nothing_and_an_unload_sees_its_own_transaction() -> Result<()> {
    let stage = Stage::set("rollback").await?;
    stage.client.batch_execute("CREATE TABLE t (a integer)").await?;
    stage.client.batch_execute("BEGIN").await?;
    stage.client.batch_execute("INSERT INTO t VALUES (1), (2)").await?;
    stage.unload("SELECT a FROM t", "own/", "MANIFEST").await?;
    stage.copy("t", "own/manifest", "MANIFEST").await?;
    assert_eq!(
        stage.row("SELECT count(*), pg_last_copy_count() FROM t").await?,
        [Some("4".to_owned()), Some("2".to_owned())]
    );
    assert_eq!(stage.rows_of("t").await?, "0");
    stage.client.batch_execute("ROLLBACK").await?;
    assert_eq!(stage.rows_of("t").await?, "0");
    stage.copy("t", "own/manifest", "MANIFEST").await?;
    assert_eq!(stage.rows_of("t").await?, "2");
    stage.warehouse.stop().await
}

#[tokio::test]
async fn a_row_that_does_not_fit_is_told_by_place_and_not_by_value() -> Result<()> {
    let stage = Stage::set("misfit").await?;
    stage.client.batch_execute("CREATE TABLE t (a integer, b varchar(3))").await?;
    stage.client.batch_execute("BEGIN").await?;
    stage.client.batch_execute("INSERT INTO t VALUES (7, 'old')").await?;
    stage.put("bad/1", "1,a\n").await?;
    stage.put("bad/2", "2,b\nsecret,c\n").await?;
    let (message, code) = refusal(stage.copy("t", "bad/", "").await)?;
    assert_eq!(
        message,
        "Load into table 't' failed.  Check 'sys_load_error_detail' system table for details."
    );
    assert_eq!(code, SqlState::INTERNAL_ERROR);
    // The transaction is aborted like by any other error.
    assert_eq!(refusal(stage.client.batch_execute("SELECT 1").await)?.1, SqlState::IN_FAILED_SQL_TRANSACTION);
    stage.client.batch_execute("ROLLBACK").await?;
    assert_eq!(stage.rows_of("t").await?, "0");
    let detail = "SELECT trim(file_name), line_number, trim(column_name), error_code, trim(error_message)
        FROM sys_load_error_detail ORDER BY query_id DESC LIMIT 1";
    let told = |file: &str, line: &str, column: &str, code: &str, message: &str| {
        [&stage.url(file), line, column, code, message].map(|text| Some(text.to_owned()))
    };
    assert_eq!(stage.row(detail).await?, told("bad/2", "2", "a", "1207", "Invalid digit"));
    // Lengths are in bytes.
    stage.put("long", "1,éé\n").await?;
    refusal(stage.copy("t", "long", "").await)?;
    assert_eq!(stage.row(detail).await?, told("long", "1", "b", "1204", "String length exceeds DDL length"));
    stage.put("narrow", "1,a\n2\n").await?;
    refusal(stage.copy("t", "narrow", "").await)?;
    assert_eq!(stage.row(detail).await?, told("narrow", "2", "", "1214", "Delimiter not found"));
    assert_eq!(stage.rows_of("t").await?, "0");
    stage.warehouse.stop().await
}

#[tokio::test]
async fn a_manifest_is_held_to_what_it_says() -> Result<()> {
    let stage = Stage::set("manifest").await?;
    stage.client.batch_execute("CREATE TABLE t (a integer)").await?;
    stage.put("f", "1\n").await?;
    let entry = |key: &str, rest: &str| format!(r#"{{"url": "{}"{rest}}}"#, stage.url(key));
    let manifest = |entries: &[String]| format!(r#"{{"entries": [{}]}}"#, entries.join(","));
    stage.put("optional", &manifest(&[entry("f", ""), entry("gone", "")])).await?;
    stage.copy("t", "optional", "MANIFEST").await?;
    assert_eq!(stage.rows_of("t").await?, "1");
    stage.put("mandatory", &manifest(&[entry("f", ""), entry("gone", r#", "mandatory": true"#)])).await?;
    let (message, _) = refusal(stage.copy("t", "mandatory", "MANIFEST").await)?;
    assert_eq!(
        message,
        format!("Problem reading manifest file - mandatory file {} does not exist", stage.url("gone"))
    );
    stage.put("size", &manifest(&[entry("f", r#", "meta": {"content_length": 3}"#)])).await?;
    let (message, _) = refusal(stage.copy("t", "size", "MANIFEST").await)?;
    assert_eq!(
        message,
        format!("Problem reading manifest file - file {} has 2 bytes instead of 3", stage.url("f"))
    );
    for key in ["gone", "f"] {
        assert!(
            refusal(stage.copy("t", key, "MANIFEST").await)?.0.starts_with("Problem reading manifest file")
        );
    }
    assert_eq!(stage.rows_of("t").await?, "1");
    stage.warehouse.stop().await
}

#[tokio::test]
async fn a_target_that_is_not_empty_is_refused_unless_told_otherwise() -> Result<()> {
    let stage = Stage::set("target").await?;
    stage.put("p/0000_part_00", "old").await?;
    stage.put("p/other", "old").await?;
    let (message, _) = refusal(stage.unload("SELECT 1", "p/", "").await)?;
    assert_eq!(message, "Specified unload destination on S3 is not empty");
    assert_eq!(stage.get("p/0000_part_00").await?, "old");
    stage.unload("SELECT 1", "p/", "ALLOWOVERWRITE").await?;
    assert_eq!(stage.get("p/0000_part_00").await?, "1\n");
    assert_eq!(stage.keys().await?, ["p/0000_part_00", "p/0001_part_00", "p/other"]);
    stage.unload("SELECT 2", "p/", "CLEANPATH PARALLEL OFF HEADER").await?;
    assert_eq!(stage.keys().await?, ["p/000"]);
    assert_eq!(stage.get("p/000").await?, "?column?\n2\n");
    stage.warehouse.stop().await
}

#[tokio::test]
async fn a_session_dropped_at_its_copy_leaves_nothing_and_its_messages_are_counted() -> Result<()> {
    for when in [When::BeforeForwarding, When::AfterForwarding] {
        let stage = Stage::set("fault").await?;
        stage.client.batch_execute("CREATE TABLE t (a integer)").await?;
        stage.put("f", "1\n2\n").await?;
        let ran = Arc::new(AtomicBool::new(false));
        let mark = Arc::clone(&ran);
        let fault = Fault::drop_connection(when).at(2).then(move || mark.store(true, Ordering::Relaxed));
        stage
            .warehouse
            .warehouse
            .faults()
            .set(fault.of_sessions(|session| session.application_name == "job"));
        let mut config = stage.warehouse.config();
        let job = stage.warehouse.connect_with(config.application_name("job")).await?;
        job.batch_execute("BEGIN").await?;
        // Not a message of the job's.
        stage.client.batch_execute("SELECT 1").await?;
        let copy = format!("COPY t FROM '{}' {ROLE} CSV", stage.url("f"));
        let error = job.batch_execute(&copy).await.unwrap_err();
        assert!(error.is_closed() || error.as_db_error().is_none(), "{error}");
        assert!(ran.load(Ordering::Relaxed) && stage.warehouse.warehouse.faults().fired() == 1);
        assert_eq!(stage.rows_of("t").await?, "0");
        let counts = stage.warehouse.warehouse.sessions();
        let job = counts
            .iter()
            .find(|session| session.application_name == "job")
            .context("the job has a session")?;
        assert_eq!((job.messages, job.commits), (2, 0));
        stage.warehouse.stop().await?;
    }
    Ok(())
}
