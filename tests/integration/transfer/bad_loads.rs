//! Loads that must not succeed: each says what is wrong, quotes no value, and leaves the old rows where they are.

use anyhow::{Context, Result, ensure};
use futures_util::future::LocalBoxFuture;
use migration::name::Identifier;
use migration::outcome::ErrorKind;
use migration::statement::act_as;
use redshift::copy_table::CopyError;
use redshift::session::{Batch, Session};
use redshift_local::{Fault, Kind};

use super::pair::{Pair, SCHEMA, Unloaded, name};

/// A value that must not be told.
const PLANTED: &str = "planted";

/// A pair whose table `t` holds one row on the source and another on the target, and what was unloaded of it.
fn staged(
    source: &'static str,
    target: &'static str,
    parquet: bool,
) -> LocalBoxFuture<'static, Result<(Pair, Unloaded)>> {
    Box::pin(stage(source, target, parquet))
}

async fn stage(source: &str, target: &str, parquet: bool) -> Result<(Pair, Unloaded)> {
    let mut pair = Pair::start(Kind::Provisioned, Kind::Serverless).await?;
    pair.source.run(&format!("CREATE TABLE {SCHEMA}.t ({source})")).await?;
    pair.source.run(&format!("INSERT INTO {SCHEMA}.t VALUES (1, '{PLANTED}'), (NULL, '{PLANTED}')")).await?;
    pair.target.run(&format!("CREATE TABLE {SCHEMA}.t ({target})")).await?;
    pair.target.run(&format!("INSERT INTO {SCHEMA}.t (id) VALUES (7)")).await?;
    let definition = pair.definition(&name("t")).await?;
    let unloaded = pair.unload(&name("t"), &definition, parquet).await?;
    Ok((pair, unloaded))
}

/// Loads, and gives what went wrong; the row of before must be there, and the session must be of use.
async fn refused(pair: &mut Pair, unloaded: &Unloaded) -> Result<CopyError> {
    let definition = pair.definition(&name("t")).await?;
    let error = pair.load(&name("t"), &definition, unloaded).await.err().context("it was loaded")?;
    ensure!(!error.to_string().contains(PLANTED), "a value got out: {error}");
    let rows = pair.target.bits(&format!("SELECT id::text FROM {SCHEMA}.t")).await?;
    let seven = pair.target.bits("SELECT '7'").await?;
    ensure!(rows == seven, "the old rows are gone: {error}");
    Ok(error)
}

const SOURCE: &str = "id INTEGER, note VARCHAR(10)";

#[tokio::test(flavor = "multi_thread")]
async fn a_value_that_does_not_fit_is_told_by_column_line_and_file() -> Result<()> {
    let (mut pair, unloaded) = staged(SOURCE, "id INTEGER NOT NULL, note VARCHAR(10)", false).await?;
    let error = refused(&mut pair, &unloaded).await?;
    let CopyError::Load(place) = &error else { anyhow::bail!("{error}") };
    assert_eq!((place.code, place.column.as_deref(), place.line), (1213, Some("id"), 1));
    assert!(place.file.starts_with(&unloaded.url()), "{place}");
    // A table that is refused for another reason afterwards is not told the place of this one.
    pair.store.remove(&format!("{}manifest", unloaded.folder)).await?;
    let error = refused(&mut pair, &unloaded).await?;
    assert!(error.to_string().contains("COPY was refused with SQLSTATE"), "{error}");
    pair.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_that_does_not_fit_in_parquet_is_told_by_its_code() -> Result<()> {
    let (mut pair, unloaded) = staged(SOURCE, "id INTEGER NOT NULL, note VARCHAR(10)", true).await?;
    let error = refused(&mut pair, &unloaded).await?;
    assert_eq!(error.to_string(), "COPY was refused with SQLSTATE XX000");
    pair.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn columns_that_differ_are_named_before_anything_is_deleted() -> Result<()> {
    for (target, message) in [
        ("id INTEGER", "the table on the target has no column note"),
        ("note VARCHAR(10), id BIGINT", "column id is bigint on the target and integer on the source"),
        (
            "id INTEGER, note VARCHAR(9)",
            "column note is character varying(9) on the target and character varying(10) on the source",
        ),
    ] {
        let (mut pair, unloaded) = staged(SOURCE, target, true).await?;
        let error = refused(&mut pair, &unloaded).await?;
        assert_eq!((error.to_string().as_str(), error.kind()), (message, ErrorKind::Unsupported));
        pair.stop().await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_are_gone_or_altered_are_found_out() -> Result<()> {
    let (mut pair, unloaded) = staged(SOURCE, SOURCE, false).await?;
    let file = unloaded.manifest.files[0].url.rsplit_once('/').context("a URL")?.1.to_owned();
    let key = format!("{}{file}", unloaded.folder);
    // By the list of what is there, before anything is sent.
    pair.store.put(&key, "1,altered\n").await?;
    let altered = unloaded.manifest.check_files(&pair.sizes(&unloaded.folder).await?);
    assert!(altered.unwrap_err().to_string().contains("10 bytes, and "));
    // By COPY, which holds a file to the size in the manifest.
    let error = refused(&mut pair, &unloaded).await?.to_string();
    assert!(error.contains("Problem reading manifest file"), "{error}");
    pair.store.remove(&key).await?;
    let gone = unloaded.manifest.check_files(&pair.sizes(&unloaded.folder).await?);
    assert!(gone.unwrap_err().to_string().ends_with("is in the manifest and no longer in S3"));
    // By the rows: COPY passes over a file that is gone.
    let error = refused(&mut pair, &unloaded).await?;
    assert!(matches!(error, CopyError::RowsDiffer { .. } | CopyError::Sql(_)), "{error}");
    pair.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn values_that_changed_on_the_way_are_found_by_the_checksum() -> Result<()> {
    let (mut pair, mut unloaded) = staged(SOURCE, SOURCE, false).await?;
    let fingerprint = unloaded.told.fingerprint.as_mut().context("a fingerprint")?;
    let (note, sum) = &mut fingerprint.columns[1];
    assert_eq!(note.as_str(), "note");
    sum.insert(0, '1');
    let error = refused(&mut pair, &unloaded).await?;
    assert_eq!(error.to_string(), "the checksums of both sides differ in column note");
    pair.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn values_that_changed_places_are_found_by_the_checksum() -> Result<()> {
    let (mut pair, _) = staged(SOURCE, SOURCE, false).await?;
    // What the rows came to before their values changed places; the columns' sums are the same either way.
    let exchange = format!("UPDATE {SCHEMA}.t SET note = CASE WHEN id = 1 THEN 'b' ELSE 'a' END");
    pair.source.run(&exchange).await?;
    let definition = pair.definition(&name("t")).await?;
    let before = pair.unload(&name("t"), &definition, false).await?.told.fingerprint;
    let exchange = format!("UPDATE {SCHEMA}.t SET note = CASE WHEN id = 1 THEN 'a' ELSE 'b' END");
    pair.source.run(&exchange).await?;
    let mut unloaded = pair.unload(&name("t"), &definition, false).await?;
    let (before, after) = (before.context("sums")?, unloaded.told.fingerprint.clone().context("sums")?);
    assert_eq!(before.columns, after.columns);
    unloaded.told.fingerprint = Some(before);
    let error = refused(&mut pair, &unloaded).await?;
    assert!(error.to_string().starts_with("the checksums of the rows differ"), "{error}");
    pair.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn values_that_lost_their_marker_are_found_by_their_number() -> Result<()> {
    let columns = "id INTEGER, note VARCHAR(10), bytes VARBYTE(20)";
    let mut pair = Pair::start(Kind::Provisioned, Kind::Serverless).await?;
    pair.run(&format!("CREATE TABLE {SCHEMA}.t ({columns})")).await?;
    pair.source.behind.batch_execute(&format!("INSERT INTO {SCHEMA}.t VALUES (1, '{PLANTED}', '')")).await?;
    pair.target.run(&format!("INSERT INTO {SCHEMA}.t (id) VALUES (7)")).await?;
    let definition = pair.definition(&name("t")).await?;
    let mut unloaded = pair.unload(&name("t"), &definition, false).await?;
    assert_eq!(unloaded.told.marked, [1]);
    unloaded.told.marked = vec![2];
    let error = refused(&mut pair, &unloaded).await?;
    assert_eq!(
        error.to_string(),
        "column bytes holds 1 values without bytes after the load, where 2 were unloaded"
    );
    pair.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_identity_that_would_make_values_again_is_refused() -> Result<()> {
    let target = "id BIGINT, note VARCHAR(10), i BIGINT IDENTITY(2, 1)";
    let (mut pair, unloaded) =
        staged("id BIGINT, note VARCHAR(10), i BIGINT IDENTITY(1, 1)", target, true).await?;
    let error = refused(&mut pair, &unloaded).await?;
    let told = "the identity column i holds 2, and the target's table counts from 2: it would make values that it has";
    assert_eq!(error.to_string(), told);
    pair.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_identity_that_would_make_values_again_is_refused() -> Result<()> {
    let columns = "id BIGINT, note VARCHAR(10), i BIGINT IDENTITY, d BIGINT GENERATED BY DEFAULT AS IDENTITY";
    let target = "id BIGINT, note VARCHAR(10), i BIGINT IDENTITY(3, 1), d BIGINT GENERATED BY DEFAULT AS IDENTITY(2, 1)";
    let (mut pair, unloaded) = staged(columns, target, false).await?;
    let error = refused(&mut pair, &unloaded).await?;
    let told = "the identity column d holds 2, and the target's table counts from 2: it would make values that it has";
    assert_eq!(error.to_string(), told);
    pair.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_is_gone_or_closed_and_a_bucket_that_is_gone_are_told() -> Result<()> {
    let (mut pair, mut unloaded) = staged(SOURCE, SOURCE, false).await?;
    let folder = std::mem::replace(&mut unloaded.folder, "pair/gone/".to_owned());
    let error = refused(&mut pair, &unloaded).await?;
    assert!(error.to_string().contains("Problem reading manifest file"), "{error}");
    unloaded.folder = folder;
    pair.target.run(&format!("DROP TABLE {SCHEMA}.t")).await?;
    let definition = pair.definition(&name("t")).await?;
    let error = pair.load(&name("t"), &definition, &unloaded).await.err().context("it was loaded")?;
    assert_eq!(error.kind(), ErrorKind::NotFound, "{error}");
    // The session goes on.
    pair.target.run(&format!("CREATE TABLE {SCHEMA}.t ({SOURCE})")).await?;
    pair.load(&name("t"), &definition, &unloaded).await?;
    pair.equal(&format!("SELECT * FROM {SCHEMA}.t ORDER BY id")).await?;
    pair.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_is_too_wide_is_told_by_its_file() -> Result<()> {
    // Three values whose hexadecimal digits have more than 4 MB together (r_COPY).
    let columns = "id INTEGER, a VARBYTE(1000000), b VARBYTE(1000000), c VARBYTE(1000000)";
    let mut pair = Pair::start(Kind::Provisioned, Kind::Serverless).await?;
    pair.run(&format!("CREATE TABLE {SCHEMA}.t ({columns})")).await?;
    pair.target.run(&format!("INSERT INTO {SCHEMA}.t (id) VALUES (7)")).await?;
    let wide = "decode(repeat('ab', 1000000), 'hex')::redshift_catalog.varbyte";
    let fill = format!("INSERT INTO {SCHEMA}.t VALUES (1, {wide}, {wide}, {wide})");
    pair.source.behind.batch_execute(&fill).await?;
    let definition = pair.definition(&name("t")).await?;
    let unloaded = pair.unload(&name("t"), &definition, true).await?;
    let error = refused(&mut pair, &unloaded).await?;
    let CopyError::Load(place) = &error else { anyhow::bail!("{error}") };
    assert_eq!((place.code, place.line), (1216, 1), "{error}");
    pair.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_s3_that_fails_is_told() -> Result<()> {
    for parquet in [true, false] {
        let (mut pair, unloaded) = staged(SOURCE, SOURCE, parquet).await?;
        pair.target.warehouse.warehouse.faults().set(Fault::failing_s3());
        let error = refused(&mut pair, &unloaded).await?.to_string();
        assert!(error.contains("S3ServiceException:") && error.contains("SlowDown"), "{error}");
        pair.target.warehouse.warehouse.faults().clear();
        pair.stop().await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_read_a_table_does_not_unload_it() -> Result<()> {
    let (mut pair, _) = staged(SOURCE, SOURCE, true).await?;
    let definition = pair.definition(&name("t")).await?;
    pair.source.run("CREATE USER ann PASSWORD DISABLE").await?;
    let (ann, schema) = (Identifier::new("ann")?, Identifier::new(SCHEMA)?);
    pair.source.session.run(&Batch::of(act_as(&ann, &schema))).await?;
    let refused = pair.unload(&name("t"), &definition, true).await.err().context("it was unloaded")?;
    assert!(
        refused.to_string().starts_with("UNLOAD was refused with SQLSTATE 42501: permission denied"),
        "{refused}"
    );
    pair.stop().await
}
