//! What the schema job does: compare, plan, associate the IAM role, apply the first stage, list the tables.

use crate::passwords::NewPasswords;
use crate::preflight::preflight;
use crate::roles::Roles;
use arguments::{BucketPrefix, Job, MigrateSchema, PlanSum};
use job::comparison::{Comparison, compare};
use job::{
    Effects, JobError, Record, Run, Verdict, Warehouses, apply_stage, conclude, log_notes, require_known,
    standing_rows,
};
use migration::name::QualifiedName;
use migration::outcome::{
    ApplyOutcome, ErrorKind, ListedTable, Status, TableItem, TableList, TableOutcome, not_applied,
};
use migration::plan::{Note, Phase, Plan, Stage, StandingRows, StepId, note_texts};
use migration::transfer::groups;
use migration::words::number_of;
use std::collections::BTreeSet;

/// Runs the job. The ledger has its outcome however it ends; of a preflight it has nothing.
pub async fn run<E: Effects>(arguments: MigrateSchema, effects: E) -> Result<Verdict, JobError> {
    let run = Run::start(Job::MigrateSchema, &arguments.common.run, effects)?;
    if arguments.preflight {
        return Ok(Box::pin(preflight(&run, &arguments)).await);
    }
    let record = Record::open(&run, run.keys.schema()).await?;
    record.update(|outcome| outcome.dry_run = arguments.dry_run);
    let done = Box::pin(migrate(&run, &arguments, &record)).await;
    conclude(&run, record, done).await
}

async fn migrate<E: Effects>(
    run: &Run<E>,
    arguments: &MigrateSchema,
    record: &Record,
) -> Result<(), JobError> {
    let common = &arguments.common;
    let mut warehouses = run.connect(common).await?;
    let passwords = NewPasswords::of(arguments, &mut warehouses).await?;
    let policy = passwords.policy(arguments, &warehouses);
    let mut comparison = Box::pin(compare(&mut warehouses, common, policy)).await?;
    let roles = Roles::of(run, &warehouses)?;
    let missing = roles.missing(common.iam_role.first()).await?;
    let moved = moved(run, &comparison, arguments.dry_run).await?;
    let standing = look_at_rows(run, arguments, &mut warehouses, &comparison, &moved).await?;
    let (target, bucket) = (&warehouses.target.site().place, &common.run.bucket);
    let ours = comparison.source.tables.keys().filter(|name| comparison.scope.holds(name));
    let long_keys: Vec<Note> = ours.filter_map(|name| run.key_too_long(bucket, target, name)).collect();
    let plan = &mut comparison.plan;
    plan.associate(missing, arguments.allowed_roles.contains(common.iam_role.first()));
    plan.replace(standing, warehouses.source.site(), warehouses.target.site());
    plan.block(long_keys);
    let plan = &comparison.plan;
    run.ledger.put(&run.keys.plan(), plan).await?;
    run.ledger.put_text(&run.keys.plan_sql(), &plan.to_sql()).await?;
    let (blockers, not_carried_over, border) =
        (note_texts(&plan.blockers), note_texts(&plan.not_carried_over), note_texts(&plan.border));
    log_notes("not carried over", &not_carried_over);
    log_notes("crosses the border", &border);
    log_notes("blocker", &blockers);
    log_plan(plan, &common.run.bucket.uri(&run.keys.plan_sql()));
    let sum = plan.sha256();
    record.update(|outcome| {
        outcome.look(&plan.steps_by_phase(Stage::BeforeData));
        outcome.plan_after_data(&plan.steps_by_phase(Stage::AfterData));
        outcome.to_replace.clone_from(&plan.replaced);
        outcome.plan_sha256 = Some(sum.clone());
        (outcome.blockers, outcome.not_carried_over, outcome.border) = (blockers, not_carried_over, border);
    });
    require_sum(arguments.plan_sum.as_ref(), &sum)?;
    if !plan.blockers.is_empty() || arguments.dry_run {
        return Ok(());
    }
    warehouses.direction.remember(run).await?;
    for association in std::mem::take(&mut comparison.plan.associations) {
        log::info!("{association}");
        roles.associate(association.side, common.iam_role.first()).await?;
        record.update(|outcome| outcome.count(Phase::IamRoles));
    }
    let set_passwords = passwords.statements(run, arguments, &warehouses, &comparison.plan).await?;
    let stage = Stage::BeforeData;
    apply_stage(&mut comparison, stage, &mut warehouses, &set_passwords, common.attempts, record).await?;
    comparison.verify(&mut warehouses, stage, record).await?;
    let mut tables = tables(&comparison, &record.outcome());
    tables.retain(|listed| !moved.contains(&listed.table));
    put_tables(run, &common.run.bucket, tables).await
}

/// Refuses any other plan than the one that was asked for: either warehouse may have changed since somebody read that.
fn require_sum(asked: Option<&PlanSum>, planned: &str) -> Result<(), JobError> {
    match asked {
        Some(asked) if asked.as_str() != planned => Err(JobError {
            kind: ErrorKind::Configuration,
            message: format!(
                "nothing was changed by this start: --PLAN_SHA256 asks for the plan {asked}, but what both warehouses hold now makes the \
                 plan {planned}; read its plan.sql in the ledger, and start the job with its sum"
            ),
        }),
        Some(_) | None => Ok(()),
    }
}

/// Rows that stand on the target in tables whose rows are to move.
async fn look_at_rows<E: Effects>(
    run: &Run<E>,
    arguments: &MigrateSchema,
    warehouses: &mut Warehouses<E>,
    comparison: &Comparison,
    moved: &BTreeSet<QualifiedName>,
) -> Result<Vec<StandingRows>, JobError> {
    let ours = comparison.source.tables.keys().filter(|name| comparison.scope.holds(name));
    let mut standing: Vec<&QualifiedName> = ours.collect();
    require_known(&arguments.replace, &standing)?;
    standing.retain(|name| comparison.target.tables.contains_key(*name) && !moved.contains(*name));
    standing_rows(run, &mut warehouses.target, &standing, &arguments.replace, arguments.verify).await
}

/// What is planned, in a line for people, and where it is.
fn log_plan(plan: &Plan, uri: &str) {
    let rows: u64 = plan.replaced.iter().map(|replaced| replaced.rows).sum();
    log::info!(
        "{} of {} on the target to be replaced; the plan is in {uri}",
        number_of(rows, "row"),
        number_of(plan.replaced.len(), "table")
    );
}

/// The tables whose rows can move: those of the tenant that stand on the target now.
fn tables(comparison: &Comparison, outcome: &ApplyOutcome) -> Vec<ListedTable> {
    let missing: BTreeSet<&QualifiedName> = not_applied(&outcome.failed, &outcome.skipped)
        .filter_map(|step| match step {
            StepId::CreateTable(name) => Some(name),
            _ => None,
        })
        .collect();
    let source = &comparison.source;
    let tables = source.tables.keys().filter(|name| comparison.scope.holds(name));
    tables
        .filter(|name| !missing.contains(name))
        .map(|name| ListedTable { table: name.clone(), megabytes: source.megabytes(name) })
        .collect()
}

/// The tables that an earlier start of this run has moved: a run that goes on moves what is left.
///
/// A table that the target does not have any more has lost its rows: the ledger is told, and it moves again. Of a run whose
/// tables show one moment all move again where one is left.
async fn moved<E: Effects>(
    run: &Run<E>,
    comparison: &Comparison,
    plans_only: bool,
) -> Result<BTreeSet<QualifiedName>, JobError> {
    let outcomes: Vec<TableOutcome> = run.ledger.all(&run.keys.table_outcomes()).await?;
    let (mut moved, mut is_one_moment) = (BTreeSet::new(), false);
    for outcome in outcomes.into_iter().filter(|outcome| outcome.status == Status::Finished) {
        is_one_moment |= outcome.consistent;
        if comparison.target.tables.contains_key(&outcome.table) {
            moved.insert(outcome.table);
        } else if !plans_only {
            let lost = TableOutcome::lost(&outcome);
            run.ledger.put(&run.keys.table(&outcome.table.schema, &outcome.table.name), &lost).await?;
        }
    }
    let mut ours = comparison.source.tables.keys().filter(|name| comparison.scope.holds(name));
    if is_one_moment && !ours.all(|name| moved.contains(name)) {
        moved.clear();
    }
    Ok(moved)
}

/// Puts the lists of tables, one for each run of the data job, and last the document that names them.
async fn put_tables<E: Effects>(
    run: &Run<E>,
    bucket: &BucketPrefix,
    tables: Vec<ListedTable>,
) -> Result<(), JobError> {
    let mut items = Vec::new();
    for (number, tables) in groups(tables).into_iter().enumerate() {
        let (key, list) = (run.keys.table_list(number + 1), TableList::of(tables));
        run.ledger.put(&key, &list).await?;
        items.push(TableItem::of(&list, bucket.uri(&key)));
    }
    run.ledger.put(&run.keys.tables(), &items).await?;
    Ok(())
}
