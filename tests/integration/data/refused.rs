//! An UNLOAD that is refused for a value says which columns may hold it.

use super::shared_shop;
use anyhow::{Result, ensure};

#[tokio::test(flavor = "multi_thread")]
async fn a_moment_that_parquet_has_no_room_for_is_told_with_its_columns_and_the_format() -> Result<()> {
    let migration = shared_shop().await?;
    for warehouse in [&migration.source, &migration.target] {
        let create = "CREATE TABLE shop.far (id INTEGER, at TIMESTAMP, day DATE, until TIMESTAMP)";
        migration.psql(warehouse, &["-c", create]).await?;
    }
    let insert = "INSERT INTO shop.far VALUES (7, '2020-01-01', '2020-01-01', '294250-06-05 04:03:02')";
    migration.psql(&migration.source, &["-c", insert]).await?;
    let one = [("--SCHEMAS", "shop"), ("--TABLE_NAME", "far"), ("--RUN_ID", "far")];
    let ended = migration.run_job("migrate-data", &one).await?;
    ensure!(ended.status == Some(1), "{ended:?}");
    let error = &migration.ledger("runs/norrvik/far/tables/shop/far.json")?["error"];
    let (message, remedy) = (error["message"].to_string(), error["remedy"].to_string());
    ensure!(message.contains("Parquet") && message.ends_with("column at, column until\""), "{message}");
    ensure!(remedy.contains("294247-01-10"), "{remedy}");
    ensure!(!format!("{ended:?}{error}").contains("294250"), "a value got out: {ended:?}");
    migration.stop().await
}
