//! Views and materialized views, in the order of what they read.

use super::routines::{mentions, routine_step};
use super::schemas::schema_step;
use super::tables::table_step;
use super::{Context, Draft, Phase, Stage, Step, StepId, Transaction};
use crate::catalog::{Catalog, MaterializedView, View};
use crate::name::QualifiedName;
use crate::scope::Scope;
use crate::statement;
use std::collections::{BTreeMap, BTreeSet};

/// The step that creates a view or materialized view: its owner, its rights and the views over it need it.
pub(super) fn view_step(name: &QualifiedName) -> StepId {
    StepId::new("create view", name)
}

/// The materialized views, and the views that read one, by way of others too.
pub(super) fn after_data(source: &Catalog) -> BTreeSet<&QualifiedName> {
    let mut readers: BTreeMap<&QualifiedName, Vec<&QualifiedName>> = BTreeMap::new();
    for (name, view) in &source.views {
        for read in &view.reads {
            readers.entry(read).or_default().push(name);
        }
    }
    let mut after = BTreeSet::new();
    let mut open: Vec<_> = source.materialized_views.keys().collect();
    while let Some(name) = open.pop() {
        if after.insert(name) {
            open.extend(readers.remove(name).unwrap_or_default());
        }
    }
    after
}

pub(super) fn plan(context: &Context, draft: &mut Draft) {
    for (name, view) in context.source.views.iter().filter(|(name, _)| context.scope.holds(name)) {
        plan_view(context, name, view, draft);
    }
    let views = &context.source.materialized_views;
    for (name, view) in views.iter().filter(|(name, _)| context.scope.holds(name)) {
        plan_materialized_view(context, name, view, draft);
    }
}

/// The tenant's materialized views on a warehouse, each after those that it reads: the order of their refresh.
pub fn refresh_order<'a>(
    catalog: &'a Catalog,
    scope: &Scope,
) -> Vec<(&'a QualifiedName, &'a MaterializedView)> {
    fn visit<'a>(
        catalog: &'a Catalog,
        name: &'a QualifiedName,
        seen: &mut BTreeSet<&'a QualifiedName>,
        order: &mut Vec<(&'a QualifiedName, &'a MaterializedView)>,
    ) {
        let Some(view) = catalog.materialized_views.get(name).filter(|_| seen.insert(name)) else { return };
        for read in &view.reads {
            visit(catalog, read, seen, order);
        }
        order.push((name, view));
    }
    let (mut seen, mut order) = (BTreeSet::new(), Vec::new());
    for name in catalog.materialized_views.keys().filter(|name| scope.holds(name)) {
        visit(catalog, name, &mut seen, &mut order);
    }
    order.retain(|(name, _)| scope.holds(name));
    order
}

fn plan_view(context: &Context, name: &QualifiedName, view: &View, draft: &mut Draft) {
    let object = format!("view {}", name.plain());
    if view.late_binding() {
        draft.leave(
            object,
            "late-binding views are not moved by this version",
            "create it on the target by hand",
        );
        return;
    }
    match context.target.views.get(name) {
        Some(existing) if existing.definition == view.definition => {}
        Some(_) => differs(object, draft),
        None => {
            let sql = vec![statement::create_view(name, view)];
            let mut needs = needs(name, &view.reads);
            // The catalog does not say which functions a view calls; those of the tenant all come before.
            let routines =
                context.source.routines.keys().filter(|routine| context.scope.holds_routine(routine));
            needs.extend(
                routines
                    .filter(|routine| mentions(&view.definition, routine.name.name.as_str()))
                    .map(routine_step),
            );
            let stage = if context.after_data.contains(name) { Stage::AfterData } else { Stage::BeforeData };
            draft.steps.push(step(name, stage, Phase::Views, needs, Transaction::Batched, sql));
        }
    }
}

/// A materialized view is created by its owner: only the owner refreshes it, and its statement may hold
/// names that lie in its own schema.
fn plan_materialized_view(
    context: &Context,
    name: &QualifiedName,
    view: &MaterializedView,
    draft: &mut Draft,
) {
    match context.target.materialized_views.get(name) {
        Some(existing) if existing.definition == view.definition => {}
        Some(_) => differs(format!("materialized view {}", name.plain()), draft),
        None => {
            let mut sql = statement::act_as(&view.owner, &name.schema);
            sql.push(statement::create_materialized_view(view));
            sql.extend(statement::act_as_oneself());
            let needs = needs(name, &view.reads);
            let phase = Phase::MaterializedViews;
            draft.steps.push(step(name, Stage::AfterData, phase, needs, Transaction::Alone, sql));
        }
    }
}

fn differs(object: String, draft: &mut Draft) {
    let reason = "it is on the target with another definition";
    draft.leave(object, reason, "replace or drop it on the target; it is never changed by this tool");
}

fn needs(name: &QualifiedName, reads: &BTreeSet<QualifiedName>) -> BTreeSet<StepId> {
    let mut needs: BTreeSet<StepId> =
        reads.iter().flat_map(|read| [table_step(read), view_step(read)]).collect();
    needs.insert(schema_step(&name.schema));
    needs
}

fn step(
    name: &QualifiedName,
    stage: Stage,
    phase: Phase,
    needs: BTreeSet<StepId>,
    transaction: Transaction,
    sql: Vec<statement::Sql>,
) -> Step {
    Step { id: view_step(name), stage, phase, object: name.plain(), needs, transaction, sql }
}
