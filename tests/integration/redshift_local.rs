//! What the other tests rely on in redshift-local: that it is strict, and that a message is one transaction.

use crate::queries::tell;
use anyhow::Result;
use migration_tests::answer::texts as rows;
use migration_tests::warehouse::TestWarehouse;
use redshift_local::Kind;
use redshift_local::reference::columns;
use std::collections::{BTreeMap, BTreeSet};
use tokio_postgres::config::SslMode;
use tokio_postgres::{Client, Error, NoTls};

/// SQLSTATE and message of the error that this must give.
async fn refusal(client: &Client, sql: &str) -> (String, String) {
    let error = client.simple_query(sql).await.expect_err(sql);
    let error = error.as_db_error().expect("an error of the server's");
    (error.code().code().to_owned(), error.message().to_owned())
}

/// SQLSTATE and message of the refusal of a login.
fn login_refusal(result: Result<Client>) -> (String, String) {
    let error = result.expect_err("a refusal").downcast::<Error>().expect("an error of the driver's");
    let error = error.as_db_error().expect("an error of the server's");
    (error.code().code().to_owned(), error.message().to_owned())
}

async fn count(client: &Client, relation: &str) -> Result<String, Error> {
    Ok(rows(client, &format!("SELECT count(*) FROM pg_class WHERE relname = '{relation}'")).await?[0][0]
        .clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_tables_in_one_message_keep_their_own_attributes() -> Result<()> {
    let warehouse = TestWarehouse::start().await?;
    let client = warehouse.connect().await?;
    let styles =
        [("DISTSTYLE EVEN", "0"), ("DISTKEY (a)", "1"), ("DISTSTYLE ALL", "8"), ("DISTSTYLE AUTO", "9")];
    let message: Vec<String> = (0..100)
        .map(|n| {
            let style = styles[n % styles.len()].0;
            let sort_key = if n % 3 == 0 { "COMPOUND SORTKEY (b, a)" } else { "SORTKEY AUTO" };
            format!("CREATE TABLE t{n:03} (a INT ENCODE zstd, b VARCHAR({})) {style} {sort_key};", n + 1)
        })
        .collect();
    client.simple_query(&message.concat()).await?;
    let found = rows(
        &client,
        "SELECT c.relname, c.reldiststyle, a.attsortkeyord, b.attsortkeyord, format_encoding(a.attencodingtype::integer), \
         format_type(b.atttypid, b.atttypmod) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'a' \
         JOIN pg_attribute b ON b.attrelid = c.oid AND b.attname = 'b' WHERE c.relname LIKE 't%' AND c.relkind = 'r' \
         AND c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = 'public') ORDER BY 1",
    )
    .await?;
    assert_eq!(found.len(), 100);
    for (n, row) in found.iter().enumerate() {
        let (a, b) = if n % 3 == 0 { ("2", "1") } else { ("0", "0") };
        let length = format!("character varying({})", n + 1);
        assert_eq!(*row, [&format!("t{n:03}"), styles[n % styles.len()].1, a, b, "zstd", &length]);
    }
    warehouse.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_without_tls_is_refused() -> Result<()> {
    let warehouse = TestWarehouse::start().await?;
    let mut config = warehouse.config();
    let error = config.ssl_mode(SslMode::Disable).connect(NoTls).await.err().expect("a refusal");
    let error = error.as_db_error().expect("an error of the server's");
    assert_eq!(error.code().code(), "28000");
    assert!(error.message().ends_with("SSL off"), "{}", error.message());
    warehouse.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_right_password_opens_a_session() -> Result<()> {
    let warehouse = TestWarehouse::start().await?;
    let client = warehouse.connect().await?;
    client.simple_query("CREATE USER ann PASSWORD 'Password1'; CREATE USER ben PASSWORD DISABLE").await?;

    let mut config = warehouse.config();
    let ann = warehouse.connect_with(config.user("ann").password("Password1")).await?;
    assert_eq!(rows(&ann, "SELECT current_user").await?, [["ann"]]);
    let wrong =
        |user: &str| ("28P01".to_owned(), format!("password authentication failed for user \"{user}\""));
    assert_eq!(login_refusal(warehouse.connect_with(config.password("Password2")).await), wrong("ann"));
    assert_eq!(login_refusal(warehouse.connect_with(config.user("ben")).await), wrong("ben"));
    assert_eq!(login_refusal(warehouse.connect_with(config.user("nobody")).await), wrong("nobody"));
    assert_eq!(login_refusal(warehouse.connect_with(config.user("rdsdb")).await), wrong("rdsdb"));

    let mut config = warehouse.config();
    let (sqlstate, message) = login_refusal(warehouse.connect_with(config.dbname("nowhere")).await);
    assert_eq!((sqlstate.as_str(), message.as_str()), ("3D000", "database \"nowhere\" does not exist"));
    warehouse.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_redshift_does_not_know_is_refused() -> Result<()> {
    let warehouse = TestWarehouse::start().await?;
    let client = warehouse.connect().await?;
    client.simple_query("CREATE TABLE t (a INT)").await?;
    for sql in [
        "CREATE INDEX i ON t (a)",
        "CREATE SEQUENCE s",
        "DO $$ BEGIN END $$",
        "SAVEPOINT s",
        "COPY t FROM STDIN",
        "CREATE TABLE u (a JSONB)",
        "CREATE TABLE u (a SERIAL)",
        "INSERT INTO t VALUES (1) RETURNING a",
        "SELECT string_agg(a::text, ',') FROM t",
        "SELECT * FROM redshift_catalog.rs_table",
        "ALTER TABLE t ALTER INTERLEAVED SORTKEY (a)",
        "SET work_mem TO '1GB'",
        "FROBNICATE t",
    ] {
        let (sqlstate, message) = refusal(&client, sql).await;
        assert!(
            ["0A000", "42601", "42704", "42883", "3F000"].contains(&sqlstate.as_str()),
            "{sql}: {sqlstate} {message}"
        );
    }
    // r_CREATE_TABLE_NEW: 1,600 columns; amazon-redshift-limits: 16 MB.
    let columns: Vec<String> = (0..=1600).map(|n| format!("c{n} INT")).collect();
    assert_eq!(refusal(&client, &format!("CREATE TABLE wide ({})", columns.join(", "))).await.0, "54011");
    let long = format!("SELECT '{}'", "x".repeat(16 * 1024 * 1024));
    assert_eq!(refusal(&client, &long).await.0, "54000");
    let (_, message) = refusal(&client, &format!("CREATE TABLE {} (a INT)", "n".repeat(64))).await;
    assert!(message.ends_with("is longer than 63 bytes"), "{message}");
    warehouse.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_one_transaction() -> Result<()> {
    let warehouse = TestWarehouse::start().await?;
    let client = warehouse.connect().await?;
    let (sqlstate, _) =
        refusal(&client, "CREATE TABLE a (x INT); SELECT 1 / 0; CREATE TABLE b (x INT)").await;
    assert_eq!(sqlstate, "22012");
    assert_eq!((count(&client, "a").await?, count(&client, "b").await?), ("0".into(), "0".into()));

    // An error that PostgreSQL never sees rolls back as well, and aborts a transaction that the client began.
    refusal(&client, "CREATE TABLE a (x INT); CREATE INDEX i ON a (x)").await;
    assert_eq!(count(&client, "a").await?, "0");
    client.simple_query("BEGIN; CREATE TABLE a (x INT)").await?;
    refusal(&client, "CREATE INDEX i ON a (x)").await;
    assert_eq!(refusal(&client, "SELECT 1").await.0, "25P02");
    client.simple_query("ROLLBACK").await?;

    // COMMIT inside a message ends what came before it; what follows is a transaction of its own.
    refusal(&client, "CREATE TABLE a (x INT); COMMIT; CREATE TABLE b (x INT); SELECT 1 / 0").await;
    assert_eq!((count(&client, "a").await?, count(&client, "b").await?), ("1".into(), "0".into()));
    warehouse.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn truncate_commits_and_vacuum_stands_alone() -> Result<()> {
    let warehouse = TestWarehouse::start().await?;
    let client = warehouse.connect().await?;
    client.simple_query("CREATE TABLE t (a INT); INSERT INTO t VALUES (1)").await?;
    client.simple_query("BEGIN; INSERT INTO t VALUES (2); TRUNCATE t; INSERT INTO t VALUES (3)").await?;
    client.simple_query("ROLLBACK").await?;
    assert_eq!(rows(&client, "SELECT a FROM t").await?, [["3"]]);
    assert_eq!(refusal(&client, "VACUUM t; SELECT 1").await.0, "25001");
    client.simple_query("VACUUM t").await?;
    warehouse.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_are_declared_and_not_enforced() -> Result<()> {
    let warehouse = TestWarehouse::start().await?;
    let client = warehouse.connect().await?;
    client
        .simple_query(
            "CREATE TABLE parent (id INT PRIMARY KEY, code INT UNIQUE);
             CREATE TABLE child (p INT NOT NULL REFERENCES parent, c INT NOT NULL, CONSTRAINT f FOREIGN KEY (c) REFERENCES parent (code));
             ALTER TABLE child ADD CONSTRAINT k PRIMARY KEY (p, c);
             INSERT INTO parent VALUES (1, 1), (1, 1); INSERT INTO child VALUES (7, 7), (7, 7)",
        )
        .await?;
    client.simple_query("TRUNCATE parent").await?;
    client.simple_query("INSERT INTO parent VALUES (1, 1), (1, 1)").await?;
    assert_eq!(rows(&client, "SELECT count(*) FROM parent WHERE id = 1").await?, [["2"]]);
    assert_eq!(
        rows(&client, "SELECT conname, contype, conkey, confkey FROM pg_constraint ORDER BY conname").await?,
        [
            ["child_p_fkey", "f", "{1}", "{1}"],
            ["f", "f", "{2}", "{2}"],
            ["k", "p", "{1,2}", "NULL"],
            ["parent_code_key", "u", "{2}", "NULL"],
            ["parent_pkey", "p", "{1}", "NULL"],
        ]
    );
    warehouse.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn identity_columns_count_from_their_seed_and_take_no_value() -> Result<()> {
    let warehouse = TestWarehouse::start().await?;
    let client = warehouse.connect().await?;
    client
        .simple_query(
            "CREATE TABLE t (a BIGINT IDENTITY(5, -3), b INT GENERATED BY DEFAULT AS IDENTITY(1, 2), c INT);
             INSERT INTO t (c) VALUES (1); INSERT INTO t (b, c) VALUES (100, 2)",
        )
        .await?;
    assert_eq!(rows(&client, "SELECT a, b FROM t ORDER BY c").await?, [["5", "1"], ["2", "100"]]);
    assert_eq!(
        refusal(&client, "INSERT INTO t (a) VALUES (1)").await.1,
        "cannot set an identity column to a value"
    );
    let defaults = rows(&client, "SELECT adrelid, adsrc FROM pg_attrdef ORDER BY adnum").await?;
    assert_eq!(defaults[0][1], format!("\"identity\"({}, 0, '5,-3'::text)", defaults[0][0]));
    assert_eq!(defaults[1][1], format!("default_identity({}, 1, '1,2'::text)", defaults[1][0]));
    warehouse.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn names_are_folded_unless_the_session_is_case_sensitive() -> Result<()> {
    let warehouse = TestWarehouse::start().await?;
    let client = warehouse.connect().await?;
    client.simple_query("CREATE TABLE \"Folded\" (a INT)").await?;
    assert_eq!(count(&client, "folded").await?, "1");
    let in_one_message = "SET enable_case_sensitive_identifier TO true; CREATE TABLE \"Kept\" (a INT)";
    assert_eq!(refusal(&client, in_one_message).await.0, "0A000");
    client.simple_query("SET enable_case_sensitive_identifier TO true").await?;
    client.simple_query("CREATE TABLE \"Kept\" (a INT)").await?;
    assert_eq!(count(&client, "Kept").await?, "1");
    client.simple_query("BEGIN; SET enable_case_sensitive_identifier TO off; ROLLBACK").await?;
    client.simple_query("SELECT a FROM \"Kept\"").await?;
    client.simple_query("RESET enable_case_sensitive_identifier").await?;
    assert_eq!(refusal(&client, "SELECT a FROM \"Kept\"").await.0, "42P01");
    warehouse.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn prepared_statements_are_translated_too() -> Result<()> {
    let warehouse = TestWarehouse::start().await?;
    let client = warehouse.connect().await?;
    client.execute("CREATE TABLE t (a INT SORTKEY) DISTSTYLE ALL", &[]).await?;
    assert_eq!(client.execute("INSERT INTO t VALUES ($1), ($2)", &[&1_i32, &2_i32]).await?, 2);
    let row = client.query_one("SELECT nvl(max(a), $1) FROM t", &[&0_i32]).await?;
    assert_eq!(row.get::<_, i32>(0), 2);
    assert_eq!(rows(&client, "SELECT reldiststyle FROM pg_class WHERE relname = 't'").await?, [["8"]]);
    let error = client.execute("CREATE INDEX i ON t (a)", &[]).await.expect_err("a refusal");
    assert_eq!(error.as_db_error().expect("an error of the server's").code().code(), "0A000");
    warehouse.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn serverless_has_no_stv_relations() -> Result<()> {
    let warehouse = TestWarehouse::start_with(Kind::Serverless, None).await?;
    let client = warehouse.connect().await?;
    assert_eq!(refusal(&client, "SELECT * FROM stv_sessions").await.0, "42P01");
    assert_eq!(rows(&client, "SELECT count(*) FROM pg_stat_activity").await?, [["1"]]);
    warehouse.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn relations_have_the_columns_that_redshift_has() -> Result<()> {
    for kind in [Kind::Provisioned, Kind::Serverless] {
        let warehouse = TestWarehouse::start_with(kind, None).await?;
        let backend = warehouse.backend().await?;
        let query = "SELECT CASE n.nspname WHEN 'redshift_catalog' THEN '' ELSE n.nspname || '.' END || c.relname, a.attname, \
             EXISTS (SELECT 1 FROM pg_catalog.pg_class o WHERE o.relname = c.relname AND o.relnamespace = 'pg_catalog'::regnamespace \
                 AND c.reloptions IS NOT NULL) OR n.nspname = 'information_schema' \
             FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
             JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 \
             WHERE n.nspname IN ('redshift_catalog', 'information_schema') AND c.relkind IN ('r', 'v') AND c.relname !~ '^rs_'";
        let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut of_postgresql = BTreeSet::new();
        for row in rows(&backend, query).await? {
            let [relation, column, from_postgresql] = &row[..] else { unreachable!("three columns") };
            found.entry(relation.clone()).or_default().insert(column.clone());
            if from_postgresql == "t" {
                of_postgresql.insert(relation.clone());
            }
        }
        let mut listed: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for column in columns() {
            listed.entry(column.relation).or_default().insert(column.name);
        }
        let (mut more, mut fewer) = (Vec::new(), Vec::new());
        for (relation, columns) in &found {
            // Of the views of the information schema that are not listed none can be read.
            let Some(listed) = listed.get(relation.as_str()) else {
                assert!(relation.starts_with("information_schema."), "columns.tsv lacks {relation}");
                continue;
            };
            if listed.contains("*") {
                continue;
            }
            more.extend(
                columns.iter().filter(|c| !listed.contains(c.as_str())).map(|c| format!("{relation}.{c}")),
            );
            let missing =
                listed.iter().filter(|c| !columns.contains(**c) && !of_postgresql.contains(relation));
            fewer.extend(missing.map(|c| format!("{relation}.{c}")));
        }
        assert!(more.is_empty() && fewer.is_empty(), "{kind:?}: Redshift has not {more:?}; it has {fewer:?}");
        assert!(found.len() > 120, "{} relations", found.len());
        // Nothing else of PostgreSQL's can be read (reference/relations.tsv), so every relation stands for one that is compared.
        tell(&format!(
            "reference: {} relations of redshift-local have the columns that Redshift has",
            found.len()
        ));
        warehouse.stop().await?;
    }
    Ok(())
}
