//! Tables, their columns and physical attributes.

use super::identity::{Furthest, plan_identity};
use super::schemas::schema_step;
use super::table_differences::compare;
use super::{Context, Draft, Phase, Stage, Step, StepId, Transaction};
use crate::catalog::{Column, Table};
use crate::name::{Identifier, QualifiedName};
use crate::statement::{self, Sql};
use std::collections::BTreeSet;

const CREATE_TABLE: &str = "create table";

/// The step that creates a table: its keys, owner, rights and the views over it need it.
pub fn table_step(name: &QualifiedName) -> StepId {
    StepId::new(CREATE_TABLE, name)
}

/// Whether a step's id is that of a table's creation.
pub fn is_table_step(id: &str) -> bool {
    id.strip_prefix(CREATE_TABLE).is_some_and(|object| object.starts_with(' '))
}

/// The step that adds a column to a table that stands: its comment and the keys over it need it.
pub(super) fn column_step(table: &QualifiedName, column: &Identifier) -> StepId {
    StepId::new("add column", format!("{table}.{column}"))
}

pub(super) fn plan(context: &Context, furthest: &Furthest, draft: &mut Draft) {
    for (name, table) in context.source.tables.iter().filter(|(name, _)| context.scope.holds(name)) {
        match context.target.tables.get(name) {
            None => create(name, table, furthest, draft),
            Some(existing) => alter(name, table, existing, draft),
        }
    }
}

fn create(name: &QualifiedName, table: &Table, furthest: &Furthest, draft: &mut Draft) {
    let identity = match table.identity() {
        None => None,
        Some((column, own)) => {
            let planned = plan_identity(own, furthest.get(name).copied(), &column.data_type);
            if planned.is_none() {
                draft.block(
                    format!("table {}", name.plain()),
                    format!("its identity column {} has no room left past its values", column.name.as_str()),
                    "widen the column to BIGINT on the source",
                );
                return;
            }
            planned
        }
    };
    draft.steps.push(Step {
        id: table_step(name),
        stage: Stage::BeforeData,
        phase: Phase::Tables,
        object: name.plain(),
        needs: BTreeSet::from([schema_step(&name.schema)]),
        transaction: Transaction::Batched,
        sql: statement::create_table(name, table, identity),
    });
}

/// Alters a table that stands on the target where that loses nothing, and names what else it has otherwise.
fn alter(name: &QualifiedName, table: &Table, existing: &Table, draft: &mut Draft) {
    let changes = compare(name, table, existing);
    let automatic_encoding = existing.automatic.is_some_and(|automatic| automatic.encoding);
    let mut before = None;
    for column in changes.add {
        // One after the other: their order is that of the source.
        let needs = before.replace(column_step(name, &column.name)).into_iter().collect();
        let sql = statement::add_column(name, column, automatic_encoding);
        draft.steps.push(alteration(
            name,
            column,
            column_step(name, &column.name),
            needs,
            Transaction::Batched,
            sql,
        ));
    }
    for column in changes.widen {
        let id = StepId::new("widen column", format!("{name}.{}", column.name));
        let sql = statement::widen_column(name, &column.name, &column.data_type);
        draft.steps.push(alteration(name, column, id, BTreeSet::new(), Transaction::Alone, sql));
    }
    for difference in changes.differences {
        let object = match difference.column {
            Some(column) => format!("column {} of table {}", column.as_str(), name.plain()),
            None => format!("table {}", name.plain()),
        };
        draft.leave(
            object,
            format!(
                "its {} differs: {} on the target, {} on the source",
                difference.attribute, difference.target, difference.source
            ),
            "ALTER the table on the target, or make it anew; this tool changes only what loses nothing",
        );
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
