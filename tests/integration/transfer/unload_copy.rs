//! What goes out comes back, in the caller's transaction, in the files that UNLOAD's options ask for.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result};
use redshift_local::{Fault, When};

use super::stage::{ROLE, Stage, refusal};

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

/// `copy-parameters-data-load`, COMPUPDATE.
#[tokio::test]
async fn a_load_into_an_empty_table_chooses_its_encodings_unless_told_not_to() -> Result<()> {
    let stage = Stage::set("compupdate").await?;
    stage.put("f", "1,x,1\n").await?;
    let (given, raw) = (["bytedict", "zstd", "none"], ["none", "none", "none"]);
    let chosen = ["none", "lzo", "az64"];
    for (table, before, options, after) in [
        ("off", raw, "COMPUPDATE OFF", raw),
        ("preset", given, "COMPUPDATE PRESET", chosen),
        ("on_given", given, "COMPUPDATE ON", chosen),
        ("omitted", raw, "", chosen),
        ("omitted_given", given, "", given),
    ] {
        let [a, b, c] = before.map(|encoding| encoding.replace("none", "raw"));
        let columns = format!("a integer ENCODE {a}, b varchar(3) ENCODE {b}, c integer ENCODE {c}");
        stage.client.batch_execute(&format!("CREATE TABLE t_{table} ({columns}) SORTKEY (a)")).await?;
        let encodings = format!(
            "SELECT max(CASE \"column\" WHEN 'a' THEN encoding END), max(CASE \"column\" WHEN 'b' THEN encoding END),
             max(CASE \"column\" WHEN 'c' THEN encoding END) FROM pg_table_def WHERE tablename = 't_{table}'"
        );
        let expected = |encodings: [&str; 3]| encodings.map(|encoding| Some(encoding.to_owned()));
        assert_eq!(stage.row(&encodings).await?, expected(before), "{table}");
        stage.copy(&format!("t_{table}"), "f", options).await?;
        assert_eq!(stage.row(&encodings).await?, expected(after), "{table}");
        // A table with rows keeps them.
        stage.copy(&format!("t_{table}"), "f", "COMPUPDATE ON").await?;
        assert_eq!(stage.row(&encodings).await?, expected(after), "{table}");
    }
    stage.warehouse.stop().await
}
