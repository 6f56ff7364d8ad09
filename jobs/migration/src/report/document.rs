//! `migration_report.json`: all of it in one document.

use super::glue_run::seconds_at_work;
use super::{Cost, Evidence, FailedTable, GlueRun, JobDuration, MovedTable, Terms, tables, verdict};
use crate::outcome::{ApplyOutcome, FORMAT, FailedStep, Failure, SkippedStep, Status, by_phase, not_applied};
use crate::plan::{NoteText, Phase, StepId};
use crate::words::number_of;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use time::OffsetDateTime;

/// What became of a run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// The version of this document's form.
    pub format: u32,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub timestamp: OffsetDateTime,
    /// The tenant.
    pub tenant: String,
    /// The run.
    pub run_id: String,
    /// The verdict.
    pub status: Status,
    /// The verdict in a line.
    pub summary: String,
    /// Why it is no better, a line each, besides an early end.
    pub reasons: Vec<String>,
    /// Why the migration ended early.
    pub ended_early: Option<String>,
    /// Where the plan is, a script for psql: an `s3://` URI; none where the schema job has made none.
    pub plan_sql: Option<String>,
    /// How much there was to do for a dry run; none of any other.
    pub planned: Option<Planned>,
    /// Figures over all.
    pub totals: Totals,
    /// The tables that moved, by name.
    pub succeeded: Vec<MovedTable>,
    /// The tables that did not, by name.
    pub failed: Vec<FailedTable>,
    /// What the schema job did.
    pub schema: Option<Applied>,
    /// What the refresh job did.
    pub views: Option<Applied>,
    /// What does not arrive.
    pub not_carried_over: Vec<NoteText>,
    /// What reaches across the tenant's border.
    pub border: Vec<NoteText>,
    /// What a person should know besides.
    pub warnings: Vec<String>,
    /// How long each job took.
    pub durations: Vec<JobDuration>,
    /// Each run of a job, in the order in which they started.
    pub glue_runs: Vec<GlueRun>,
    /// What they cost; none where the runs are not known.
    pub cost: Option<Cost>,
}

/// Figures over all tables and objects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Tables that were to move.
    pub tables: usize,
    /// Those that moved.
    pub succeeded: usize,
    /// Those that did not.
    pub failed: usize,
    /// Those of the latter that could not even be created: the steps that failed name them.
    pub not_created: usize,
    /// Rows that were loaded.
    pub rows: u64,
    /// Rows of the target that were replaced; of a dry run, those that would be.
    pub replaced: Replaced,
    /// Data files.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Steps of the plan that were applied, by both jobs.
    pub steps: usize,
    /// Those that failed.
    pub steps_failed: usize,
    /// Those that were left out since one that they need failed.
    pub steps_skipped: usize,
}

/// Steps of a plan that was only to be shown, by when they would be applied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planned {
    /// By the schema job.
    pub now: usize,
    /// By the refresh job, after the data.
    pub after_data: usize,
}

impl Planned {
    pub(super) fn of(plan: &ApplyOutcome) -> Self {
        let planned: usize = plan.planned_by_phase.values().sum();
        Self {
            // An earlier start of the run may have applied some.
            now: planned.saturating_sub(plan.applied),
            after_data: plan.planned_after_data.values().sum(),
        }
    }
}

/// Rows of the target that are replaced.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replaced {
    /// The tables that hold them.
    pub tables: usize,
    /// The rows of all of these.
    pub rows: u64,
}

impl Replaced {
    /// Those of these tables; a table without rows does not count.
    pub(super) fn of(rows: impl Iterator<Item = u64>) -> Self {
        rows.filter(|rows| *rows > 0)
            .fold(Self::default(), |sum, rows| Self { tables: sum.tables + 1, rows: sum.rows + rows })
    }
}

impl std::fmt::Display for Replaced {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} of {}", number_of(self.rows, "row"), number_of(self.tables, "table"))
    }
}

/// What a job that applies a stage of the plan did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Applied {
    /// How it ended.
    pub status: Status,
    /// Steps that there were to apply, by phase.
    #[serde(serialize_with = "by_phase::serialize")]
    pub planned_by_phase: BTreeMap<Phase, usize>,
    /// Steps of the plan that follow the data, by phase.
    #[serde(serialize_with = "by_phase::serialize")]
    pub planned_after_data: BTreeMap<Phase, usize>,
    /// Steps applied.
    pub applied: usize,
    /// Steps that failed.
    pub failed: Vec<FailedStep>,
    /// Steps that were left out.
    pub skipped: Vec<SkippedStep>,
    /// What must not be.
    pub blockers: Vec<NoteText>,
    /// Why it ended before its end.
    pub error: Option<Failure>,
}

impl Applied {
    /// The steps that a dry run found, by when they would be applied, and by phase.
    pub(super) fn steps_planned(&self) -> [(&'static str, &BTreeMap<Phase, usize>); 2] {
        [("Now", &self.planned_by_phase), ("After the data", &self.planned_after_data)]
    }
}

impl Report {
    /// The report of a run. The same evidence under the same terms gives the same report.
    pub fn of(evidence: &Evidence, terms: &Terms) -> Self {
        let (succeeded, failed) = tables::judge(evidence);
        let (schema, views) = (evidence.schema.as_ref().map(applied), evidence.views.as_ref().map(applied));
        let stages = || schema.iter().chain(&views);
        let not_created = schema.as_ref().map_or(0, tables_not_created);
        let totals = Totals {
            tables: succeeded.len() + failed.len() + not_created,
            succeeded: succeeded.len(),
            failed: failed.len() + not_created,
            not_created,
            rows: succeeded.iter().map(|table| table.rows).sum(),
            replaced: match evidence.planned() {
                Some(plan) => Replaced::of(plan.to_replace.iter().map(|table| table.rows)),
                None => Replaced::of(succeeded.iter().map(|table| table.replaced)),
            },
            files: succeeded.iter().map(|table| table.files).sum(),
            bytes: succeeded.iter().map(|table| table.bytes).sum(),
            steps: stages().map(|stage| stage.applied).sum(),
            steps_failed: stages().map(|stage| stage.failed.len()).sum(),
            steps_skipped: stages().map(|stage| stage.skipped.len()).sum(),
        };
        let status = verdict::status(evidence, &totals, terms);
        let mut glue_runs = evidence.glue_runs.clone().unwrap_or_default();
        glue_runs.sort_by(|a, b| (a.started, &a.id).cmp(&(b.started, &b.id)));
        Self {
            format: FORMAT,
            timestamp: terms.made,
            tenant: evidence.tenant.clone(),
            run_id: evidence.run_id.clone(),
            status,
            summary: verdict::summary(evidence, &totals, status, terms),
            reasons: verdict::reasons(evidence, &totals, terms),
            ended_early: evidence.ended_early.clone(),
            plan_sql: schema.as_ref().map(|_| evidence.plan_sql.clone()),
            planned: evidence.planned().map(Planned::of),
            not_carried_over: notes(evidence, |outcome| &outcome.not_carried_over),
            border: notes(evidence, |outcome| &outcome.border),
            warnings: warnings(evidence, &failed),
            durations: JobDuration::of_each_job(&glue_runs, terms.made),
            cost: (!glue_runs.is_empty()).then(|| Cost::of(&glue_runs, terms.dollars_a_dpu_hour)),
            glue_runs,
            totals,
            succeeded,
            failed,
            schema,
            views,
        }
    }

    /// How long at least one Glue run was at work; none where no run is known.
    pub fn seconds(&self) -> Option<f64> {
        let spans = self.glue_runs.iter().filter_map(|run| run.span(self.timestamp));
        (!self.durations.is_empty()).then(|| seconds_at_work(spans))
    }

    /// Both jobs that apply the plan, as far as they ran.
    pub fn stages(&self) -> impl Iterator<Item = (&'static str, &Applied)> {
        let named = [("migrate-schema", &self.schema), ("refresh-views", &self.views)];
        named.into_iter().filter_map(|(job, applied)| Some((job, applied.as_ref()?)))
    }
}

fn applied(outcome: &ApplyOutcome) -> Applied {
    Applied {
        status: outcome.status,
        planned_by_phase: outcome.planned_by_phase.clone(),
        planned_after_data: outcome.planned_after_data.clone(),
        applied: outcome.applied,
        failed: outcome.failed.clone(),
        skipped: outcome.skipped.clone(),
        blockers: outcome.blockers.clone(),
        error: outcome.error.clone(),
    }
}

fn tables_not_created(schema: &Applied) -> usize {
    let creates_table = |step: &&StepId| matches!(step, StepId::CreateTable(_));
    not_applied(&schema.failed, &schema.skipped).filter(creates_table).count()
}

fn notes(evidence: &Evidence, of: impl Fn(&ApplyOutcome) -> &Vec<NoteText>) -> Vec<NoteText> {
    let mut notes: Vec<NoteText> =
        evidence.schema.iter().chain(&evidence.views).flat_map(|outcome| of(outcome).clone()).collect();
    notes.sort();
    notes.dedup();
    notes
}

/// What is no failure, and yet should be known.
fn warnings(evidence: &Evidence, failed: &[FailedTable]) -> Vec<String> {
    let mut warnings = Vec::new();
    for outcome in evidence.schema.iter().chain(&evidence.views).filter(|outcome| outcome.starts > 1) {
        warnings.push(format!("{} was started {} times under this run's name", outcome.job, outcome.starts));
    }
    if evidence.schema.is_none() {
        warnings.push("the schema job has left no record in this run".to_owned());
    }
    if evidence.views.is_none() && evidence.planned().is_none() {
        warnings.push("materialized views have not been refreshed in this run".to_owned());
    }
    if !failed.is_empty() {
        warnings.push(
            "what was unloaded of tables that failed may still lie below unload/ in the bucket".to_owned(),
        );
    }
    if let Err(reason) = &evidence.glue_runs {
        warnings.push(format!("how long the jobs took and what they cost is not known: {reason}"));
    }
    warnings
}
