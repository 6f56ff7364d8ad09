//! Tables whose rows were replaced are vacuumed once everything is loaded, and each once.

use anyhow::{Result, ensure};
use migration_tests::migration::Migration;
use migration_tests::scenario::Direction;
use redshift_local::Fault;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

const TABLES: [&str; 3] = ["\"shop\".\"a\"", "\"shop\".\"b\"", "\"shop\".\"c\""];

/// A tenant with three tables that have arrived, so that another run replaces their rows.
async fn arrived() -> Result<Migration> {
    let migration = Migration::start_in(Direction::ProvisionedToServerless).await?;
    let table = |name: &str| {
        format!("CREATE TABLE shop.{name} (id INTEGER); INSERT INTO shop.{name} VALUES (1), (2);")
    };
    let tenant = format!(
        "CREATE SCHEMA shop; {}{}{} CREATE MATERIALIZED VIEW shop.m AS SELECT id FROM shop.a",
        table("a"),
        table("b"),
        table("c")
    );
    migration.load_text(&tenant).await?;
    migration.associate_role().await?;
    for job in ["migrate-schema", "migrate-data", "refresh-views"] {
        run(&migration, job, "first", &[]).await?;
    }
    Ok(migration)
}

async fn run(migration: &Migration, job: &str, run_id: &str, more: &[(&str, &str)]) -> Result<()> {
    let mut arguments = vec![("--SCHEMAS", "shop"), ("--RUN_ID", run_id)];
    if job == "migrate-data" && more.iter().all(|(name, _)| *name != "--TABLE_NAME") {
        arguments.push(("--TABLE_NAME", "shop.a,shop.b,shop.c"));
    }
    arguments.extend(more);
    let ended = migration.run_job(job, &arguments).await?;
    ensure!(ended.status == Some(0), "{job}: {ended:?}");
    Ok(())
}

/// What is vacuumed and refreshed on the target from now on.
struct Watched(Arc<Mutex<Vec<String>>>);

impl Watched {
    fn on(migration: &Migration) -> Self {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&seen);
        // Long enough that one session does not do the work of two.
        let fault = Fault::latency(Duration::from_millis(300)).matching(move |sql| {
            let is_watched = ["VACUUM ", "REFRESH "].iter().any(|word| sql.contains(word));
            locked(&noted).extend(is_watched.then(|| sql.to_owned()));
            is_watched
        });
        migration.target.warehouse.faults().set(fault);
        Self(seen)
    }

    /// The tables that were vacuumed, in the order of their names. None is after a refresh, which that would make a full one the next
    /// time.
    fn take(&self) -> Vec<String> {
        let seen = std::mem::take(&mut *locked(&self.0));
        let tables = |statements: &[String]| -> Vec<String> {
            statements.iter().filter_map(|sql| sql.strip_prefix("VACUUM ")).map(str::to_owned).collect()
        };
        let refreshed = seen.iter().position(|sql| sql.contains("REFRESH ")).unwrap_or(seen.len());
        assert!(tables(&seen[refreshed..]).is_empty(), "{seen:?}");
        let mut vacuumed = tables(&seen);
        vacuumed.sort();
        vacuumed
    }

    /// How many refreshes there were.
    fn refreshes(&self) -> usize {
        locked(&self.0).iter().filter(|sql| sql.contains("REFRESH ")).count()
    }
}

fn locked(seen: &Mutex<Vec<String>>) -> MutexGuard<'_, Vec<String>> {
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How many sessions a run of `refresh-views` had beside its first to share the tables.
fn sessions(migration: &Migration, run_id: &str) -> usize {
    let name = format!("refresh-views norrvik {run_id} target vacuum");
    let sessions = migration.target.warehouse.sessions();
    sessions.iter().filter(|session| session.application_name == name).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_refresh_job_vacuums_what_was_replaced_once() -> Result<()> {
    let migration = arrived().await?;
    let watched = Watched::on(&migration);
    run(&migration, "migrate-data", "later", &[]).await?;
    assert_eq!(watched.take(), [""; 0], "the data job leaves it");
    run(&migration, "refresh-views", "later", &[]).await?;
    assert_eq!(watched.refreshes(), 1, "the view stood there");
    assert_eq!(watched.take(), TABLES);
    assert_eq!(sessions(&migration, "later"), 1, "two sessions share the tables, and no more");
    run(&migration, "refresh-views", "later", &[]).await?;
    assert_eq!(watched.take(), [""; 0], "it is done");

    run(&migration, "migrate-data", "later", &[("--FORCE", "true"), ("--TABLE_NAME", "shop.b")]).await?;
    run(&migration, "refresh-views", "later", &[]).await?;
    assert_eq!(watched.take(), TABLES[1..2], "a table that is loaded again");
    migration.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_fails_is_tried_again_by_the_next_start() -> Result<()> {
    let migration = arrived().await?;
    run(&migration, "migrate-data", "r", &[]).await?;
    let faults = migration.target.warehouse.faults();
    faults.set(
        Fault::serialization_conflict().matching(|sql| sql.starts_with("VACUUM") && sql.contains("\"b\"")),
    );
    run(&migration, "refresh-views", "r", &[]).await?;
    faults.clear();
    let watched = Watched::on(&migration);
    run(&migration, "refresh-views", "r", &[]).await?;
    assert_eq!(watched.take(), TABLES[1..2]);
    migration.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_done_at_once_or_never_where_that_is_asked() -> Result<()> {
    let migration = arrived().await?;
    let watched = Watched::on(&migration);
    run(&migration, "migrate-data", "now", &[("--VACUUM", "now")]).await?;
    assert_eq!(watched.take(), TABLES);
    run(&migration, "migrate-data", "never", &[("--VACUUM", "never")]).await?;
    for run_id in ["now", "never"] {
        run(&migration, "refresh-views", run_id, &[]).await?;
    }
    assert_eq!(watched.take(), [""; 0]);
    migration.stop().await
}
