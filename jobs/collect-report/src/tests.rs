//! The report of a run whose ledger lies in memory.

use crate::run;
use arguments::{CollectReport, Invocation, RunId, TenantName};
use aws::{Ledger, RunKeys};
use job::testing::{At, NoWarehouses, ObjectCall, Strike, TestEffects, Trap, Trapped, When};
use job::{Effects, JobError, Verdict};
use migration::name::{Identifier, QualifiedName};
use migration::outcome::{ErrorKind, Failure, RunOutcome, Status, TableOutcome};
use std::ffi::OsString;

fn keys() -> RunKeys {
    RunKeys::new(&"acme".parse::<TenantName>().unwrap(), &"r".parse::<RunId>().unwrap())
}

async fn collect(effects: impl Effects) -> Result<Verdict, JobError> {
    let argv = ["collect-report", "--TENANT_NAME=acme", "--S3_BUCKET=s3://bucket/jobs", "--RUN_ID=r"];
    let Ok(Invocation::Run(arguments)) = CollectReport::parse(argv.map(OsString::from)) else {
        panic!("arguments that no job takes")
    };
    run(arguments, effects).await
}

/// A ledger that tells of these tables.
async fn ledger(tables: &[(&str, Status)]) -> TestEffects<NoWarehouses> {
    let effects = TestEffects::new(NoWarehouses);
    let ledger = Ledger::new(effects.objects.clone());
    for (table, status) in tables {
        let id = |name: &str| Identifier::new(name).unwrap();
        let name = QualifiedName::new(id("s"), id(table));
        let mut outcome = TableOutcome::new(&name, "acme", "r");
        outcome.status = *status;
        outcome.error = (*status == Status::Failed).then(|| Failure {
            kind: ErrorKind::Data,
            message: "no".to_owned(),
            remedy: "mend it".to_owned(),
        });
        ledger.put(&keys().table(&name.schema, &name.name), &outcome).await.unwrap();
    }
    effects
}

#[tokio::test(start_paused = true)]
async fn a_run_that_left_nothing_has_no_report() {
    let effects = TestEffects::new(NoWarehouses);
    assert_eq!(collect(effects.clone()).await.unwrap_err().kind, ErrorKind::Configuration);
    assert!(effects.objects.objects().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_table_that_failed_is_in_the_verdict_and_in_the_retry_file() {
    let effects = ledger(&[("a", Status::Finished), ("b", Status::Failed)]).await;
    assert_eq!(collect(effects.clone()).await.unwrap(), Verdict::Finished);
    let ledger = Ledger::new(effects.objects.clone());
    let outcome: RunOutcome = ledger.get(&keys().outcome()).await.unwrap().unwrap();
    assert_eq!((outcome.tables, outcome.failed), (2, 1));
    let retry = effects.objects.objects()[&keys().report(effects.now()).retry_file()].clone();
    let retry = String::from_utf8(retry).unwrap();
    assert!(retry.contains("\"b\"") && !retry.contains("\"a\""), "{retry}");
}

#[tokio::test(start_paused = true)]
async fn the_verdict_is_written_when_all_that_it_names_is_there() {
    let effects = ledger(&[("a", Status::Finished)]).await;
    let trap = Trap::new(At::Call(ObjectCall::Put, 2, When::After), Strike::Fail);
    let error = collect(Trapped::new(effects.clone(), &trap)).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unreachable);
    let objects = effects.objects.objects();
    assert!(!objects.contains_key(&keys().outcome()), "after report and page: {:?}", objects.keys());
}
