//! Tables, their columns and physical attributes.

use super::identity::{Furthest, plan_identities};
use super::table_differences::{COLLATION, Difference, compare};
use super::{Context, Draft, Interleaved, Phase, Stage, Step, StepId, Subject, TableCause, Transaction};
use crate::catalog::{Column, Section, SortKey, SortStyle, Table, WarehouseKind};
use crate::name::QualifiedName;
use crate::statement::{self, Sql};
use std::borrow::Cow;
use std::collections::BTreeSet;

pub(super) fn plan(context: &Context, furthest: &Furthest, draft: &mut Draft) {
    for (name, table) in context.source.tables.iter().filter(|(name, _)| context.scope.holds(name)) {
        let table = arriving(context, table);
        match context.target.tables.get(name) {
            None => create(name, &table, furthest, draft),
            Some(existing) => alter(context, name, &table, existing, draft),
        }
        if let Cow::Owned(_) = table {
            draft.leave(Subject::Table(name.clone()), TableCause::BecomesCompound);
        }
    }
}

/// Whether a table has an interleaved sort key and the target is Serverless, which makes compound ones of them where it restores a
/// cluster's snapshot (Management Guide: `serverless-migration`).
pub(super) fn loses_interleaving(context: &Context, table: &Table) -> bool {
    context.target.kind == Some(WarehouseKind::Serverless)
        && table.sort_key.as_ref().is_some_and(|key| key.style == SortStyle::Interleaved)
}

/// A table as the target can have it.
fn arriving<'a>(context: &Context, table: &'a Table) -> Cow<'a, Table> {
    match &table.sort_key {
        Some(key)
            if context.policy.interleaved == Interleaved::Compound && loses_interleaving(context, table) =>
        {
            let compound = SortKey { style: SortStyle::Compound, columns: key.columns.clone() };
            Cow::Owned(Table { sort_key: Some(compound), ..table.clone() })
        }
        _ => Cow::Borrowed(table),
    }
}

fn create(name: &QualifiedName, table: &Table, furthest: &Furthest, draft: &mut Draft) {
    let columns = match plan_identities(name, table, furthest) {
        Ok(columns) => columns,
        Err(full) => {
            for column in full {
                draft.block(Subject::Table(name.clone()), TableCause::IdentityIsFull { column });
            }
            return;
        }
    };
    draft.steps.push(Step {
        id: StepId::table(name),
        stage: Stage::BeforeData,
        phase: Phase::Tables,
        object: name.plain(),
        needs: BTreeSet::from([StepId::schema(&name.schema)]),
        transaction: Transaction::Batched,
        sql: vec![statement::create_table(name, &Table { columns, ..table.clone() })],
    });
    // A step of its own: should the warehouse refuse it in the table's transaction, it still gets one to itself.
    draft.steps.extend(statement::set_sort_key(name, table).map(|sql| Step {
        id: StepId::SetSortKey(name.clone()),
        stage: Stage::BeforeData,
        phase: Phase::Tables,
        object: name.plain(),
        needs: BTreeSet::from([StepId::table(name)]),
        transaction: Transaction::Batched,
        sql: vec![sql],
    }));
}

/// Alters a table that stands on the target where that loses nothing, and names what else it has otherwise.
fn alter(context: &Context, name: &QualifiedName, table: &Table, existing: &Table, draft: &mut Draft) {
    let mut changes = compare(name, table, existing);
    if ![context.source, context.target].iter().all(|catalog| catalog.tells(Section::Collations)) {
        changes.differences.retain(|difference| difference.attribute != COLLATION);
    }
    let automatic_encoding = existing.automatic.is_some_and(|automatic| automatic.encoding);
    let mut before = None;
    for column in changes.add {
        // One after the other: their order is that of the source.
        let needs = before.replace(StepId::column(name, &column.name)).into_iter().collect();
        let sql = statement::add_column(name, column, automatic_encoding);
        draft.steps.push(alteration(
            name,
            column,
            StepId::column(name, &column.name),
            needs,
            Transaction::Batched,
            sql,
        ));
    }
    for column in changes.widen {
        let id = StepId::WidenColumn { table: name.clone(), column: column.name.clone() };
        let sql = statement::widen_column(name, &column.name, &column.data_type);
        draft.steps.push(alteration(name, column, id, BTreeSet::new(), Transaction::Alone, sql));
    }
    for difference in changes.differences {
        let Difference { column, attribute, target, source } = difference;
        let subject = match column {
            Some(column) => Subject::Column { table: name.clone(), column: column.clone() },
            None => Subject::Table(name.clone()),
        };
        draft.leave(subject, TableCause::Differs { attribute, source, target });
    }
}

fn alteration(
    name: &QualifiedName,
    column: &Column,
    id: StepId,
    needs: BTreeSet<StepId>,
    transaction: Transaction,
    sql: Sql,
) -> Step {
    Step {
        id,
        stage: Stage::BeforeData,
        phase: Phase::Tables,
        object: format!("{} of {}", column.name.as_str(), name.plain()),
        needs,
        transaction,
        sql: vec![sql],
    }
}
