//! Reports of runs that ended in one way or another.

use super::*;
use crate::name::{Identifier, QualifiedName};
use crate::outcome::{
    ApplyOutcome, ErrorKind, FailedStep, Failure, ListedTable, RunFailure, SkippedStep, Status, TableItem,
    TableList, TableOutcome, TableStage,
};
use crate::plan::{self, NoteText, StepId};
use std::collections::BTreeMap;
use time::{Duration, OffsetDateTime};

fn table(name: &str) -> QualifiedName {
    QualifiedName::new(Identifier::new("s").unwrap(), Identifier::new(name).unwrap())
}

fn listed(name: &str) -> ListedTable {
    ListedTable { table: table(name), megabytes: 7 }
}

fn list(number: usize, names: &[&str]) -> (TableItem, TableList) {
    let list = TableList::of(names.iter().map(|name| listed(name)).collect());
    (TableItem::of(&list, format!("s3://b/items/{number}.json")), list)
}

fn moved(name: &str) -> TableOutcome {
    let mut outcome = TableOutcome::new(&table(name), "t", "r");
    outcome.status = Status::Finished;
    outcome.stage = TableStage::Verified;
    outcome.rows.loaded = Some(10);
    outcome.bytes = Some(100);
    outcome
}

fn failed(name: &str) -> TableOutcome {
    let mut outcome = TableOutcome::new(&table(name), "t", "r");
    let failure = |message: &str, remedy: &str| Failure {
        kind: ErrorKind::Data,
        message: message.into(),
        remedy: remedy.into(),
    };
    outcome.error = Some(failure("it does not fit", "make it wider"));
    outcome
}

fn applied(job: &str, status: Status) -> ApplyOutcome {
    let mut outcome = ApplyOutcome::new(job, "t", "r");
    outcome.count(plan::Phase::Tables);
    outcome.status = status;
    outcome
}

fn failed_step(step: StepId) -> FailedStep {
    FailedStep {
        object: step.to_string(),
        id: step.to_string(),
        step: Some(step),
        phase: plan::Phase::Tables,
        kind: ErrorKind::Data,
        message: "no".into(),
        remedy: "yes".into(),
    }
}

/// A run in which all went well with these tables.
fn evidence(names: &[&str]) -> Evidence {
    Evidence {
        tenant: "t".into(),
        run_id: "r".into(),
        schema: Some(applied("migrate-schema", Status::Finished)),
        views: Some(applied("refresh-views", Status::Finished)),
        lists: vec![list(1, names)],
        tables: names.iter().map(|name| moved(name)).collect(),
        failures: Vec::new(),
        glue_runs: Ok(Vec::new()),
        ended_early: None,
        plan_sql: "s3://b/runs/t/r/plan.sql".into(),
    }
}

fn terms() -> Terms {
    Terms {
        made: OffsetDateTime::UNIX_EPOCH + Duration::days(20_000),
        tolerated_percentage: 20,
        strict: false,
        dollars_a_dpu_hour: 0.44,
    }
}

fn report(evidence: &Evidence) -> Report {
    Report::of(evidence, &terms())
}

const TEN: [&str; 10] = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];

#[test]
fn figures_are_those_of_the_tables() {
    let report = report(&evidence(&["a", "b"]));
    assert_eq!(report.status, Status::Finished);
    let Totals { tables, succeeded, failed, rows, bytes, steps, .. } = report.totals;
    assert_eq!((tables, succeeded, failed, rows, bytes, steps), (2, 2, 0, 20, 200, 2));
    assert_eq!(report.summary, "2 of 2 tables moved, 20 rows, 200 bytes");
    assert_eq!(RetryFile::of(&report), None);
}

#[test]
fn tables_are_counted_and_not_runs() {
    // Two of ten are as many as are tolerated, whichever run they were of.
    let mut two = evidence(&TEN);
    for at in [3, 4] {
        two.tables[at] = failed(TEN[at]);
    }
    assert_eq!(report(&two).status, Status::Partial);
    assert_eq!(Report::of(&two, &Terms { strict: true, ..terms() }).status, Status::Failed);
    two.tables.remove(9);
    let three = report(&two);
    assert_eq!(three.status, Status::Failed);
    assert!(
        three.summary.contains("3 tables failed: 30 %, of which 20 % are tolerated"),
        "{}",
        three.summary
    );
    // All that there were are too many, however few.
    let mut alone = evidence(&["a"]);
    alone.tables[0] = failed("a");
    assert_eq!(Report::of(&alone, &Terms { tolerated_percentage: 100, ..terms() }).status, Status::Failed);
}

#[test]
fn a_table_that_could_not_be_created_counts() {
    let mut it = evidence(&["a", "b", "c", "d"]);
    let schema = it.schema.as_mut().unwrap();
    schema.status = Status::Partial;
    schema.failed.push(failed_step(StepId::CreateTable(table("e"))));
    schema.failed.push(failed_step(StepId::CreateView(table("v"))));
    let one_of_five = report(&it);
    assert_eq!(
        (one_of_five.totals.tables, one_of_five.totals.failed, one_of_five.status),
        (5, 1, Status::Partial)
    );
    it.tables.pop();
    assert_eq!(report(&it).status, Status::Failed);
}

#[test]
fn each_failed_table_has_a_cause_and_a_remedy() {
    let mut it = evidence(&["a"]);
    it.lists.push(list(2, &["told", "killed", "b"]));
    it.lists.push(list(3, &["never"]));
    it.tables.extend([failed("told"), moved("b")]);
    let mut half = TableOutcome::new(&table("killed"), "t", "r");
    half.stage = TableStage::Unloaded;
    it.tables.push(half);
    let of = |report: &Report| -> Vec<String> {
        report
            .failed
            .iter()
            .map(|it| format!("{}: {} | {}", it.table.name.as_str(), it.cause, it.remedy))
            .collect()
    };
    insta::assert_snapshot!(of(&report(&it)).join("\n"));
    let failure = |tables: &str, began: i64, cause: &str| RunFailure {
        format: 1,
        tables: tables.into(),
        began: OffsetDateTime::UNIX_EPOCH + Duration::seconds(began),
        cause: cause.into(),
    };
    let has = |it: &Evidence, start: &str| {
        let lines = of(&report(it));
        assert!(lines.iter().any(|line| line.starts_with(start)), "{start}: {lines:?}");
    };
    it.failures.push(failure("s3://b/items/3.json", 9, "Glue.ConcurrentRunsExceededException: too many"));
    has(&it, "never: its Glue run failed: Glue.ConcurrentRunsExceededException: too many | put right");
    // A retry that failed before it came to the table knows better than what that said before, and than an older run.
    for table in &mut it.tables {
        table.written = Some(OffsetDateTime::UNIX_EPOCH + Duration::seconds(5));
    }
    it.failures.push(failure("s3://b/items/2.json", 4, "some tables failed"));
    has(&it, "told: it does not fit");
    it.failures.push(failure("\"s\".\"told\"", 8, "no login"));
    it.failures.push(failure("\"s\".\"told\"", 7, "no worker"));
    has(&it, "told: its Glue run failed: no login");
}

#[test]
fn what_moves_again_is_what_failed() {
    let mut it = evidence(&["a", "b"]);
    it.lists.push(list(2, &["c"]));
    it.tables.push(failed("c"));
    let report = report(&it);
    let file = serde_json::to_value(RetryFile::of(&report).unwrap()).unwrap();
    let wanted = serde_json::json!({
        "format": 1, "RETRY_RUN": "r", "TENANT_NAME": "t",
        "tables": [{"schema": "s", "table": "c", "megabytes": 7}],
    });
    assert_eq!(file, wanted);
    // The data job takes it for a list of tables.
    assert_eq!(serde_json::from_value::<TableList>(file).unwrap().tables, [listed("c")]);
}

#[test]
fn a_bad_view_costs_only_itself() {
    let mut it = evidence(&["a"]);
    let views = it.views.as_mut().unwrap();
    // Nothing else was to be done: the job itself failed.
    *views = ApplyOutcome::new("refresh-views", "t", "r");
    views.failed.push(failed_step(StepId::CreateView(table("mv"))));
    views.conclude();
    assert_eq!(views.status, Status::Failed);
    assert_eq!(report(&it).status, Status::Partial);
    let lost = Failure { kind: ErrorKind::Unreachable, message: "lost".into(), remedy: "again".into() };
    it.views.as_mut().unwrap().error = Some(lost);
    assert_eq!(report(&it).status, Status::Failed);
}

#[test]
fn a_run_that_ended_early_or_was_killed_failed() {
    let mut it = evidence(&["a"]);
    it.schema.as_mut().unwrap().status = Status::Running;
    assert_eq!(report(&it).status, Status::Failed);
    let mut it = evidence(&["a"]);
    it.ended_early = Some("no more workers".into());
    let early = report(&it);
    assert_eq!(early.status, Status::Failed);
    assert!(early.summary.starts_with("ended early: no more workers; 1 of 1"), "{}", early.summary);
}

#[test]
fn a_second_stage_that_nobody_began_is_missing() {
    let mut it = evidence(&["a"]);
    it.views = None;
    assert_eq!(report(&it).status, Status::Finished, "there was none");
    it.schema.as_mut().unwrap().planned_after_data.insert(plan::Phase::Views, 2);
    let left = report(&it);
    assert_eq!(left.status, Status::Partial);
    assert!(left.summary.ends_with("2 steps of the plan after the data not made: refresh-views has not run"));
}

#[test]
fn a_plan_is_told_as_one() {
    let mut it = evidence(&[]);
    (it.views, it.lists) = (None, Vec::new());
    let schema = it.schema.as_mut().unwrap();
    schema.status = Status::Planned;
    // An earlier start of the run applied one.
    schema.planned_by_phase.insert(plan::Phase::Tables, 1201);
    schema.planned_after_data.insert(plan::Phase::Views, 1);
    let planned = report(&it);
    let summary = "planned 1,201 steps: 1,200 now, 1 after the data; no row of the target is to be replaced; \
                   nothing was changed";
    assert_eq!((planned.status, planned.summary.as_str()), (Status::Planned, summary));
    assert_eq!(planned.planned, Some(Planned { now: 1200, after_data: 1 }));
    assert!(planned.warnings.is_empty(), "{:?}", planned.warnings);
    let html = page(&planned).unwrap();
    for said in ["tables: <strong>1,201</strong>", "views: <strong>1</strong>", "s3://b/runs/t/r/plan.sql"] {
        assert!(html.contains(said), "{said}");
    }
}

#[test]
fn a_plan_with_blockers_is_shown_with_them() {
    let mut it = evidence(&[]);
    (it.views, it.lists) = (None, Vec::new());
    let schema = it.schema.as_mut().unwrap();
    schema.status = Status::Blocked;
    (schema.applied, schema.applied_by_phase) = (0, BTreeMap::new());
    schema.planned_by_phase.insert(plan::Phase::Tables, 1);
    schema.to_replace.push(plan::ReplacedRows { table: table("a"), rows: 32 });
    let (object, reason) = ("table s.b".to_owned(), "its rows are another's".to_owned());
    schema.blockers.push(NoteText { object, reason, remedy: "look".into(), definitions: None });
    let blocked = report(&it);
    let summary = "planned 1 step: 1 now, 0 after the data; 1 blocker; 32 rows of 1 table are to be replaced; nothing \
                   was changed";
    assert_eq!((blocked.status, blocked.summary.as_str()), (Status::Blocked, summary));
    let html = page(&blocked).unwrap();
    assert!(html.contains("its rows are another&#39;s") || html.contains("its rows are another's"));
    assert!(html.contains("tables: <strong>1</strong>"), "the plan is shown all the same");
}

#[test]
fn rows_that_were_replaced_are_told() {
    let mut it = evidence(&["a", "b", "c"]);
    it.tables[0].rows.replaced = Some(32);
    it.tables[1].rows.replaced = Some(0);
    let replaced = report(&it);
    assert_eq!(replaced.totals.replaced, Replaced { tables: 1, rows: 32 });
    assert_eq!(replaced.summary, "3 of 3 tables moved, 30 rows, 300 bytes; 32 rows of 1 table replaced");
    assert!(page(&replaced).unwrap().contains("Rows replaced"));
}

#[test]
fn a_plan_after_a_run_is_a_plan() {
    let mut it = evidence(&["a"]);
    it.tables[0] = failed("a");
    it.schema.as_mut().unwrap().status = Status::Planned;
    assert_eq!(report(&it).status, Status::Planned);
}

#[test]
fn what_was_left_out_is_missing() {
    let mut it = evidence(&["a"]);
    let (id, object) = ("create materialized view".to_owned(), "s.v".to_owned());
    it.views.as_mut().unwrap().skipped.push(SkippedStep {
        id,
        step: None,
        object,
        cause: "create table".into(),
    });
    let left_out = report(&it);
    assert_eq!(left_out.status, Status::Partial);
    assert!(left_out.summary.ends_with("0 steps of the plan failed, 1 left out"), "{}", left_out.summary);
    assert!(page(&left_out).unwrap().contains("s.v"));
}

/// A run of so many seconds with so many DPUs, which started so many seconds after the first.
fn run(job: &str, after: i64, seconds: u32, dpus: f64) -> GlueRun {
    let started = OffsetDateTime::UNIX_EPOCH + Duration::seconds(after);
    GlueRun {
        job: job.into(),
        id: format!("jr_{after}"),
        state: "SUCCEEDED".into(),
        started: Some(started),
        ended: Some(started + Duration::seconds(seconds.into())),
        seconds: seconds.into(),
        dpus: Some(dpus),
        dpu_seconds: None,
        tables: None,
        error: None,
    }
}

#[test]
fn time_and_costs_are_those_of_the_runs() {
    let mut it = evidence(&["a"]);
    let failed = GlueRun { state: "FAILED".into(), ..run("migrate-data", 20, 3600, 1.0) };
    let runs = [run("migrate-data", 30, 3600, 1.0), failed, run("migrate-schema", 0, 10, 0.0625)];
    it.glue_runs = Ok(runs.to_vec());
    let report = report(&it);
    let phases: Vec<_> =
        report.durations.iter().map(|it| (it.job.as_str(), it.runs, it.failed_runs, it.seconds)).collect();
    assert_eq!(phases, [("migrate-schema", 1, 0, 10.0), ("migrate-data", 2, 1, 3610.0)]);
    // Ten seconds are billed as a minute.
    let hours = 2.0 + 0.0625 / 60.0;
    let cost = report.cost.clone().unwrap();
    assert_eq!(report.seconds(), Some(3620.0));
    // A day before a retry is nobody's work.
    it.glue_runs.as_mut().unwrap().push(run("migrate-data", 86_400, 5, 1.0));
    let retried = Report::of(&it, &terms());
    assert_eq!((retried.seconds(), retried.durations[1].seconds), (Some(3625.0), 3615.0));
    assert!((cost.dpu_hours - hours).abs() < 1e-9 && (cost.dollars - hours * 0.44).abs() < 1e-9, "{cost:?}");
}

#[test]
fn the_page_is_of_this_run_and_no_name_is_markup() {
    let mut it = evidence(&["a", "<script>alert(1)</script>"]);
    it.tables[1] = failed("<script>alert(1)</script>");
    it.schema.as_mut().unwrap().not_carried_over.push(NoteText {
        object: "\"q\" & 'p'".into(),
        reason: "</section>".into(),
        remedy: "none".into(),
        definitions: None,
    });
    it.glue_runs = Ok(vec![run("migrate-schema", 0, 25, 1.0), run("migrate-data", 25, 75, 1.0)]);
    let html = page(&report(&it)).unwrap();
    assert!(!html.contains("<script>alert") && !html.contains("</section></"), "markup of a name");
    assert!(html.contains("style=\"left:25.00%;width:75.00%;--row:0\""));
    for outside in ["http:", "https:", "src=", "url(", "@import"] {
        assert!(!html.contains(outside), "the page asks for {outside}");
    }
    for said in
        ["it does not fit", "make it wider", "{&#34;RETRY_RUN&#34;: &#34;r&#34;}", "retry_failed_tables.json"]
    {
        assert!(html.contains(said) || html.contains(&said.replace("&#34;", "\"")), "{said}");
    }
}
