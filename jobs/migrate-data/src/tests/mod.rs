//! The whole job against two warehouses and a bucket in memory, on a clock that only pauses move.

mod consistent;
mod faults;
mod partial;
mod resume;
mod retry;
mod vacuum;
mod warehouse;

use crate::run;
use arguments::{Invocation, MigrateData};
use job::testing::TestEffects;
use job::{Effects, JobError, Side, Verdict};
use migration::outcome::TableOutcome;
use std::ffi::OsString;
use std::time::Duration;
use warehouse::{Act, BUCKET, Happened, Warehouses};

/// The account and Region of everything.
const ARN: &str = "eu-central-1:123456789012";

/// Longer than any job takes here.
const A_DAY: Duration = Duration::from_hours(24);

/// A tenant whose tables are to move.
struct Shop {
    world: Warehouses,
    effects: TestEffects<Warehouses>,
    tables: String,
}

impl Shop {
    /// Tables of the schema `s` with so many rows on the source, and on the target.
    fn of(tables: &[(&'static str, u64, u64)]) -> Self {
        let world = Warehouses::of(tables);
        let mut effects = TestEffects::new(world.clone());
        effects.objects = world.objects.clone();
        let login = r#""username": "admin", "password": "Abcdefg1", "database": "dev""#;
        for (name, host) in [
            ("source", "dwh.abc123.eu-central-1.redshift.amazonaws.com"),
            ("target", "wg.123456789012.eu-central-1.redshift-serverless.amazonaws.com"),
        ] {
            effects.secrets.keep(&secret(name), format!(r#"{{"host": "{host}", {login}}}"#));
        }
        let names: Vec<&str> = tables.iter().map(|(name, _, _)| *name).collect();
        Self { world, effects, tables: names.join(",") }
    }

    /// Starts a run of this name with all tables, one thread and three attempts where `more` says nothing else.
    async fn start(&self, run_id: &str, more: &[&str]) -> Result<Verdict, JobError> {
        self.start_with(self.effects.clone(), run_id, more).await
    }

    /// The same through other effects.
    async fn start_with(
        &self,
        effects: impl Effects,
        run_id: &str,
        more: &[&str],
    ) -> Result<Verdict, JobError> {
        let mut all = vec![
            "migrate-data".to_owned(),
            "--TENANT_NAME=acme".to_owned(),
            "--SCHEMAS=s".to_owned(),
            format!("--TABLE_NAME={}", self.tables),
            format!("--S3_BUCKET={BUCKET}"),
            "--IAM_ROLE=arn:aws:iam::123456789012:role/r".to_owned(),
            format!("--SOURCE_SECRET_ARN={}", secret("source")),
            format!("--TARGET_SECRET_ARN={}", secret("target")),
            format!("--RUN_ID={run_id}"),
        ];
        all.extend(more.iter().map(|argument| (*argument).to_owned()));
        if !more.iter().any(|argument| argument.starts_with("--LOAD_THREADS")) {
            all.push("--LOAD_THREADS=1".to_owned());
        }
        let Ok(Invocation::Run(arguments)) = MigrateData::parse(all.into_iter().map(OsString::from)) else {
            panic!("arguments that no job takes")
        };
        let ended = tokio::time::timeout(A_DAY, run(arguments, effects)).await;
        ended.expect("a job that comes to an end")
    }

    /// What the ledger says of a table in a run.
    fn outcome(&self, run_id: &str, table: &str) -> TableOutcome {
        self.find_outcome(run_id, table).expect("an outcome")
    }

    /// The same; none where the ledger says nothing.
    fn find_outcome(&self, run_id: &str, table: &str) -> Option<TableOutcome> {
        let objects = self.effects.objects.objects();
        let content = objects.get(&format!("runs/acme/{run_id}/tables/s/{table}.json"))?;
        Some(serde_json::from_slice(content).unwrap())
    }

    /// The keys of what was unloaded and stays.
    fn unloaded(&self) -> Vec<String> {
        self.effects.objects.objects().into_keys().filter(|key| key.starts_with("unload/")).collect()
    }

    /// What was done on one side since the last look, but for looking.
    fn acts(&self, side: Side) -> Vec<Happened> {
        let acts = self.world.happened().into_iter();
        acts.filter(|happened| happened.side == side && happened.act != Act::Look).collect()
    }

    /// The tables that were unloaded since the last look, and those that were loaded.
    fn moved(&self) -> (Vec<&'static str>, Vec<&'static str>) {
        let (mut unloaded, mut loaded) = (Vec::new(), Vec::new());
        for happened in self.world.happened() {
            match happened.act {
                Act::Unload(table) => unloaded.push(table),
                Act::Copy(table) => loaded.push(table),
                _ => {}
            }
        }
        (unloaded, loaded)
    }
}

fn secret(name: &str) -> String {
    format!("arn:aws:secretsmanager:{ARN}:secret:{name}-AbCdEf")
}

/// What a verdict of partial failure says.
#[track_caller]
fn partial(verdict: Result<Verdict, JobError>) -> String {
    match verdict {
        Ok(Verdict::Partial(message)) => message,
        other => panic!("{other:?}"),
    }
}
