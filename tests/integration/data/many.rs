//! Many tables a run: each has its own end, sessions and messages are few.

use super::{all, rows, shop};
use anyhow::{Context, Result, ensure};
use migration_tests::migration::{Migration, ended};
use redshift_local::{Fault, SessionCounts};
use serde_json::json;

/// The sessions of the data job with a warehouse.
fn sessions(all: Vec<SessionCounts>) -> Vec<SessionCounts> {
    all.into_iter().filter(|session| session.application_name.starts_with("migrate-data")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_move_together_and_one_that_fails_stops_none() -> Result<()> {
    let migration = shop().await?;
    let new = rows(&migration, &migration.source).await?;
    let narrow = "ALTER TABLE shop.lines RENAME COLUMN note TO other";
    migration.backend(&migration.target, &["-c", narrow]).await?;
    let list = [("--SCHEMAS", "shop"), ("--TABLE_NAME", "notes,gone,lines,empty"), ("--RUN_ID", "r")];
    let ended = migration.run_job("migrate-data", &list).await?;
    ensure!(ended.status == Some(0), "some arrived: {ended:?}");
    ensure!(
        ended.stdout.contains("2 of 4 tables failed; the first: there is no table \"gone\""),
        "{ended:?}"
    );
    ensure!(ended.stdout.contains("2 of 2 tables, 0 failed, 3 rows, "), "{ended:?}");
    let status = |table: &str| {
        let outcome = migration.ledger(&format!("runs/norrvik/r/tables/shop/{table}.json"))?;
        Ok::<_, anyhow::Error>((outcome["status"].clone(), outcome["error"]["message"].clone()))
    };
    assert_eq!(status("notes")?.0, "finished");
    assert_eq!(status("empty")?, (json!("finished"), json!(null)));
    assert_eq!(status("gone")?.0, "failed");
    let (failed, message) = status("lines")?;
    ensure!(failed == "failed" && message.to_string().contains("has no column note"), "{message}");

    // The same is a failure with --STRICT, and where nothing arrived at all.
    let strict = [list[0], list[1], ("--RUN_ID", "strict"), ("--STRICT", "true")];
    let ended = migration.run_job("migrate-data", &strict).await?;
    ensure!(ended.status == Some(1) && ended.last_line().starts_with("2 of 4 tables failed"), "{ended:?}");
    let nothing = [list[0], ("--TABLE_NAME", "gone,lines"), ("--RUN_ID", "nothing")];
    let ended = migration.run_job("migrate-data", &nothing).await?;
    ensure!(ended.status == Some(1) && ended.last_line().starts_with("2 of 2 tables failed"), "{ended:?}");

    let back = "ALTER TABLE shop.lines RENAME COLUMN other TO note";
    migration.backend(&migration.target, &["-c", back]).await?;
    let again = migration.run_job("migrate-data", &all("r", &[])).await?;
    ensure!(again.status == Some(0), "{again:?}");
    assert_eq!(rows(&migration, &migration.target).await?, new);
    assert_eq!(migration.keys("unload/")?, Vec::<String>::new());
    migration.stop().await
}

/// A tenant of many small tables, which the schema job lists and one run moves.
async fn small_tables(migration: &Migration, tables: usize) -> Result<()> {
    let client = migration.source.connect().await?;
    client.batch_execute("CREATE SCHEMA shop").await?;
    for table in 0..tables {
        let create = format!("CREATE TABLE shop.t{table} (id INTEGER, note VARCHAR(20))");
        client.batch_execute(&create).await?;
        client.batch_execute(&format!("INSERT INTO shop.t{table} VALUES ({table}, 'row')")).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_of_the_list_moves_with_few_messages_and_sessions() -> Result<()> {
    const TABLES: usize = 30;
    let migration = Migration::start().await?;
    small_tables(&migration, TABLES).await?;
    let schema = migration.run_job("migrate-schema", &[("--SCHEMAS", "shop"), ("--RUN_ID", "r")]).await?;
    ensure!(schema.status == Some(0), "{schema:?}");
    let items = migration.ledger("runs/norrvik/r/tables.json")?;
    let items = items.as_array().context("an array")?;
    ensure!(items.len() == 1 && items[0]["count"] == TABLES, "small tables share a run: {items:?}");
    let list = items[0]["tables"].as_str().context("a URI")?;

    let moved = [("--SCHEMAS", "shop"), ("--TABLES", list), ("--RUN_ID", "r"), ("--LOAD_THREADS", "3")];
    let ended = migration.run_job("migrate-data", &moved).await?;
    ensure!(ended.status == Some(0), "{ended:?}");
    ensure!(
        ended.stdout.contains(&format!("{TABLES} of {TABLES} tables, 0 failed, {TABLES} rows")),
        "{ended:?}"
    );
    let count = (0..TABLES).map(|table| format!("SELECT id FROM shop.t{table}")).collect::<Vec<_>>();
    let count = format!("SELECT count(DISTINCT id) FROM ({}) rows", count.join(" UNION ALL "));
    assert_eq!(migration.backend(&migration.target, &["-c", &count]).await?.trim(), TABLES.to_string());

    let tables = u64::try_from(TABLES)?;
    // Beyond those of the tables: who is logged in, the sessions there are, the catalog.
    let start = 4;
    for (warehouse, a_table) in [(&migration.source, 6), (&migration.target, 12)] {
        let sessions = sessions(warehouse.warehouse.sessions());
        ensure!(sessions.len() <= 3, "a session a thread: {sessions:?}");
        let messages: u64 = sessions.iter().map(|session| session.messages).sum();
        ensure!(messages <= 3 * start + tables * a_table, "{messages} messages for {TABLES} tables");
    }
    migration.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_is_full_costs_the_table_alone_and_none_of_its_rows() -> Result<()> {
    // redshift-local has no disk of its own: PostgreSQL behind it says for one table what it says of a full one.
    const FULL: &str = "CREATE FUNCTION public.disk_is_full() RETURNS trigger LANGUAGE plpgsql AS \
        $$ BEGIN RAISE EXCEPTION 'could not extend file: no space left on device' USING ERRCODE = '53100'; END $$; \
        CREATE TRIGGER disk_is_full BEFORE INSERT ON shop.lines EXECUTE FUNCTION public.disk_is_full()";
    let migration = shop().await?;
    let old = rows(&migration, &migration.target).await?;
    let new = rows(&migration, &migration.source).await?;
    migration.backend(&migration.target, &["-c", FULL]).await?;
    let ended = migration.run_job("migrate-data", &all("r", &[])).await?;
    ensure!(ended.status == Some(0) && ended.stdout.contains("1 of 3 tables failed"), "{ended:?}");
    let lines =
        |text: &str| text.lines().filter(|row| row.starts_with("lines")).collect::<Vec<_>>().join("\n");
    let arrived = rows(&migration, &migration.target).await?;
    assert_eq!(lines(&arrived), lines(&old));
    ensure!(new.lines().filter(|row| row.starts_with("notes")).all(|row| arrived.contains(row)), "{arrived}");
    let outcome = migration.ledger("runs/norrvik/r/tables/shop/lines.json")?;
    let message = outcome["error"]["message"].as_str().unwrap_or_default();
    ensure!(
        message.contains("loading shop.lines") && message.contains("its old rows are still there"),
        "{outcome}"
    );
    migration.backend(&migration.target, &["-c", "DROP TRIGGER disk_is_full ON shop.lines"]).await?;
    let again = migration.run_job("migrate-data", &all("r", &[])).await?;
    ensure!(again.status == Some(0), "{again:?}");
    assert_eq!(rows(&migration, &migration.target).await?, new);
    migration.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_cannot_be_assumed_is_named_and_costs_no_row() -> Result<()> {
    let migration = shop().await?;
    let old = rows(&migration, &migration.target).await?;
    // Somebody takes the role away once the job has found it in place.
    let (role, cluster) =
        (migration.deployed("iam_role").to_owned(), migration.deployed("cluster_identifier").to_owned());
    let (aws, named) = (migration.aws, role.clone());
    let take_away = move || {
        let words = [
            "redshift",
            "modify-cluster-iam-roles",
            "--cluster-identifier",
            &cluster,
            "--remove-iam-roles",
            &named,
        ];
        let look = ["redshift", "describe-clusters", "--cluster-identifier", &cluster];
        assert!(aws.json(words).is_ok(), "cannot take the role away");
        while aws.json(look).is_ok_and(|answer| answer.to_string().contains(&named)) {}
    };
    let faults = migration.source.warehouse.faults();
    let fault = Fault::latency(std::time::Duration::ZERO).matching(|sql| sql.starts_with("UNLOAD"));
    faults.set(fault.at(1).then(take_away));
    let one = [("--SCHEMAS", "shop"), ("--TABLE_NAME", "notes"), ("--RUN_ID", "r")];
    let ended = migration.run_job("migrate-data", &one).await?;
    ensure!(ended.status == Some(1) && faults.fired() == 1, "{ended:?}");
    let line = ended.last_line();
    ensure!(line.contains("unloading shop.notes") && line.contains(&role), "{line}");
    assert_eq!(rows(&migration, &migration.target).await?, old);
    migration.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_is_none_is_refused_before_anything_happens() -> Result<()> {
    let migration = shop().await?;
    let old = rows(&migration, &migration.target).await?;
    let gone = format!("{}/runs/norrvik/r/items/0001.json", migration.place);
    for (list, words) in
        [(&*gone, "there is no such document"), ("s3://elsewhere/x.json", "does not lie below")]
    {
        let ended = migration.run_job("migrate-data", &[("--SCHEMAS", "shop"), ("--TABLES", list)]).await?;
        ensure!(ended.status == Some(2) && ended.last_line().contains(words), "{ended:?}");
    }
    let both = [("--SCHEMAS", "shop"), ("--TABLES", &*gone), ("--TABLE_NAME", "notes")];
    let ended = migration.run_job("migrate-data", &both).await?;
    ensure!(ended.status == Some(2) && ended.last_line().contains("both given"), "{ended:?}");
    assert_eq!(rows(&migration, &migration.target).await?, old);
    migration.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_runs_at_once_keep_to_their_own_keys() -> Result<()> {
    let migration = shop().await?;
    let new = rows(&migration, &migration.source).await?;
    let runs: Vec<(String, String)> =
        (0..20).map(|number| (format!("tenant {}", number % 2), format!("run-{}", number / 2))).collect();
    let mut jobs = Vec::new();
    for (tenant, run) in &runs {
        // To either tenant the other's rows are a stranger's.
        let more = [
            ("--TENANT_NAME", tenant.as_str()),
            ("--KEEP_UNLOADED", "true"),
            ("--LOAD_THREADS", "1"),
            ("--REPLACE", "all"),
        ];
        let arguments = migration.arguments("migrate-data", &all(run, &more));
        jobs.push(ended(migration.start_job("migrate-data", &arguments)?));
    }
    for job in futures_util::future::join_all(jobs).await {
        let job = job?;
        ensure!(job.status == Some(0), "{job:?}");
    }
    assert_eq!(rows(&migration, &migration.target).await?, new);

    // A run wrote below its own prefix, and its manifests name files there alone.
    let keys = migration.keys("")?;
    let mut manifests = 0;
    for (tenant, run) in &runs {
        let own = format!("{}/{run}/", tenant.replace(' ', "!20"));
        let (outcomes, unloads) = (format!("runs/{own}tables/"), format!("unload/{own}"));
        let outcomes = keys.iter().filter(|key| key.starts_with(&outcomes)).count();
        assert_eq!(outcomes, 3, "{own}");
        for manifest in keys.iter().filter(|key| key.starts_with(&unloads) && key.ends_with("/manifest")) {
            let text = migration.ledger_text(manifest)?;
            let folder = manifest.trim_end_matches("manifest");
            let entries: serde_json::Value = serde_json::from_str(&text)?;
            for entry in entries["entries"].as_array().into_iter().flatten() {
                ensure!(
                    entry["url"].as_str().is_some_and(|url| url.contains(folder)),
                    "{manifest} names {entry}"
                );
            }
            manifests += 1;
        }
    }
    // One of the three tables has no rows, and so no manifest.
    assert_eq!(manifests, 2 * runs.len());
    migration.stop().await
}
