//! What the report job does: read what the run left, judge it, write the report and the verdict.

use crate::read::evidence;
use arguments::{CollectReport, Job};
use job::{Effects, JobError, Run, Verdict};
use migration::outcome::{ErrorKind, FORMAT, RunOutcome};
use migration::report::{Report, RetryFile, Terms, page};

/// Runs the job. It has done its work when the report is written, whatever that says: the verdict is in the ledger.
pub async fn run<E: Effects>(arguments: CollectReport, effects: E) -> Result<Verdict, JobError> {
    let run = Run::start(Job::CollectReport, &arguments.run, effects)?;
    let terms = Terms {
        made: run.effects.now(),
        tolerated_percentage: arguments.tolerated_percentage,
        strict: arguments.run.strict,
        dollars_a_dpu_hour: arguments.dpu_hour_price,
    };
    let evidence = Box::pin(evidence(&run, &arguments)).await?;
    let report = Report::of(&evidence, &terms);
    let html = page(&report)
        .map_err(|error| JobError::of(ErrorKind::Internal, "making the report's page", error))?;
    let retry_file = RetryFile::of(&report);

    let keys = run.keys.report(terms.made);
    run.ledger.put(&keys.document(), &report).await?;
    run.ledger.put_text(&keys.page(), &html).await?;
    if let Some(retry_file) = &retry_file {
        run.ledger.put(&keys.retry_file(), retry_file).await?;
    }
    // Last: what reads the verdict finds all that it names.
    let uri = |key: &str| arguments.run.bucket.uri(key);
    let outcome = RunOutcome {
        format: FORMAT,
        tenant: run.tenant.clone(),
        run_id: run.run_id.as_str().to_owned(),
        status: report.status,
        summary: report.summary.clone(),
        tables: report.totals.tables,
        failed: report.totals.failed,
        rows: report.totals.rows,
        bytes: report.totals.bytes,
        replaced: report.totals.replaced,
        planned: report.planned,
        seconds: report.seconds(),
        plan_sql: report.plan_sql.clone(),
        report: uri(&keys.page()),
        retry_file: retry_file.map(|_| uri(&keys.retry_file())),
    };
    run.ledger.put(&run.keys.outcome(), &outcome).await?;
    log::info!("{}", job::one_line(&report.summary));
    log::info!("{}", outcome.report);
    Ok(Verdict::Finished)
}
