//! `report.html`: the report for people, one file that asks no network for anything.
//!
//! The template is in `templates/`, with its style and its script. Askama escapes whatever is put into it: a table may be
//! named `<script>`.

use super::figures::{bytes, count, duration};
use super::{FailedTable, GlueRun, MovedTable, Phase, Report};
use crate::outcome::{Status, TableStage};
use crate::plan::Note;
use askama::Template;
use time::OffsetDateTime;

/// How many of the slowest tables are shown.
const SLOWEST: usize = 10;

/// The report as HTML.
///
/// # Errors
/// None that this template can have: it writes to memory.
pub fn page(report: &Report) -> Result<String, askama::Error> {
    let mut slowest: Vec<&MovedTable> = report.succeeded.iter().collect();
    slowest.sort_by(|a, b| b.seconds().total_cmp(&a.seconds()));
    slowest.truncate(SLOWEST);
    let longest = slowest.first().map_or(0.0, |table| table.seconds());
    let notes = [
        ("not-carried-over", "Not carried over", report.not_carried_over.as_slice()),
        ("border", "Across the tenant's border", report.border.as_slice()),
    ];
    Page { report, timeline: timeline(report), notes, slowest, longest }.render()
}

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    report: &'a Report,
    timeline: Vec<Lane<'a>>,
    /// Id, title and lines of a section each.
    notes: [(&'static str, &'static str, &'a [Note]); 2],
    slowest: Vec<&'a MovedTable>,
    longest: f64,
}

/// A job in the timeline.
struct Lane<'a> {
    phase: &'a Phase,
    bars: Vec<Bar<'a>>,
}

/// A run in the timeline, in percent of its width.
struct Bar<'a> {
    run: &'a GlueRun,
    left: f64,
    width: f64,
}

fn timeline(report: &Report) -> Vec<Lane<'_>> {
    let Some(begin) = report.durations.iter().map(|phase| phase.started).min() else { return Vec::new() };
    let end = report.durations.iter().map(|phase| phase.ended).max().unwrap_or(begin);
    // Glue tells whole seconds; runs that took none are shown, too.
    let whole = (end - begin).as_seconds_f64().max(1.0);
    let percent =
        |from: OffsetDateTime, to: OffsetDateTime| (to - from).as_seconds_f64().max(0.0) / whole * 100.0;
    let bar = |run: &'_ GlueRun| {
        let started = run.started?;
        Some((percent(begin, started), percent(started, run.ended.unwrap_or(report.timestamp).min(end))))
    };
    let lane = |phase| Lane {
        phase,
        bars: report
            .glue_runs
            .iter()
            .filter(|run| run.job == phase.job)
            .filter_map(|run| bar(run).map(|(left, width)| Bar { run, left, width }))
            .collect(),
    };
    report.durations.iter().map(lane).collect()
}

impl Page<'_> {
    /// The verdict's word.
    fn verdict(&self) -> &'static str {
        match self.report.status {
            Status::Running => "running",
            Status::Planned => "planned",
            Status::Finished => "finished",
            Status::Partial => "finished in part",
            Status::Failed => "failed",
        }
    }

    /// What the verdict looks like.
    fn mood(&self) -> &'static str {
        match self.report.status {
            Status::Finished | Status::Planned => "good",
            Status::Partial | Status::Running => "warn",
            Status::Failed => "bad",
        }
    }

    fn together(&self) -> f64 {
        let started = self.report.durations.iter().map(|phase| phase.started).min();
        let ended = self.report.durations.iter().map(|phase| phase.ended).max();
        started.zip(ended).map_or(0.0, |(started, ended)| (ended - started).as_seconds_f64())
    }

    fn steps_failed(&self) -> bool {
        self.report.totals.steps_failed > 0
            || self.report.stages().any(|(_, stage)| stage.error.is_some() || !stage.blockers.is_empty())
    }

    /// What share of the slowest table's time this one took, in percent.
    fn share(&self, seconds: f64) -> f64 {
        if self.longest > 0.0 { seconds / self.longest * 100.0 } else { 0.0 }
    }
}

/// A moment to the second.
fn moment(moment: &OffsetDateTime) -> String {
    let (date, time) = (moment.date(), moment.time());
    let (hour, minute, second) = time.as_hms();
    format!("{date} {hour:02}:{minute:02}:{second:02} UTC")
}

fn stage(stage: TableStage) -> &'static str {
    match stage {
        TableStage::Planned => "planned",
        TableStage::Unloaded => "unloaded",
        TableStage::Loaded => "loaded",
        TableStage::Verified => "verified",
    }
}

fn number(number: usize) -> String {
    count(number as u64)
}

fn name(table: &FailedTable) -> String {
    table.table.plain()
}
