//! Running a scenario: load its SQL, run the jobs, and judge what stands on the target by what is behind both warehouses.

mod expectation;

pub use expectation::{Expectation, Job, Seen};

use crate::answer;
use crate::backend_state::BackendState;
use crate::environment::repository;
use crate::migration::{Migration, TENANT};
use crate::object_store::ObjectStore;
use crate::warehouse::TestWarehouse;
use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use serde_json::Value;
use std::fmt;
use std::path::Path;

/// Which kind of warehouse the tenant moves from and to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Direction {
    ProvisionedToServerless,
    ServerlessToProvisioned,
}

/// As files and expectations spell it.
impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ProvisionedToServerless => "provisioned-to-serverless",
            Self::ServerlessToProvisioned => "serverless-to-provisioned",
        })
    }
}

/// Runs the scenario of this name in one direction; an error says all that is not as `expected.json` says.
pub async fn run(name: &str, direction: Direction) -> Result<()> {
    let folder = repository("tests/scenarios").join(name);
    let expected = Expectation::read(&folder, direction)?;
    if expected.skip.contains_key(&direction) {
        return Ok(());
    }
    let migration = Migration::start_from_patch(direction, expected.source_patch).await?;
    load(&migration, &migration.source, &folder.join("source.sql")).await?;
    if folder.join("target.sql").exists() {
        load(&migration, &migration.target, &folder.join("target.sql")).await?;
    }
    let run_id = format!("{name}-{direction}");
    let mut complaints = Vec::new();
    let before = BackendState::read(&migration.target).await?;
    let is_blocked = expected.schema.lists.contains_key("blockers");
    run_job(&migration, "migrate-schema", &run_id, &expected, &expected.schema, &mut complaints).await?;
    if is_blocked {
        let after = BackendState::read(&migration.target).await?;
        let changed = before.differences(&after);
        complaints.extend(changed.keys().map(|object| format!("changed in spite of blockers: {object}")));
    } else {
        if expected.rows {
            move_rows(&migration, &run_id, &expected).await?;
        }
        run_job(&migration, "refresh-views", &run_id, &expected, &expected.views, &mut complaints).await?;
        compare(&migration, &expected, &mut complaints).await?;
        for seen in &expected.seen {
            for (side, warehouse) in [("source", &migration.source), ("target", &migration.target)] {
                let rows = seen.by_user(warehouse).await?;
                if rows != seen.rows {
                    complaints.push(format!("{} sees on the {side} by {}: {rows:?}", seen.user, seen.query));
                }
            }
        }
    }
    ensure!(complaints.is_empty(), "{name}, {direction}:\n  {}", complaints.join("\n  "));
    migration.stop().await
}

impl Seen {
    /// The rows that the user sees on a warehouse.
    async fn by_user(&self, warehouse: &TestWarehouse) -> Result<Vec<Vec<String>>> {
        let client = warehouse.connect().await?;
        let user = self.user.replace('"', "\"\"");
        client.simple_query(&format!("SET SESSION AUTHORIZATION \"{user}\"")).await?;
        answer::texts(&client, &self.query).await.with_context(|| format!("{} as {}", self.query, self.user))
    }
}

async fn load(migration: &Migration, warehouse: &TestWarehouse, file: &Path) -> Result<()> {
    let loaded = migration.psql(warehouse, &["-f", &file.to_string_lossy()]).await;
    loaded.map(drop).with_context(|| file.display().to_string())
}

/// Runs a job and compares its outcome.
async fn run_job(
    migration: &Migration,
    job: &str,
    run_id: &str,
    expected: &Expectation,
    end: &Job,
    complaints: &mut Vec<String>,
) -> Result<()> {
    let mut arguments = arguments(run_id, expected);
    if job == "migrate-schema" {
        arguments.extend(expected.replace.iter().map(|tables| ("--REPLACE", tables.as_str())));
    }
    let ended = migration.run_job(job, &arguments).await?;
    if ended.status != Some(end.status) {
        complaints.push(format!("{job} ended with {:?}, not {}: {}", ended.status, end.status, ended.stderr));
    }
    let document = if job == "migrate-schema" { "schema" } else { "views" };
    let outcome = ledger(migration, run_id, document).await?;
    complaints.extend(end.differences(&outcome).into_iter().map(|line| format!("{document}.json: {line}")));
    Ok(())
}

/// A document of the run.
async fn ledger(migration: &Migration, run_id: &str, document: &str) -> Result<Value> {
    let key = migration.key(&format!("runs/{TENANT}/{run_id}/{document}.json"))?;
    let store = ObjectStore::shared().await?;
    Ok(serde_json::from_str(&store.get_from(migration.deployed("data_bucket"), &key).await?)?)
}

async fn move_rows(migration: &Migration, run_id: &str, expected: &Expectation) -> Result<()> {
    let tables = ledger(migration, run_id, "tables").await?;
    for item in tables.as_array().context("an array of lists of tables")? {
        let mut arguments = arguments(run_id, expected);
        arguments.extend(expected.replace.iter().map(|tables| ("--REPLACE", tables.as_str())));
        arguments.push(("--TABLES", item["tables"].as_str().context("where a list is")?));
        let ended = migration.run_job("migrate-data", &arguments).await?;
        ensure!(ended.status == Some(0), "{item}: {}", ended.stderr);
    }
    Ok(())
}

fn arguments<'a>(run_id: &'a str, expected: &'a Expectation) -> Vec<(&'a str, &'a str)> {
    let more = expected.arguments.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    [("--SCHEMAS", expected.schemas.as_str()), ("--RUN_ID", run_id)].into_iter().chain(more).collect()
}

/// What is behind both warehouses differs in nothing but what is expected, and in all of that.
async fn compare(migration: &Migration, expected: &Expectation, complaints: &mut Vec<String>) -> Result<()> {
    let source = BackendState::read(&migration.source).await?;
    let target = BackendState::read(&migration.target).await?;
    let found = source.differences(&target);
    for (object, difference) in &found {
        if !expected.differences.contains_key(object) {
            complaints.push(format!("differs: {object}\n{difference}"));
        }
    }
    let missing = expected.differences.keys().filter(|object| !found.contains_key(*object));
    complaints.extend(missing.map(|object| format!("was to differ and does not: {object}")));
    Ok(())
}
