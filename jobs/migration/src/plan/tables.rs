//! Tables, their columns and physical attributes.

use super::identity::{Furthest, plan_identity};
use super::schemas::schema_step;
use super::{Context, Draft, Phase, Stage, Step, StepId, Transaction};
use crate::catalog::{Automatic, Column, DefaultValue, Identity, Table};
use crate::name::QualifiedName;
use crate::statement;
use std::collections::BTreeSet;

/// The step that creates a table: its keys, owner, rights and the views over it need it.
pub fn table_step(name: &QualifiedName) -> StepId {
    StepId::new("create table", name)
}

pub(super) fn plan(context: &Context, furthest: &Furthest, draft: &mut Draft) {
    for (name, table) in context.source.tables.iter().filter(|(name, _)| context.scope.holds(name)) {
        match context.target.tables.get(name) {
            None => create(name, table, furthest, draft),
            Some(existing) => compare(name, table, existing, draft),
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
    for column in table.columns.iter().filter(|column| column.is_nullable_super()) {
        draft.leave(
            format!("column {} of table {}", column.name.as_str(), name.plain()),
            "a SUPER value that is JSON null as a whole arrives as NULL: UNLOAD writes both alike",
            "nothing, where the source holds no such value (JSON_TYPEOF(column) = 'null')",
        );
    }
    draft.steps.push(Step {
        id: table_step(name),
        stage: Stage::BeforeData,
        phase: Phase::Tables,
        object: name.plain(),
        needs: BTreeSet::from([schema_step(&name.schema)]),
        transaction: Transaction::Batched,
        sql: vec![statement::create_table(name, table, identity)],
    });
}

/// Names what a table on the target has otherwise; identity seeds may differ, keys are compared elsewhere, and what
/// Redshift chooses by itself on either side is not compared.
fn compare(name: &QualifiedName, table: &Table, existing: &Table, draft: &mut Draft) {
    let mut differences = Vec::new();
    let automatic = |chosen: fn(&Automatic) -> bool| {
        [table, existing].iter().any(|table| table.automatic.as_ref().is_some_and(chosen))
    };
    let encodings = !automatic(|automatic| automatic.encoding);
    let columns = |table: &Table| table.columns.iter().map(|c| comparable(c, encodings)).collect::<Vec<_>>();
    if columns(table) != columns(existing) {
        differences.push("columns");
    }
    if table.distribution != existing.distribution {
        differences.push("distribution style");
    }
    if table.sort_key != existing.sort_key && !automatic(|automatic| automatic.sort_key) {
        differences.push("sort key");
    }
    if !differences.is_empty() {
        draft.leave(
            format!("table {}", name.plain()),
            format!("it is on the target with other {}", differences.join(", ")),
            "ALTER or DROP it on the target; it is never changed by this tool",
        );
    }
}

/// A column without what may differ.
fn comparable(column: &Column, encoding: bool) -> Column {
    let default = match &column.default {
        Some(DefaultValue::Identity(identity)) => {
            Some(DefaultValue::Identity(Identity { seed: 0, ..*identity }))
        }
        other => other.clone(),
    };
    let encoding = if encoding { column.encoding.clone() } else { String::new() };
    Column { default, encoding, ..column.clone() }
}
