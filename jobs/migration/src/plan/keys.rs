//! PRIMARY KEY, UNIQUE and FOREIGN KEY constraints. Redshift does not enforce them, but its planner trusts them, so that a key too
//! many can give wrong answers: none is made on the target that the source does not have, and none is left unnamed that
//! only the target has.

use super::table_differences::compare;
use super::{Context, Draft, KeyCause, Phase, Stage, Step, StepId, Subject, Transaction};
use crate::catalog::{Column, ForeignKey, KeyKind, Table, UniqueKey};
use crate::name::{Identifier, QualifiedName};
use crate::statement::{self, Sql};
use std::collections::BTreeSet;

pub(super) fn plan(context: &Context, draft: &mut Draft) {
    for (name, table) in context.source.tables.iter().filter(|(name, _)| context.scope.holds(name)) {
        let existing = context.target.tables.get(name);
        if let Some(existing) = existing {
            add_unique_keys(name, table, existing, draft);
            name_other_keys(name, table, existing, draft);
        }
        for key in &table.foreign_keys {
            add_foreign_key(context, name, key, existing, draft);
        }
    }
}

/// Keys of a table that stands on the target without them; CREATE TABLE holds those of a new one.
fn add_unique_keys(name: &QualifiedName, table: &Table, existing: &Table, draft: &mut Draft) {
    for key in table.unique_keys.iter().filter(|key| !existing.unique_keys.contains(key)) {
        let clause = statement::unique_key_clause(key);
        let refusal = taken(&key.name, &clause, existing).or_else(|| {
            let there = existing.unique_keys.iter().find(|own| say_the_same(own, key))?;
            Some(otherwise(&statement::unique_key_clause(there), &clause))
        });
        // A nullable column is in no PRIMARY KEY (`r_ALTER_TABLE`).
        let fits = |column: &Column| column.not_null || key.kind == KeyKind::Unique;
        let refusal = refusal.or_else(|| missing_column(name, table, existing, &key.columns, fits));
        if let Some(refusal) = refusal {
            leave(name, &key.name, refusal, draft);
        } else {
            let needs = key.columns.iter().map(|column| StepId::column(name, column)).collect();
            draft.steps.push(step(name, &key.name, needs, statement::add_unique_key(name, key)));
        }
    }
}

fn add_foreign_key(
    context: &Context,
    name: &QualifiedName,
    key: &ForeignKey,
    existing: Option<&Table>,
    draft: &mut Draft,
) {
    if existing.is_some_and(|existing| existing.foreign_keys.contains(key)) {
        return;
    }
    let moves = context.scope.holds(&key.references) && context.source.tables.contains_key(&key.references);
    if !moves && !context.target.tables.contains_key(&key.references) {
        let subject = Subject::ForeignKey { table: name.clone(), key: key.name.clone() };
        draft.leave(subject, KeyCause::PointsNowhere { referenced: key.references.clone() });
        return;
    }
    let clause = statement::foreign_key_clause(key);
    let refusal = existing.and_then(|existing| {
        taken(&key.name, &clause, existing).or_else(|| {
            let there = existing.foreign_keys.iter().find(|own| point_alike(own, key))?;
            Some(otherwise(&statement::foreign_key_clause(there), &clause))
        })
    });
    let refusal = refusal.or_else(|| {
        let table = context.source.tables.get(name)?;
        missing_column(name, table, existing?, &key.columns, |_| true)
    });
    if let Some(refusal) = refusal {
        leave(name, &key.name, refusal, draft);
        return;
    }
    let mut needs = BTreeSet::from([StepId::table(name), StepId::table(&key.references)]);
    needs.extend(key.columns.iter().map(|column| StepId::column(name, column)));
    // It points at a key, which may be one that is added.
    let referenced =
        context.source.tables.get(&key.references).into_iter().flat_map(|table| &table.unique_keys);
    let referenced = referenced.filter(|unique| unique.columns == key.referenced_columns);
    needs.extend(referenced.map(|unique| StepId::key(&key.references, &unique.name)));
    draft.steps.push(step(name, &key.name, needs, statement::add_foreign_key(name, key)));
}

/// Why a key cannot have its name: another one of the table has it.
fn taken(name: &Identifier, clause: &str, existing: &Table) -> Option<KeyCause> {
    let unique =
        existing.unique_keys.iter().filter(|key| key.name == *name).map(statement::unique_key_clause);
    let foreign = existing.foreign_keys.iter().filter(|key| key.name == *name);
    let there = unique.chain(foreign.map(statement::foreign_key_clause)).next()?;
    Some(otherwise(&there, clause))
}

/// Why a key does not fit the columns that the target's table will have.
fn missing_column(
    name: &QualifiedName,
    table: &Table,
    existing: &Table,
    columns: &[Identifier],
    fits: impl Fn(&Column) -> bool,
) -> Option<KeyCause> {
    let added = compare(name, table, existing).add;
    let stands = |column: &&Identifier| {
        let mut all = existing.columns.iter().chain(added.iter().copied());
        all.any(|own| own.name == **column && fits(own))
    };
    let column = columns.iter().find(|column| !stands(column))?;
    Some(KeyCause::LacksColumn { column: column.clone() })
}

fn otherwise(target: &str, source: &str) -> KeyCause {
    KeyCause::Differs { source: source.to_owned(), target: target.to_owned() }
}

/// Keys that only the target has; those that stand there otherwise have been named.
fn name_other_keys(name: &QualifiedName, table: &Table, existing: &Table, draft: &mut Draft) {
    let unique = existing.unique_keys.iter().filter(|key| {
        !table.unique_keys.iter().any(|own| own.name == key.name || say_the_same(own, key))
            && !table.foreign_keys.iter().any(|own| own.name == key.name)
    });
    let foreign = existing.foreign_keys.iter().filter(|key| {
        !table.foreign_keys.iter().any(|own| own.name == key.name || point_alike(own, key))
            && !table.unique_keys.iter().any(|own| own.name == key.name)
    });
    let unique = unique.map(|key| (&key.name, statement::unique_key_clause(key)));
    for (key, clause) in unique.chain(foreign.map(|key| (&key.name, statement::foreign_key_clause(key)))) {
        leave(name, key, KeyCause::OnlyOnTarget { clause }, draft);
    }
}

/// Whether one of both is enough: they are of one kind and over the same columns, or both are the PRIMARY KEY.
fn say_the_same(one: &UniqueKey, other: &UniqueKey) -> bool {
    one.kind == other.kind && (one.columns == other.columns || one.kind == KeyKind::Primary)
}

/// Whether two foreign keys differ in name alone.
fn point_alike(one: &ForeignKey, other: &ForeignKey) -> bool {
    *one == ForeignKey { name: one.name.clone(), ..other.clone() }
}

fn leave(table: &QualifiedName, key: &Identifier, cause: KeyCause, draft: &mut Draft) {
    draft.leave(Subject::Key { table: table.clone(), key: key.clone() }, cause);
}

fn step(table: &QualifiedName, key: &Identifier, needs: BTreeSet<StepId>, sql: Sql) -> Step {
    Step {
        id: StepId::key(table, key),
        stage: Stage::BeforeData,
        phase: Phase::Keys,
        object: format!("{} of {}", key.as_str(), table.plain()),
        needs,
        transaction: Transaction::Batched,
        sql: vec![sql],
    }
}
