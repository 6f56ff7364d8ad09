//! The verdict over a run. It counts tables: a Glue run moves one table or two hundred.

use super::figures::bytes;
use super::{Evidence, Planned, Replaced, Terms, Totals};
use crate::outcome::{ApplyOutcome, Status};
use crate::words::{count, number_of};

/// What the run ends with.
pub(super) fn status(evidence: &Evidence, totals: &Totals, terms: &Terms) -> Status {
    let broken = evidence.schema.as_ref().is_some_and(|schema| ended(schema) == Status::Failed)
        || evidence.views.as_ref().is_some_and(|views| after_data(views) == Status::Failed);
    let in_part = totals.failed > 0
        || totals.steps_failed > 0
        || totals.steps_skipped > 0
        || steps_not_begun(evidence) > 0;
    if evidence.ended_early.is_some() {
        Status::Failed
    } else if let Some(planned) = evidence.planned() {
        // Whatever an earlier start of the run left: this one was to show the plan.
        planned.status
    } else if broken || too_many(totals, terms) || (in_part && terms.strict) {
        Status::Failed
    } else if in_part {
        Status::Partial
    } else {
        Status::Finished
    }
}

/// Steps of the plan that follow the data, where nobody has begun with them.
fn steps_not_begun(evidence: &Evidence) -> usize {
    match (&evidence.schema, &evidence.views) {
        (Some(schema), None) if evidence.planned().is_none() => schema.planned_after_data.values().sum(),
        _ => 0,
    }
}

/// Past what is tolerated; all of them are always too many.
fn too_many(totals: &Totals, terms: &Terms) -> bool {
    let all = totals.failed > 0 && totals.succeeded == 0;
    all || totals.failed * 100 > usize::from(terms.tolerated_percentage) * totals.tables
}

/// A job that was killed says that it still runs.
fn ended(outcome: &ApplyOutcome) -> Status {
    match outcome.status {
        Status::Running | Status::Failed => Status::Failed,
        Status::Planned | Status::Blocked | Status::Finished | Status::Partial => outcome.status,
    }
}

/// The rows are there by then: views that cannot be made or refreshed leave the rest done, even if no other was to be.
fn after_data(outcome: &ApplyOutcome) -> Status {
    let only_steps = outcome.error.is_none() && outcome.blockers.is_empty() && !outcome.failed.is_empty();
    if outcome.status == Status::Failed && only_steps { Status::Partial } else { ended(outcome) }
}

/// The verdict in a line: what came of the run, and why it is no better.
pub(super) fn summary(evidence: &Evidence, totals: &Totals, status: Status, terms: &Terms) -> String {
    if let Some(plan) = evidence.planned().filter(|plan| plan.status == status) {
        return plan_summary(plan, totals.replaced);
    }
    let early = evidence.ended_early.iter().map(|cause| format!("ended early: {cause}"));
    let Totals { tables, succeeded, rows, bytes: size, .. } = *totals;
    let moved = format!(
        "{} of {} moved, {}, {}",
        count(succeeded as u64),
        number_of(tables, "table"),
        number_of(rows, "row"),
        bytes(size)
    );
    let replaced = (totals.replaced.rows > 0).then(|| format!("{} replaced", totals.replaced));
    let parts: Vec<String> =
        early.chain([moved]).chain(replaced).chain(reasons(evidence, totals, terms)).collect();
    parts.join("; ")
}

/// What a dry run found, in a line.
fn plan_summary(plan: &ApplyOutcome, replaced: Replaced) -> String {
    let Planned { now, after_data } = Planned::of(plan);
    let steps = number_of(now + after_data, "step");
    let split = if now + after_data > 0 {
        format!(": {} now, {} after the data", count(now as u64), count(after_data as u64))
    } else {
        String::new()
    };
    let replaced = match (replaced.rows, replaced.tables) {
        (0, _) => "no row of the target is to be replaced".to_owned(),
        (1, _) => format!("{replaced} is to be replaced"),
        (_, _) => format!("{replaced} are to be replaced"),
    };
    let blockers = match plan.blockers.len() {
        0 => String::new(),
        number => format!("{}; ", number_of(number, "blocker")),
    };
    format!("planned {steps}{split}; {blockers}{replaced}; nothing was changed")
}

/// Why the verdict is no better.
pub(super) fn reasons(evidence: &Evidence, totals: &Totals, terms: &Terms) -> Vec<String> {
    let mut reasons = Vec::new();
    if totals.failed > 0 {
        reasons.push(format!(
            "{} failed: {} %, of which {} % are tolerated",
            number_of(totals.failed, "table"),
            (totals.failed * 100).div_ceil(totals.tables),
            terms.tolerated_percentage
        ));
    }
    if totals.steps_failed > 0 || totals.steps_skipped > 0 {
        reasons.push(format!(
            "{} of the plan failed, {} left out",
            number_of(totals.steps_failed, "step"),
            count(totals.steps_skipped as u64)
        ));
    }
    if steps_not_begun(evidence) > 0 {
        let steps = number_of(steps_not_begun(evidence), "step");
        reasons.push(format!("{steps} of the plan after the data not made: refresh-views has not run"));
    }
    for outcome in evidence.schema.iter().chain(&evidence.views) {
        if !outcome.blockers.is_empty() {
            reasons.push(format!("{} stopped {}", number_of(outcome.blockers.len(), "blocker"), outcome.job));
        }
        if let Some(error) = &outcome.error {
            reasons.push(format!("{}: {}", outcome.job, error.message));
        } else if outcome.status == Status::Running {
            reasons.push(format!("{} was killed at work", outcome.job));
        }
    }
    reasons
}
