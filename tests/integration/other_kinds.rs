//! Objects of kinds that are not moved are named, and a model stops the run. redshift-local cannot make them, so their lists are
//! written behind it.

use anyhow::{Result, ensure};
use migration_tests::migration::Migration;

const OTHERS: &str = "INSERT INTO redshift_catalog.rs_other_object (kind, place, name) VALUES \
    ('datashare', 'shop.orders', 'partners'), ('datashare', 'elsewhere.t', 'theirs'), \
    ('copy job', 'COPY shop.orders FROM ''s3://bucket/orders''', 'hourly'), \
    ('integration', current_database(), 'aurora'), ('integration', 'another', 'of another database'), \
    ('template', 'shop', 'csv_options'), ('template', 'elsewhere', 'theirs'), ('model', 'elsewhere', 'theirs')";

/// The objects of one list of the outcome.
fn objects(migration: &Migration, run: &str, list: &str) -> Result<Vec<String>> {
    let outcome = migration.ledger(&format!("runs/norrvik/{run}/schema.json"))?;
    let notes = outcome[list].as_array().into_iter().flatten();
    Ok(notes.filter_map(|note| note["object"].as_str().map(str::to_owned)).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn objects_of_other_kinds_are_named_and_a_model_stops_the_run() -> Result<()> {
    let migration = Migration::start().await?;
    let create = "CREATE SCHEMA shop; CREATE TABLE shop.orders (id INTEGER)";
    migration.psql(&migration.source, &["-c", create]).await?;
    migration.backend(&migration.source, &["-c", OTHERS]).await?;
    let schemas = ("--SCHEMAS", "shop");
    let listed = migration.run_job("migrate-schema", &[schemas, ("--RUN_ID", "listed")]).await?;
    ensure!(listed.status == Some(0), "{listed:?}");
    let named = ["copy job hourly", "datashare partners", "integration aurora", "template shop.csv_options"];
    assert_eq!(objects(&migration, "listed", "not_carried_over")?, named);

    let model =
        "INSERT INTO redshift_catalog.rs_other_object (kind, place, name) VALUES ('model', 'shop', 'churn')";
    migration.backend(&migration.source, &["-c", model]).await?;
    let blocked = migration.run_job("migrate-schema", &[schemas, ("--RUN_ID", "blocked")]).await?;
    ensure!(blocked.status == Some(1), "{blocked:?}");
    ensure!(blocked.last_line().contains("model shop.churn"), "{}", blocked.last_line());
    assert_eq!(objects(&migration, "blocked", "blockers")?, ["model shop.churn"]);
    assert_eq!(migration.ledger("runs/norrvik/blocked/schema.json")?["applied"], 0);
    migration.stop().await
}
