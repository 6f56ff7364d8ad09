//! PRIMARY KEY, UNIQUE and FOREIGN KEY constraints.

use super::tables::table_step;
use super::{Context, Draft, Phase, Stage, Step, StepId, Transaction};
use crate::catalog::Table;
use crate::name::{Identifier, QualifiedName};
use crate::statement::{self, Sql};
use std::collections::BTreeSet;

pub(super) fn plan(context: &Context, draft: &mut Draft) {
    for (name, table) in context.source.tables.iter().filter(|(name, _)| context.scope.holds(name)) {
        let existing = context.target.tables.get(name);
        if let Some(existing) = existing {
            add_unique_keys(name, table, existing, draft);
        }
        for key in &table.foreign_keys {
            if existing.is_some_and(|existing| existing.foreign_keys.contains(key)) {
                continue;
            }
            let arrives = context.target.tables.contains_key(&key.references)
                || (context.scope.holds(&key.references)
                    && context.source.tables.contains_key(&key.references));
            if !arrives {
                draft.leave(
                    format!("foreign key {} of {}", key.name.as_str(), name.plain()),
                    format!(
                        "it points at {}, which is neither moved nor on the target",
                        key.references.plain()
                    ),
                    "move that schema too, or create the table on the target",
                );
                continue;
            }
            let needs = BTreeSet::from([table_step(name), table_step(&key.references)]);
            draft.steps.push(step(name, &key.name, needs, statement::add_foreign_key(name, key)));
        }
    }
}

/// Keys of a table that stands on the target without them; CREATE TABLE holds those of a new one.
fn add_unique_keys(name: &QualifiedName, table: &Table, existing: &Table, draft: &mut Draft) {
    for key in table.unique_keys.iter().filter(|key| !existing.unique_keys.contains(key)) {
        draft.steps.push(step(name, &key.name, BTreeSet::new(), statement::add_unique_key(name, key)));
    }
}

fn step(table: &QualifiedName, key: &Identifier, needs: BTreeSet<StepId>, sql: Sql) -> Step {
    Step {
        id: StepId::new("add key", format!("{table} {key}")),
        stage: Stage::BeforeData,
        phase: Phase::Keys,
        object: format!("{} of {}", key.as_str(), table.plain()),
        needs,
        transaction: Transaction::Batched,
        sql: vec![sql],
    }
}
