//! Tables, their columns and physical attributes.

use super::identity::{Furthest, plan_identities};
use super::table_differences::{Difference, compare};
use super::{Context, Draft, Phase, Stage, Step, StepId, Subject, TableCause, Transaction};
use crate::catalog::{Column, Table};
use crate::name::QualifiedName;
use crate::statement::{self, Sql};
use std::collections::BTreeSet;

pub(super) fn plan(context: &Context, furthest: &Furthest, draft: &mut Draft) {
    for (name, table) in context.source.tables.iter().filter(|(name, _)| context.scope.holds(name)) {
        match context.target.tables.get(name) {
            None => create(name, table, furthest, draft),
            Some(existing) => alter(name, table, existing, draft),
        }
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
        sql: statement::create_table(name, &Table { columns, ..table.clone() }),
    });
}

/// Alters a table that stands on the target where that loses nothing, and names what else it has otherwise.
fn alter(name: &QualifiedName, table: &Table, existing: &Table, draft: &mut Draft) {
    let changes = compare(name, table, existing);
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
