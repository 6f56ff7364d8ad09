//! What a run left behind: its documents in the ledger, and what Glue tells of its runs.

use arguments::CollectReport;
use job::{Effects, JobError, Run};
use migration::outcome::{ErrorKind, TableItem, TableList};
use migration::report::{Evidence, GlueRun};

/// Reads all that is known of the run.
pub async fn evidence<E: Effects>(run: &Run<E>, arguments: &CollectReport) -> Result<Evidence, JobError> {
    let evidence = Evidence {
        tenant: run.tenant.clone(),
        run_id: run.run_id.as_str().to_owned(),
        schema: run.ledger.get(&run.keys.schema()).await?,
        views: run.ledger.get(&run.keys.views()).await?,
        lists: lists(run, arguments).await?,
        tables: run.ledger.all(&run.keys.table_outcomes()).await?,
        failures: run.ledger.all(&run.keys.run_failures()).await?,
        glue_runs: runs(run, arguments).await,
        ended_early: arguments.failure.clone(),
        plan_sql: arguments.run.bucket.uri(&run.keys.plan_sql()),
    };
    if evidence.is_empty() {
        let message = format!(
            "the ledger knows nothing of the run {} of the tenant {}: correct --RUN_ID, --TENANT_NAME or --S3_BUCKET",
            run.run_id, run.tenant
        );
        return Err(JobError { kind: ErrorKind::Configuration, message });
    }
    Ok(evidence)
}

/// `tables.json` with the lists that it names.
async fn lists<E: Effects>(
    run: &Run<E>,
    arguments: &CollectReport,
) -> Result<Vec<(TableItem, TableList)>, JobError> {
    let items: Vec<TableItem> = run.ledger.get(&run.keys.tables()).await?.unwrap_or_default();
    let mut lists = Vec::new();
    for item in items {
        let key = arguments.run.bucket.below(&item.tables).map_err(|error| {
            JobError::of(ErrorKind::Configuration, format_args!("the list {}", item.tables), error)
        })?;
        let list = run.ledger.get(&key).await?.ok_or_else(|| JobError {
            kind: ErrorKind::Configuration,
            message: format!("{} is not there, though tables.json names it; start a new run", item.tables),
        })?;
        lists.push((item, list));
    }
    Ok(lists)
}

/// The runs of all jobs; a report without them is better than none.
async fn runs<E: Effects>(run: &Run<E>, arguments: &CollectReport) -> Result<Vec<GlueRun>, String> {
    if arguments.glue_jobs.is_empty() {
        return Err("--GLUE_JOBS is not given".to_owned());
    }
    let asked = arguments
        .glue_jobs
        .iter()
        .map(|job| run.effects.glue_runs((job.job.name(), &job.name), (&run.tenant, run.run_id.as_str())));
    let told = futures_util::future::try_join_all(asked).await;
    told.map(|runs| runs.into_iter().flatten().collect()).map_err(|error| {
        log::warn!("{error}");
        error.to_string()
    })
}
