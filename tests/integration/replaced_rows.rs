//! Rows of the target that no run of the tenant loaded are never replaced unasked, and every row that is replaced is told.

use anyhow::{Context, Result, ensure};
use migration_tests::migration::{Ended, Migration, ended};
use migration_tests::scenario::Direction;
use redshift_local::{Fault, When};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

/// A tenant with two tables: one with three rows, one with none.
async fn shop() -> Result<Migration> {
    let migration = Migration::start_in(Direction::ProvisionedToServerless).await?;
    let tenant = "CREATE SCHEMA shop; CREATE TABLE shop.orders (id INTEGER, note VARCHAR(20)); \
                  CREATE TABLE shop.\"empty\" (id INTEGER); INSERT INTO shop.orders VALUES (1, 'a'), (2, 'b'), (3, 'c')";
    migration.load_text(tenant).await?;
    Ok(migration)
}

async fn run(migration: &Migration, job: &str, run_id: &str, more: &[(&str, &str)]) -> Result<Ended> {
    let mut arguments = vec![("--SCHEMAS", "shop"), ("--RUN_ID", run_id)];
    if job == "migrate-data" {
        arguments.push(("--TABLE_NAME", "shop.orders,shop.empty"));
    }
    arguments.extend(more);
    ended(migration.start_job(job, &migration.arguments(job, &arguments))?).await
}

/// The tenant arrives, in this run.
async fn migrate(migration: &Migration, run_id: &str, more: &[(&str, &str)]) -> Result<()> {
    for (job, more) in [("migrate-schema", &[][..]), ("migrate-data", more), ("refresh-views", &[])] {
        let ended = run(migration, job, run_id, more).await?;
        ensure!(ended.status == Some(0), "{job}: {ended:?}");
    }
    Ok(())
}

/// All rows of a table of the target, past the proxy.
async fn rows(migration: &Migration, table: &str) -> Result<String> {
    let query = format!("SELECT * FROM shop.{table} ORDER BY 1");
    migration.backend(&migration.target, &["-c", &query]).await
}

async fn write(migration: &Migration, sql: &str) -> Result<()> {
    migration.psql(&migration.target, &["-c", sql]).await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_no_run_loaded_stop_the_plan_and_stay() -> Result<()> {
    let migration = shop().await?;
    let theirs = "CREATE SCHEMA shop; CREATE TABLE shop.orders (id INTEGER, note VARCHAR(20)); CREATE TABLE shop.\"empty\" \
                  (id INTEGER); INSERT INTO shop.orders VALUES (7, 'x'), (8, 'y'); INSERT INTO shop.\"empty\" VALUES (9)";
    migration.psql(&migration.target, &["-c", theirs]).await?;
    let before = (rows(&migration, "orders").await?, rows(&migration, "empty").await?);

    // The plan is blocked before its first change, and says what is at stake.
    let refused = run(&migration, "migrate-schema", "r", &[]).await?;
    ensure!(refused.status == Some(1), "{refused:?}");
    let line = refused.last_line();
    let ids = [migration.source.warehouse.namespace(), migration.target.warehouse.namespace()];
    for word in ["nothing was changed", "2 blockers", "localhost/dev", ids[0], ids[1], "--REPLACE"] {
        ensure!(line.contains(word), "no {word} in {line}");
    }
    ensure!(refused.stdout.contains("holds 2 rows; no run of this tenant loaded the table"), "{refused:?}");
    let planned = run(&migration, "migrate-schema", "dry", &[("--DRY_RUN", "true")]).await?;
    ensure!(planned.status == Some(0), "to find a blocker is what a dry run is for: {planned:?}");
    assert_eq!(migration.ledger("runs/norrvik/dry/schema.json")?["status"], "blocked");

    // A data job that is started by hand refuses, too, before it unloads; a source without rows empties nothing.
    migration.associate_role().await?;
    let refused = run(&migration, "migrate-data", "by-hand", &[]).await?;
    ensure!(refused.status == Some(1), "{refused:?}");
    for table in ["orders", "empty"] {
        let outcome = migration.ledger(&format!("runs/norrvik/by-hand/tables/shop/{table}.json"))?;
        assert_eq!((&outcome["status"], &outcome["error"]["kind"]), (&json!("failed"), &json!("protected")));
        assert_eq!(outcome["rows"]["unloaded"], json!(null), "it was unloaded for nothing");
    }
    assert_eq!((rows(&migration, "orders").await?, rows(&migration, "empty").await?), before);

    // What is named may go, and nothing else; a name that is none changes nothing.
    for wrong in ["shop.order", "gone.orders"] {
        for job in ["migrate-schema", "migrate-data"] {
            let ended = run(&migration, job, "wrong", &[("--REPLACE", wrong)]).await?;
            ensure!(
                ended.status == Some(2) && ended.last_line().contains("--REPLACE names"),
                "{job}: {ended:?}"
            );
        }
    }
    let some = run(&migration, "migrate-data", "some", &[("--REPLACE", "shop.orders")]).await?;
    ensure!(some.status == Some(0), "{some:?}");
    ensure!(some.stdout.contains("shop.orders: 3 rows loaded, 2 replaced"), "{some:?}");
    assert_eq!(rows(&migration, "orders").await?.lines().count(), 3);
    assert_eq!(rows(&migration, "empty").await?, before.1);
    let all = run(&migration, "migrate-data", "all", &[("--REPLACE", "all")]).await?;
    ensure!(all.status == Some(0), "{all:?}");
    assert_eq!(rows(&migration, "empty").await?, "");
    migration.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_tenants_newest_load_left_is_replaced_and_nothing_else() -> Result<()> {
    let migration = shop().await?;
    migrate(&migration, "first", &[("--VERIFY", "checksum")]).await?;
    migration.psql(&migration.source, &["-c", "INSERT INTO shop.orders VALUES (4, 'd')"]).await?;
    migrate(&migration, "second", &[("--VERIFY", "checksum")]).await?;
    assert_eq!(rows(&migration, "orders").await?.lines().count(), 4);

    // Another value: told apart where values are compared, and there alone.
    write(&migration, "UPDATE shop.orders SET note = 'mine' WHERE id = 2").await?;
    let refused = run(&migration, "migrate-data", "third", &[("--VERIFY", "checksum")]).await?;
    let outcome = migration.ledger("runs/norrvik/third/tables/shop/orders.json")?;
    let message = outcome["error"]["message"].as_str().unwrap_or_default();
    ensure!(
        outcome["error"]["kind"] == "protected" && message.contains("nothing proves"),
        "{refused:?} {outcome}"
    );
    ensure!(rows(&migration, "orders").await?.contains("mine"), "the value is gone");
    let counted = run(&migration, "migrate-data", "fourth", &[]).await?;
    ensure!(counted.status == Some(0), "{counted:?}");

    // One row more, or one row less.
    for change in
        ["INSERT INTO shop.orders VALUES (9, 'theirs')", "DELETE FROM shop.orders WHERE id IN (1, 9)"]
    {
        write(&migration, change).await?;
        let before = rows(&migration, "orders").await?;
        let refused = run(&migration, "migrate-data", "fifth", &[("--STRICT", "true")]).await?;
        ensure!(
            refused.status == Some(1) && refused.last_line().contains("newest load left 4"),
            "{refused:?}"
        );
        assert_eq!(rows(&migration, "orders").await?, before);
    }
    // The same at a place that knows nothing of these runs.
    let elsewhere = format!("{}/elsewhere", migration.place);
    let other = [("--S3_BUCKET", elsewhere.as_str()), ("--NEW_WAREHOUSE", "true")];
    let before = rows(&migration, "orders").await?;
    let refused = run(&migration, "migrate-schema", "sixth", &other).await?;
    ensure!(
        refused.status == Some(1) && refused.last_line().contains("no run of this tenant loaded"),
        "{refused:?}"
    );
    assert_eq!(rows(&migration, "orders").await?, before);
    migration.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_tells_every_step_and_every_row() -> Result<()> {
    let migration = shop().await?;
    migration
        .load_text("CREATE MATERIALIZED VIEW shop.totals AS SELECT COUNT(*) AS n FROM shop.orders")
        .await?;
    let plan = async |run_id: &str| {
        let ended = run(&migration, "migrate-schema", run_id, &[("--DRY_RUN", "true")]).await?;
        ensure!(ended.status == Some(0), "{ended:?}");
        let uri = format!("{}/runs/norrvik/{run_id}/plan.sql", migration.place);
        ensure!(ended.stdout.contains(&uri), "the log does not say where the plan is: {ended:?}");
        let outcome = migration.ledger(&format!("runs/norrvik/{run_id}/schema.json"))?;
        let plan = migration.ledger(&format!("runs/norrvik/{run_id}/plan.json"))?;
        let report = ended_report(&migration, run_id).await?;
        Ok((outcome, plan, report))
    };
    let steps = |plan: &serde_json::Value, stage: &str| {
        plan["steps"].as_array().into_iter().flatten().filter(|step| step["stage"] == stage).count() as u64
    };
    let sum = |phases: &serde_json::Value| {
        phases
            .as_object()
            .into_iter()
            .flat_map(|phases| phases.values())
            .filter_map(serde_json::Value::as_u64)
            .sum::<u64>()
    };
    let (outcome, before, report) = plan("before").await?;
    let roles = before["associations"].as_array().context("associations")?.len() as u64;
    let (now, after) = (steps(&before, "before_data") + roles, steps(&before, "after_data"));
    ensure!(now > 2 && after > 0, "{before}");
    assert_eq!((sum(&outcome["planned_by_phase"]), sum(&outcome["planned_after_data"])), (now, after));
    assert_eq!(report["planned"], json!({"now": now, "after_data": after}));
    assert_eq!(outcome["to_replace"], json!([]));

    migrate(&migration, "r", &[]).await?;
    let (outcome, nothing, report) = plan("after").await?;
    assert_eq!((steps(&nothing, "before_data"), steps(&nothing, "after_data")), (0, 0));
    assert_eq!(report["planned"], json!({"now": 0, "after_data": 0}));
    assert_eq!(outcome["to_replace"], json!([{"schema": "shop", "table": "orders", "rows": 3}]));
    assert_eq!(report["replaced"], json!({"tables": 1, "rows": 3}));
    ensure!(
        report["summary"].as_str().is_some_and(|text| text.contains("3 rows of 1 table are to be replaced")),
        "{report}"
    );
    let script = migration.ledger_text("runs/norrvik/after/plan.sql")?;
    ensure!(script.contains("-- the load replaces 3 rows of table \"shop\".\"orders\""), "{script}");

    migrate(&migration, "again", &[]).await?;
    let report = ended_report(&migration, "again").await?;
    ensure!(
        report["summary"].as_str().is_some_and(|text| text.ends_with("; 3 rows of 1 table replaced")),
        "{report}"
    );
    migration.stop().await
}

/// The verdict of a run.
async fn ended_report(migration: &Migration, run_id: &str) -> Result<serde_json::Value> {
    let arguments: Vec<String> =
        ["TENANT_NAME=norrvik", &format!("S3_BUCKET={}", migration.place), "AWS_REGION=eu-west-1"]
            .iter()
            .map(|argument| format!("--{argument}"))
            .chain([format!("--RUN_ID={run_id}")])
            .collect();
    let ended = ended(migration.start_job("collect-report", &arguments)?).await?;
    ensure!(ended.status == Some(0), "{ended:?}");
    migration.ledger(&format!("runs/norrvik/{run_id}/run.json"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_writer_on_the_target_loses_no_row() -> Result<()> {
    let migration = Arc::new(shop().await?);
    migrate(&migration, "first", &[]).await?;
    let (over, written) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU32::new(0)));
    let writer = {
        let (over, written) = (Arc::clone(&over), Arc::clone(&written));
        let client = migration.target.connect().await?;
        tokio::spawn(async move {
            while !over.load(Ordering::Relaxed) {
                let number = written.load(Ordering::Relaxed) + 1;
                let insert = format!("INSERT INTO shop.orders VALUES ({}, 'theirs')", 1_000 + number);
                // A conflict with a load is one of Redshift's own, and the row is not there then.
                if client.batch_execute(&insert).await.is_ok() {
                    written.store(number, Ordering::Relaxed);
                }
                tokio::time::sleep(std::time::Duration::from_millis(40)).await;
            }
        })
    };
    for number in 0..6 {
        let ended = run(&migration, "migrate-data", &format!("w{number}"), &[]).await?;
        ensure!(matches!(ended.status, Some(0 | 1)), "{ended:?}");
    }
    over.store(true, Ordering::Relaxed);
    writer.await?;
    let theirs = "SELECT count(*) FROM shop.orders WHERE note = 'theirs'";
    let left = migration.backend(&migration.target, &["-c", theirs]).await?;
    assert_eq!(left.trim(), written.load(Ordering::Relaxed).to_string(), "rows are lost");
    ensure!(written.load(Ordering::Relaxed) > 3, "the writer hardly wrote");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn two_runs_at_once_and_a_writer_on_the_source_end_with_the_sources_rows() -> Result<()> {
    let migration = shop().await?;
    migrate(&migration, "first", &[]).await?;
    for round in 0..3 {
        let jobs = [format!("a{round}"), format!("b{round}")].map(|run_id| {
            let arguments =
                [("--SCHEMAS", "shop"), ("--TABLE_NAME", "orders"), ("--RUN_ID", run_id.as_str())];
            migration.start_job("migrate-data", &migration.arguments("migrate-data", &arguments)).map(ended)
        });
        let [one, two] = jobs;
        let insert = format!("INSERT INTO shop.orders VALUES ({round}, 'new')");
        let words = ["-c", insert.as_str()];
        let source = migration.psql(&migration.source, &words);
        let (one, two, written) = tokio::join!(one?, two?, source);
        written?;
        for ended in [one?, two?] {
            ensure!(ended.status == Some(0), "{ended:?}");
        }
    }
    let last =
        run(&migration, "migrate-data", "last", &[("--VERIFY", "checksum"), ("--REPLACE", "orders")]).await?;
    ensure!(last.status == Some(0), "{last:?}");
    let all = "SELECT * FROM shop.orders ORDER BY 1, 2";
    let source = migration.backend(&migration.source, &["-c", all]).await?;
    assert_eq!(migration.backend(&migration.target, &["-c", all]).await?, source);
    assert_eq!(source.lines().count(), 6);
    migration.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_the_environment_does_not_list_is_associated_with_nothing() -> Result<()> {
    let migration = Migration::start().await?;
    migration.load_text("CREATE SCHEMA shop; CREATE TABLE shop.orders (id INTEGER)").await?;
    let listed = migration.deployed("iam_role").to_owned();
    let mistyped = format!("{listed}x");
    for (given, allowed) in [(&mistyped, &listed), (&listed, &mistyped)] {
        let more = [("--IAM_ROLE", given.as_str()), ("--ALLOWED_IAM_ROLES", allowed.as_str())];
        let refused = run(&migration, "migrate-schema", "r", &more).await?;
        ensure!(refused.status == Some(1) && refused.last_line().contains(given.as_str()), "{refused:?}");
        ensure!(refused.last_line().contains("nothing was changed"), "{refused:?}");
    }
    let cluster = migration.deployed("cluster_identifier");
    let described = migration.aws.json(["redshift", "describe-clusters", "--cluster-identifier", cluster])?;
    assert_eq!(described["Clusters"][0]["IamRoles"], json!([]));

    // Of a listed one the plan tells, and the schema job associates it, once; the data job asks for nothing.
    let planned = run(&migration, "migrate-schema", "dry", &[("--DRY_RUN", "true")]).await?;
    ensure!(planned.status == Some(0), "{planned:?}");
    let script = migration.ledger_text("runs/norrvik/dry/plan.sql")?;
    let told = script
        .lines()
        .filter(|line| line.contains("associate the IAM role") && line.contains(&listed))
        .count();
    assert_eq!(told, 2, "{script}");
    assert_eq!(migration.ledger("runs/norrvik/dry/schema.json")?["planned_by_phase"]["IAM roles"], 2);
    let first = run(&migration, "migrate-schema", "first", &[]).await?;
    ensure!(first.status == Some(0), "{first:?}");
    assert_eq!(migration.ledger("runs/norrvik/first/schema.json")?["applied_by_phase"]["IAM roles"], 2);
    let again = run(&migration, "migrate-schema", "again", &[]).await?;
    ensure!(again.status == Some(0) && !again.stdout.contains("associate"), "{again:?}");
    migration.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_s3_does_not_take_stops_the_plan_before_anything_is_made() -> Result<()> {
    let migration = Migration::start_in(Direction::ProvisionedToServerless).await?;
    let name = "表".repeat(20);
    migration
        .load_text(&format!("CREATE SCHEMA \"{name}\"; CREATE TABLE \"{name}\".\"{name}\" (id INTEGER)"))
        .await?;
    let (tenant, run_id) = ("租".repeat(42), "é".repeat(80));
    let more = [("--SCHEMAS", name.as_str()), ("--TENANT_NAME", &tenant), ("--RUN_ID", &run_id)];
    let refused = migration.run_job("migrate-schema", &more).await?;
    ensure!(refused.status == Some(1) && refused.last_line().contains("S3 takes 1,024"), "{refused:?}");
    let made = format!("SELECT count(*) FROM pg_catalog.pg_namespace WHERE nspname = '{name}'");
    assert_eq!(migration.backend(&migration.target, &["-c", &made]).await?.trim(), "0");
    migration.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_of_another_run_or_table_is_not_gone_on_from() -> Result<()> {
    let migration = shop().await?;
    migrate(&migration, "first", &[]).await?;
    let store = migration_tests::object_store::ObjectStore::shared().await?;
    let bucket = migration.deployed("data_bucket");
    let finished = migration.ledger_text("runs/norrvik/first/tables/shop/orders.json")?;
    write(&migration, "TRUNCATE shop.orders").await?;
    for (key, text) in [
        ("runs/norrvik/second/tables/shop/orders.json", finished.clone()),
        ("runs/norrvik/first/tables/shop/empty.json", finished.clone()),
    ] {
        store.put_to(bucket, &migration.key(key)?, &text).await?;
    }
    for run_id in ["second", "first"] {
        let refused = run(&migration, "migrate-data", run_id, &[]).await?;
        ensure!(refused.status == Some(2), "{refused:?}");
        ensure!(refused.last_line().contains("speaks of another tenant, run, job or table"), "{refused:?}");
    }
    assert_eq!(rows(&migration, "orders").await?, "");
    migration.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_the_run_has_moved_is_no_matter_of_its_resume() -> Result<()> {
    let migration = shop().await?;
    migrate(&migration, "r", &[]).await?;
    // The application has begun to write where its table has arrived.
    write(&migration, "INSERT INTO shop.orders VALUES (9, 'theirs')").await?;
    let before = rows(&migration, "orders").await?;
    migrate(&migration, "r", &[]).await?;
    assert_eq!(rows(&migration, "orders").await?, before);
    assert_eq!(migration.ledger("runs/norrvik/r/schema.json")?["to_replace"], json!([]));
    let outcome = migration.ledger("runs/norrvik/r/tables/shop/orders.json")?;
    assert_eq!(outcome["status"], "finished");
    let forced = run(&migration, "migrate-data", "r", &[("--FORCE", "true"), ("--STRICT", "true")]).await?;
    ensure!(forced.status == Some(1), "{forced:?}");
    assert_eq!(rows(&migration, "orders").await?, before);
    migration.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_run_loaded_since_is_not_replaced_by_older_files() -> Result<()> {
    let migration = shop().await?;
    migrate(&migration, "first", &[]).await?;
    // A run whose load does not begin: its files stay.
    let faults = migration.target.warehouse.faults();
    faults.set(Fault::drop_connection(When::BeforeForwarding).matching(|sql| sql.starts_with("COPY")));
    let stopped = run(&migration, "migrate-data", "old", &[("--RETRY", "1")]).await?;
    ensure!(stopped.status == Some(3), "{stopped:?}");
    faults.clear();
    assert_eq!(migration.ledger("runs/norrvik/old/tables/shop/orders.json")?["stage"], "unloaded");
    migration.psql(&migration.source, &["-c", "INSERT INTO shop.orders VALUES (4, 'newer')"]).await?;
    migrate(&migration, "new", &[]).await?;
    let resumed = run(&migration, "migrate-data", "old", &[]).await?;
    ensure!(resumed.status == Some(0), "{resumed:?}");
    ensure!(rows(&migration, "orders").await?.contains("newer"), "the newer row is gone: {resumed:?}");
    migration.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_the_target_lost_moves_again_in_its_run() -> Result<()> {
    let migration = shop().await?;
    migrate(&migration, "r", &[]).await?;
    write(&migration, "DROP SCHEMA shop CASCADE").await?;
    migrate(&migration, "r", &[]).await?;
    assert_eq!(rows(&migration, "orders").await?.lines().count(), 3);
    let report = ended_report(&migration, "r").await?;
    assert_eq!((&report["status"], &report["rows"]), (&json!("finished"), &json!(3)));
    migration.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_resumed_run_of_one_moment_moves_all_of_its_tables_again() -> Result<()> {
    let migration = shop().await?;
    migrate(&migration, "r", &[("--CONSISTENT", "true")]).await?;
    // One of them did not arrive.
    let (store, bucket) =
        (migration_tests::object_store::ObjectStore::shared().await?, migration.deployed("data_bucket"));
    let key = "runs/norrvik/r/tables/shop/empty.json";
    let failed = migration.ledger_text(key)?.replace("\"finished\"", "\"failed\"");
    store.put_to(bucket, &migration.key(key)?, &failed).await?;
    let again = run(&migration, "migrate-schema", "r", &[]).await?;
    ensure!(again.status == Some(0), "{again:?}");
    assert_eq!(migration.ledger("runs/norrvik/r/tables.json")?[0]["count"], 2);
    migration.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_by_checksums_tells_what_the_load_will_refuse() -> Result<()> {
    let migration = shop().await?;
    migrate(&migration, "counted", &[]).await?;
    let checksum = [("--VERIFY", "checksum")];
    let refused = run(&migration, "migrate-schema", "r", &checksum).await?;
    ensure!(refused.status == Some(1) && refused.last_line().contains("nothing proves"), "{refused:?}");
    migration.stop().await
}
