//! `report.html`: the report for people, one file that asks no network for anything.
//!
//! The template is in `templates/`, with its style and its script. Askama escapes whatever is put into it: a table may be
//! named `<script>`.

mod groups;
mod timeline;

use super::figures::{bytes, dollars, duration};
use super::{Applied, FailedTable, MovedTable, Report};
use crate::outcome::{Status, TableStage};
use crate::plan::{NoteText, Phase};
use crate::words::{count, number_of};
use askama::Template;
use groups::{Group, Remark};
use std::collections::BTreeMap;
use time::OffsetDateTime;
use timeline::Timeline;

/// How many of the slowest tables are shown.
const SLOWEST: usize = 10;

/// How many causes are shown at once; those of few objects are folded away.
const UNFOLDED_CAUSES: usize = 10;

/// How many objects are named beside their cause; more of them are folded away.
const UNFOLDED_OBJECTS: usize = 5;

/// The report as HTML.
///
/// # Errors
/// None that this template can have: it writes to memory.
pub fn page(report: &Report) -> Result<String, askama::Error> {
    let failures = groups::of(report.failed.iter().map(Remark::from));
    let stages = report.stages().map(|(job, applied)| Stage::of(job, applied)).filter(Stage::has_failures);
    Page {
        report,
        timeline: Timeline::of(report),
        failed: with_causes(&report.failed, &failures),
        failures,
        stages: stages.collect(),
        notes: [
            ("not-carried-over", "Not carried over", noted(&report.not_carried_over)),
            ("border", "Across the tenant's border", noted(&report.border)),
        ],
        slowest: slowest(report),
    }
    .render()
}

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    report: &'a Report,
    timeline: Option<Timeline<'a>>,
    /// Why tables failed.
    failures: Vec<Group<'a>>,
    /// Each table that failed, with the place of its cause in `failures`.
    failed: Vec<(usize, &'a FailedTable)>,
    /// The stages of the plan in which something failed.
    stages: Vec<Stage<'a>>,
    /// Id, title and content of a section each.
    notes: [(&'static str, &'static str, Vec<Group<'a>>); 2],
    slowest: Vec<Slow<'a>>,
}

/// What failed in a stage of the plan.
struct Stage<'a> {
    job: &'static str,
    applied: &'a Applied,
    failures: Vec<Group<'a>>,
}

impl<'a> Stage<'a> {
    fn of(job: &'static str, applied: &'a Applied) -> Self {
        let blockers = applied.blockers.iter().map(Remark::from);
        Self { job, applied, failures: groups::of(blockers.chain(applied.failed.iter().map(Remark::from))) }
    }

    fn has_failures(&self) -> bool {
        self.applied.error.is_some() || !self.failures.is_empty() || !self.applied.skipped.is_empty()
    }
}

/// A table that took long; both parts are in percent of the longest.
struct Slow<'a> {
    table: &'a MovedTable,
    unload: f64,
    copy: f64,
}

fn slowest<'a>(report: &'a Report) -> Vec<Slow<'a>> {
    let mut tables: Vec<&MovedTable> = report.succeeded.iter().collect();
    tables.sort_by(|a, b| b.seconds().total_cmp(&a.seconds()));
    tables.truncate(SLOWEST);
    let longest = tables.first().map_or(0.0, |table| table.seconds());
    let share = |seconds: f64| if longest > 0.0 { seconds / longest * 100.0 } else { 0.0 };
    let slow = |table: &'a MovedTable| Slow {
        table,
        unload: share(table.unload_seconds),
        copy: share(table.copy_seconds),
    };
    tables.into_iter().map(slow).collect()
}

fn noted(notes: &[NoteText]) -> Vec<Group<'_>> {
    groups::of(notes.iter().map(Remark::from))
}

fn with_causes<'a>(failed: &'a [FailedTable], causes: &[Group]) -> Vec<(usize, &'a FailedTable)> {
    let places: BTreeMap<(&str, &str), usize> =
        causes.iter().enumerate().map(|(place, cause)| ((cause.reason, cause.remedy), place)).collect();
    let place = |table: &FailedTable| places.get(&(table.cause.as_str(), table.remedy.as_str())).copied();
    failed.iter().map(|table| (place(table).unwrap_or_default(), table)).collect()
}

impl Page<'_> {
    /// The verdict's word.
    fn verdict(&self) -> &'static str {
        match self.report.status {
            Status::Running => "running",
            Status::Planned => "planned",
            Status::Blocked => "blocked",
            Status::Finished => "finished",
            Status::Partial => "finished in part",
            Status::Failed => "failed",
        }
    }

    /// What the verdict looks like.
    fn mood(&self) -> &'static str {
        match self.report.status {
            Status::Finished | Status::Planned => "good",
            Status::Partial | Status::Running | Status::Blocked => "warn",
            Status::Failed => "bad",
        }
    }

    /// A plan that was not to be applied.
    fn planned(&self) -> Option<&Applied> {
        let is_plan = matches!(self.report.status, Status::Planned | Status::Blocked);
        self.report.schema.as_ref().filter(|_| is_plan)
    }
}

/// A moment to the second.
fn moment(moment: &OffsetDateTime) -> String {
    let (date, time) = (moment.date(), moment.time());
    let (hour, minute, second) = time.as_hms();
    format!("{date} {hour:02}:{minute:02}:{second:02} UTC")
}

/// How far a table came that moved.
fn stage(stage: TableStage) -> &'static str {
    match stage {
        TableStage::Planned => "planned",
        TableStage::Unloaded => "unloaded",
        TableStage::Loaded => "loaded",
        TableStage::Verified => "verified",
    }
}

/// How far a table came that did not.
fn after(stage: TableStage) -> &'static str {
    match stage {
        TableStage::Planned => "",
        TableStage::Unloaded => " after UNLOAD",
        TableStage::Loaded | TableStage::Verified => " after COPY",
    }
}

/// How many of them are folded away.
fn folded(groups: &[Group]) -> String {
    number(groups.len().saturating_sub(UNFOLDED_CAUSES))
}

fn sum(steps: &BTreeMap<Phase, usize>) -> String {
    number(steps.values().sum())
}

fn tables(number: usize) -> String {
    number_of(number, "table")
}

fn number(number: usize) -> String {
    count(number as u64)
}
