//! What transfers leave behind for those who ask later: load errors, histories, and what a session remembers.

use anyhow::Result;
use migration_tests::answer::texts;
use tokio_postgres::Client;
use tokio_postgres::error::SqlState;

use super::stage::{Stage, refusal};

/// The rows, each with a blank between its columns.
async fn rows(client: &Client, sql: &str) -> Result<Vec<String>> {
    Ok(texts(client, sql).await?.iter().map(|row| row.join(" ")).collect())
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
    // A row in quotes has several lines, whoever finds the fault.
    stage.put("narrow", "1,\"\n\n\"\n2\n").await?;
    refusal(stage.copy("t", "narrow", "").await)?;
    assert_eq!(stage.row(detail).await?, told("narrow", "4", "", "1214", "Delimiter not found"));
    stage.put("lines", "a,b\n1,\"\n\n\"\nx,\"\n\"\n").await?;
    refusal(stage.copy("t", "lines", "IGNOREHEADER 1").await)?;
    assert_eq!(stage.row(detail).await?, told("lines", "5", "a", "1207", "Invalid digit"));
    assert_eq!(stage.rows_of("t").await?, "0");
    stage.warehouse.stop().await
}

#[tokio::test]
async fn a_session_remembers_its_last_load_whatever_becomes_of_the_transaction() -> Result<()> {
    let stage = Stage::set("remembered").await?;
    stage.client.batch_execute("CREATE TABLE t (a integer)").await?;
    let remembered =
        "SELECT pg_last_copy_id() > 0, pg_last_copy_count(), pg_last_query_id() = pg_last_copy_id()";
    let told = |count: &str| ["t", count, "t"].map(|text| Some(text.to_owned()));
    assert_eq!(stage.row("SELECT pg_last_copy_id()").await?, [Some("-1".to_owned())]);
    stage.put("good", "1\n2\n").await?;
    stage.put("bad", "x\n").await?;
    stage.client.batch_execute("BEGIN").await?;
    // The transaction's snapshot is older than the load.
    stage.row("SELECT count(*) FROM t").await?;
    stage.copy("t", "good", "").await?;
    assert_eq!(stage.row(remembered).await?, told("2"));
    stage.client.batch_execute("ROLLBACK").await?;
    assert_eq!(stage.row(remembered).await?, told("2"));
    let before = stage.row("SELECT pg_last_copy_id()").await?;
    // PG_LAST_COPY_COUNT: 0 if the last COPY failed during loading. It is not updated by one that fails before that.
    refusal(stage.copy("t", "bad", "").await)?;
    assert_eq!(stage.row(remembered).await?, told("0"));
    let failed = stage.row("SELECT pg_last_copy_id()").await?;
    assert_ne!(failed, before);
    refusal(stage.copy("t", "gone", "").await)?;
    assert_eq!(stage.row("SELECT pg_last_copy_id()").await?, failed);
    stage.unload("SELECT 1", "u/", "").await?;
    assert_eq!(
        stage.row("SELECT pg_last_unload_count(), pg_last_query_id() = pg_last_unload_id()").await?,
        ["1", "t"].map(|text| Some(text.to_owned()))
    );
    // Another session remembers nothing of it.
    let other = stage.warehouse.connect().await?;
    let row = other.query_one("SELECT pg_last_copy_id()", &[]).await?;
    assert_eq!(row.get::<_, i32>(0), -1);
    stage.warehouse.stop().await
}

#[tokio::test]
async fn histories_tell_every_transfer_to_its_user_and_to_superusers() -> Result<()> {
    let stage = Stage::set("history").await?;
    stage.client.batch_execute("CREATE USER ann PASSWORD 'Password1'; CREATE TABLE t (a integer)").await?;
    stage.unload("SELECT a FROM t", "u/", "GZIP").await?;
    stage.put("good", "1\n2\n").await?;
    stage.put("bad", "x\n").await?;
    stage.copy("t", "good", "").await?;
    refusal(stage.copy("t", "bad", "").await)?;
    stage.unload("SELECT a FROM t", "p/", "PARQUET").await?;
    refusal(stage.unload("SELECT 1 / (a - a) FROM t", "z/", "").await)?;
    let loads = "SELECT status, table_name, file_format, loaded_rows, source_file_count, source_file_bytes, error_count
        FROM sys_load_history ORDER BY query_id";
    assert_eq!(rows(&stage.client, loads).await?, ["completed t csv 2 1 4 0", "aborted t csv 0 1 2 1"]);
    let unloads =
        "SELECT status, file_format, compression_type, unloaded_rows, unloaded_files_count, error_message
        FROM sys_unload_history ORDER BY query_id";
    assert_eq!(
        rows(&stage.client, unloads).await?,
        ["completed csv gzip 0 0 NULL", "completed parquet  2 2 NULL", "aborted csv  0 0 division by zero"]
    );
    let files = "SELECT count(*), sum(line_count) FROM stl_unload_log WHERE path LIKE '%part%'";
    assert_eq!(rows(&stage.client, files).await?, ["2 2"]);
    let mut config = stage.warehouse.config();
    let ann = stage.warehouse.connect_with(config.user("ann").password("Password1")).await?;
    for view in ["sys_load_history", "sys_unload_history", "sys_load_error_detail", "stl_unload_log"] {
        assert_eq!(rows(&ann, &format!("SELECT count(*) FROM {view}")).await?, ["0"], "{view}");
    }
    stage.warehouse.stop().await
}
