//! Views and materialized views, in the order of what they read.

use super::acting;
use super::lost_powers::{self, Arriving};
use super::self_revokes;
use super::{Context, Draft, Owners, Phase, Stage, Step, StepId, Subject, Transaction, ViewCause};
use crate::catalog::{Catalog, MaterializedView, Privilege, Securable, View};
use crate::name::QualifiedName;
use crate::scope::Scope;
use crate::statement::{self, Ownable};
use crate::text::{Mention, Reading, mentions};
use std::collections::{BTreeMap, BTreeSet};

/// The materialized views, and the views that read one, by way of others too. Not so late-binding views, which can be created
/// before what they name.
pub(super) fn after_data(source: &Catalog) -> BTreeSet<&QualifiedName> {
    let late = LateBinding::of(source);
    let mut readers: BTreeMap<&QualifiedName, Vec<&QualifiedName>> = BTreeMap::new();
    for (name, view) in &source.views {
        for read in view.reads.iter().chain(late.named_by(name)) {
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
    after.retain(|name| !late.named.contains_key(name));
    after
}

/// Late-binding views with the relations that their texts name: the catalog keeps no dependency of them (`r_CREATE_VIEW`).
struct LateBinding<'a> {
    named: BTreeMap<&'a QualifiedName, BTreeSet<&'a QualifiedName>>,
}

impl<'a> LateBinding<'a> {
    fn of(source: &'a Catalog) -> Self {
        let views = source.views.iter().filter(|(_, view)| view.late_binding());
        let named = |definition: &str| {
            // A view runs no literal.
            let names = mentions(definition, Reading::Sql);
            let names: Vec<_> = names.iter().filter_map(Mention::qualified).collect();
            names.iter().filter_map(|name| source.relation(name)).collect()
        };
        Self { named: views.map(|(name, view)| (name, named(&view.definition))).collect() }
    }

    fn named_by(&self, view: &QualifiedName) -> impl Iterator<Item = &'a QualifiedName> + use<'a, '_> {
        self.named.get(view).into_iter().flatten().copied()
    }

    /// What there must be before a view over these can be created: through a late-binding view the database looks at what
    /// that names.
    fn through(&self, reads: &'a BTreeSet<QualifiedName>) -> BTreeSet<&'a QualifiedName> {
        let mut found = BTreeSet::new();
        let mut open: Vec<_> = reads.iter().collect();
        while let Some(read) = open.pop() {
            if found.insert(read) {
                open.extend(self.named_by(read));
            }
        }
        found
    }
}

pub(super) fn plan(context: &Context, draft: &mut Draft) {
    let late = LateBinding::of(context.source);
    for (name, view) in context.source.views.iter().filter(|(name, _)| context.scope.holds(name)) {
        plan_view(context, &late, name, view, draft);
    }
    let views = &context.source.materialized_views;
    for (name, view) in views.iter().filter(|(name, _)| context.scope.holds(name)) {
        plan_materialized_view(context, name, view, draft);
    }
}

/// Makes materialized views wait for the owners and rights that come after the data, too: their owners need SELECT on what they
/// read. Once all steps are drafted.
pub(super) fn wait_for_rights(context: &Context, draft: &mut Draft) {
    let mut given: BTreeMap<StepId, Vec<StepId>> = BTreeMap::new();
    for step in &draft.steps {
        if step.stage == Stage::AfterData && matches!(step.phase, Phase::Owners | Phase::Rights) {
            for need in &step.needs {
                given.entry(need.clone()).or_default().push(step.id.clone());
            }
        }
    }
    let mut waits: BTreeMap<StepId, BTreeSet<StepId>> = BTreeMap::new();
    for (name, view) in &context.source.materialized_views {
        let rights = view.reads.iter().flat_map(StepId::relation).filter_map(|create| given.get(&create));
        waits.insert(StepId::view(name), rights.flatten().cloned().collect());
    }
    for step in draft.steps.iter_mut().filter(|step| step.phase == Phase::MaterializedViews) {
        step.needs.extend(waits.remove(&step.id).unwrap_or_default());
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

fn plan_view(context: &Context, late: &LateBinding, name: &QualifiedName, view: &View, draft: &mut Draft) {
    let subject = Subject::View(name.clone());
    match context.target.views.get(name) {
        Some(existing) if existing.definition == view.definition => {}
        Some(existing) => {
            let source = statement::create_view(name, view, context.source.case_kept(name, &view.definition));
            let target =
                statement::create_view(name, existing, context.target.case_kept(name, &existing.definition));
            draft.differs(StepId::view(name), subject, vec![], &source, &target);
        }
        None if view.definition.is_empty() => {
            draft.leave_out(StepId::view(name), subject, ViewCause::Unreadable);
        }
        None if let Some(cause) = names_databases(context, name) => {
            draft.leave_out(StepId::view(name), subject, cause);
        }
        None => {
            let mut needs = needs(name, late.through(&view.reads));
            needs.extend(view.calls.iter().map(StepId::routine));
            // A late-binding view needs the schemas that it names, and nothing in them.
            needs.extend(late.named_by(name).map(|named| StepId::schema(&named.schema)));
            let stage = if context.after_data.contains(name) { Stage::AfterData } else { Stage::BeforeData };
            let on = Securable::Relation(name.clone());
            acting::refuse_creation(context, &on, draft);
            let case_kept = context.source.case_kept(name, &view.definition);
            let mut sql = vec![statement::create_view(name, view, case_kept)];
            if acting::created_with_owner(context, &on) {
                needs.insert(StepId::user(&view.owner));
                sql.push(statement::alter_owner(&Ownable::Relation(name), &view.owner));
                sql.extend(self_revokes::revoke(context, &on));
            }
            draft.steps.push(Step {
                id: StepId::view(name),
                stage,
                phase: Phase::Views,
                object: name.plain(),
                needs,
                transaction: Transaction::Batched,
                sql,
            });
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
    let subject = Subject::MaterializedView(name.clone());
    if let Some(broken) = view.broken {
        draft.leave(subject.clone(), ViewCause::CannotBeRefreshed { broken });
    }
    match context.target.materialized_views.get(name) {
        Some(existing) if existing.definition != view.definition => {
            let create = |view: &MaterializedView, of: &Catalog| {
                statement::create_materialized_view(view, of.case_kept(name, &view.definition))
            };
            let (source, target) = (create(view, context.source), create(existing, context.target));
            draft.differs(StepId::view(name), subject, vec![], &source, &target);
        }
        Some(existing) => {
            if existing.auto_refresh != view.auto_refresh {
                draft.steps.push(refresh_by_itself(name, view));
            }
        }
        None if view.definition.is_empty() => {
            draft.leave_out(StepId::view(name), subject, ViewCause::Unreadable);
        }
        None => {
            if let Some(cause) = obstacle(context, name, view) {
                draft.leave_out(StepId::view(name), subject, cause);
                return;
            }
            acting::refuse_creation(context, &Securable::Relation(name.clone()), draft);
            draft.steps.push(create_materialized_view(context, name, view));
            // The statement may say otherwise than the view was altered to since.
            if view.auto_refresh || says_auto(view) {
                draft.steps.push(refresh_by_itself(name, view));
            }
        }
    }
}

/// Whether the statement may say AUTO REFRESH YES; a literal says nothing of the kind.
fn says_auto(view: &MaterializedView) -> bool {
    mentions(&view.definition, Reading::Sql).iter().any(|word| word.name.as_str() == "auto")
}

fn create_materialized_view(context: &Context, name: &QualifiedName, view: &MaterializedView) -> Step {
    let mut sql = match context.policy.owners {
        Owners::Keep => statement::act_as(&view.owner, &name.schema),
        Owners::TargetAdmin => statement::search(&name.schema),
    };
    let case_kept = context.source.case_kept(name, &view.definition);
    sql.push(statement::create_materialized_view(view, case_kept));
    sql.extend(statement::act_as_oneself());
    Step {
        id: StepId::view(name),
        stage: Stage::AfterData,
        phase: Phase::MaterializedViews,
        object: name.plain(),
        needs: needs(name, &view.reads),
        transaction: Transaction::Alone,
        sql,
    }
}

fn refresh_by_itself(name: &QualifiedName, view: &MaterializedView) -> Step {
    Step {
        id: StepId::SetAutoRefresh(name.clone()),
        stage: Stage::AfterData,
        phase: Phase::MaterializedViews,
        object: name.plain(),
        needs: BTreeSet::from([StepId::view(name)]),
        transaction: Transaction::Batched,
        sql: vec![statement::set_auto_refresh(name, view.auto_refresh)],
    }
}

/// A view that names another database is not created: what it would read on the target is not what it reads.
fn names_databases(context: &Context, name: &QualifiedName) -> Option<ViewCause> {
    let relations = context.source.names_databases.get(&Securable::Relation(name.clone()))?;
    Some(ViewCause::NamesDatabases { relations: relations.clone() })
}

/// Why a materialized view cannot be created. Its owner creates it, who needs CREATE in the schema and SELECT on what the view
/// reads (`materialized-view-create-sql-command`). One that lost these since still stands on the source.
fn obstacle(context: &Context, name: &QualifiedName, view: &MaterializedView) -> Option<ViewCause> {
    if let Some(cause) = names_databases(context, name) {
        return Some(cause);
    }
    if let Some(ambiguous) = context.source.ambiguous_name(name, view) {
        return Some(ViewCause::AmbiguousName { name: ambiguous, schema: name.schema.clone() });
    }
    let owner = &view.owner;
    if context.policy.owners == Owners::TargetAdmin {
        return None;
    }
    if !context.user_arrives(owner) {
        return Some(ViewCause::OwnerNotThere { owner: owner.clone() });
    }
    if acting::becomes_superuser(context, owner) {
        return None;
    }
    let arriving = Arriving::of(context, owner);
    let create = arriving.lacks(Privilege::Create, Securable::Schema(name.schema.clone()));
    let read = view.reads.iter().cloned().map(Securable::Relation);
    let lacks = create.into_iter().chain(read.filter_map(|on| arriving.lacks(Privilege::Select, on)));
    let lacks: Vec<_> = lacks.collect();
    if lacks.is_empty() {
        return None;
    }
    let owner = owner.clone();
    Some(if lost_powers::loses_superuser(context, &owner) {
        ViewCause::CreatorIsNoSuperuser { owner, lacks }
    } else {
        ViewCause::OwnerLacks { owner, lacks }
    })
}

fn needs<'a>(name: &QualifiedName, reads: impl IntoIterator<Item = &'a QualifiedName>) -> BTreeSet<StepId> {
    let mut needs: BTreeSet<StepId> = reads.into_iter().flat_map(StepId::relation).collect();
    needs.insert(StepId::schema(&name.schema));
    needs
}

#[cfg(test)]
mod tests;
