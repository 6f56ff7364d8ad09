//! Late-binding views over one another in redshift-local: a statement binds each once at most. The bindings are counted, not timed.

use anyhow::Result;
use migration_tests::answer::texts as rows;
use migration_tests::warehouse::TestWarehouse;
use tokio_postgres::Client;

const VIEWS: usize = 30;

/// How often each view has been bound, in the order of their numbers.
async fn bindings(backend: &Client) -> Result<Vec<i32>> {
    let sql = "SELECT l.bindings FROM redshift_catalog.rs_late_binding_view l JOIN pg_catalog.pg_class c ON c.oid = l.relation \
               ORDER BY c.relname";
    Ok(backend.query(sql, &[]).await?.iter().map(|row| row.get(0)).collect())
}

/// How often a statement binds each of the views.
async fn bound_by(client: &Client, backend: &Client, statement: &str) -> Result<Vec<i32>> {
    let before = bindings(backend).await?;
    client.simple_query(statement).await?;
    Ok(bindings(backend).await?.iter().zip(before).map(|(after, before)| after - before).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_binds_each_late_binding_view_once_at_most() -> Result<()> {
    let warehouse = TestWarehouse::start().await?;
    let (client, backend) = (warehouse.connect().await?, warehouse.backend().await?);
    client.simple_query("CREATE SCHEMA shop; CREATE TABLE shop.base (a INTEGER)").await?;
    // From the last to the first, each over all before it, so that none of them finds what it names when it is created, and the
    // order in which they were created is the worst for binding them.
    for n in (0..VIEWS).rev() {
        let below = (0..n).map(|k| format!("SELECT a FROM shop.v{k:02} WHERE FALSE"));
        let all: Vec<String> = std::iter::once("SELECT * FROM shop.base".to_owned()).chain(below).collect();
        let all = all.join(" UNION ALL ");
        let sql = format!("CREATE VIEW shop.v{n:02} AS {all} WITH NO SCHEMA BINDING");
        client.simple_query(&sql).await?;
    }
    assert_eq!(bound_by(&client, &backend, "CREATE SCHEMA elsewhere").await?, [0; VIEWS]);
    assert_eq!(bound_by(&client, &backend, "CREATE TABLE elsewhere.t (base_of INTEGER)").await?, [0; VIEWS]);
    let found =
        "SELECT count(*) FROM pg_get_late_binding_view_cols() cols(s name, v name, c name, t varchar, n int)";
    assert_eq!(rows(&client, found).await?, [[VIEWS.to_string()]]);
    assert_eq!(bound_by(&client, &backend, "ALTER TABLE shop.base RENAME COLUMN a TO b").await?, [1; VIEWS]);
    // Only the first reads whatever columns there are.
    assert_eq!(rows(&client, found).await?, [["1"]]);
    assert_eq!(bound_by(&client, &backend, "ALTER TABLE shop.base RENAME COLUMN b TO a").await?, [1; VIEWS]);
    assert_eq!(rows(&client, found).await?, [[VIEWS.to_string()]]);
    assert_eq!(bound_by(&client, &backend, "ALTER SCHEMA shop RENAME TO store").await?, [1; VIEWS]);
    assert_eq!(rows(&client, found).await?, [["0"]]);
    assert_eq!(bound_by(&client, &backend, "ALTER SCHEMA store RENAME TO shop").await?, [1; VIEWS]);
    assert_eq!(rows(&client, found).await?, [[VIEWS.to_string()]]);
    assert_eq!(bound_by(&client, &backend, "DROP TABLE shop.base").await?, [1; VIEWS]);
    assert_eq!(bound_by(&client, &backend, "CREATE TABLE shop.base (a INTEGER)").await?, [1; VIEWS]);
    assert_eq!(rows(&client, found).await?, [[VIEWS.to_string()]]);
    warehouse.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn late_binding_views_that_read_one_another_come_to_an_end() -> Result<()> {
    let warehouse = TestWarehouse::start().await?;
    let (client, backend) = (warehouse.connect().await?, warehouse.backend().await?);
    client
        .simple_query(
            "CREATE SCHEMA shop; CREATE VIEW shop.one AS SELECT a FROM shop.two WITH NO SCHEMA BINDING;
             CREATE VIEW shop.two AS SELECT a FROM shop.one, shop.base WITH NO SCHEMA BINDING",
        )
        .await?;
    assert_eq!(bound_by(&client, &backend, "CREATE TABLE shop.base (b INTEGER)").await?, [1, 1]);
    warehouse.stop().await
}
