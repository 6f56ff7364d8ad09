//! What acts for its owner, where that is a superuser on the source and an ordinary user on the target: views, late-binding views
//! and procedures with SECURITY DEFINER. They are created, and whoever uses them is refused what their owner may not do.
//!
//! A view needs the right to read of its owner (`r_CREATE_VIEW`), such a procedure all that it does
//! (`stored-procedure-security-and-privileges`). A superuser needs no grant, so there is none to carry over.

use super::acting::becomes_superuser;
use super::held::Held;
use super::readers::DYNAMIC;
use super::reason::Lack;
use super::{Context, Draft, Owners, Reason, RoutineCause, StepId, Subject, ViewCause};
use crate::catalog::{Catalog, Privilege, Routine, RoutineName, Securable, View};
use crate::name::{Identifier, QualifiedName};
use crate::text::{Act, Mention, Reading, Usage, mentions, reaches_beyond_names, usages};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn plan(context: &Context, draft: &mut Draft) {
    match context.policy.owners {
        Owners::Keep => {}
        Owners::TargetAdmin => return,
    }
    let mut notes: Vec<(Subject, Reason)> = Vec::new();
    // The rights of a user are looked up once for all that it owns.
    let mut rights: BTreeMap<&Identifier, Arriving> = BTreeMap::new();
    for (name, view) in context.source.views.iter().filter(|(name, _)| context.scope.holds(name)) {
        if !draft.absent.contains(&StepId::view(name)) && loses_superuser(context, &view.owner) {
            let arriving = rights.entry(&view.owner).or_insert_with(|| Arriving::of(context, &view.owner));
            let lacks = lacked_by_view(context, arriving, view);
            if !lacks.is_empty() {
                let cause = ViewCause::OwnerIsNoSuperuser { owner: view.owner.clone(), lacks };
                notes.push((Subject::View(name.clone()), cause.into()));
            }
        }
    }
    let routines = context.source.routines.iter();
    for (name, routine) in routines.filter(|(name, routine)| {
        routine.security_definer
            && context.scope.holds_routine(name)
            && super::routines::arrives(context, name)
    }) {
        if !draft.absent.contains(&StepId::routine(name)) && loses_superuser(context, &routine.owner) {
            let arriving =
                rights.entry(&routine.owner).or_insert_with(|| Arriving::of(context, &routine.owner));
            let lacks = lacked_by_procedure(context, arriving, name, routine);
            // What a statement needs that is put together as it runs, or that acts on more than relations, no name tells.
            if is_dynamic(context, routine) || !lacks.is_empty() {
                let cause = RoutineCause::OwnerIsNoSuperuser { owner: routine.owner.clone(), lacks };
                notes.push((Subject::Routine(name.clone()), cause.into()));
            }
        }
    }
    for (subject, reason) in notes {
        draft.leave(subject, reason);
    }
}

/// Whether a user is a superuser on the source, and comes to the target as none.
pub(super) fn loses_superuser(context: &Context, user: &Identifier) -> bool {
    let on_source = context.source.is_superuser_by_option(user);
    on_source && context.user_arrives(user) && !becomes_superuser(context, user)
}

/// What a user will hold on the target: what it holds on the source and the tenant brings along, and what it holds there already.
pub(super) struct Arriving<'a> {
    context: &'a Context<'a>,
    source: Held<'a>,
    target: Held<'a>,
}

impl<'a> Arriving<'a> {
    pub(super) fn of(context: &'a Context, user: &'a Identifier) -> Self {
        Self { context, source: Held::by(context.source, user), target: Held::by(context.target, user) }
    }

    /// The privilege, if the user will not hold it. One on a column of a relation may do: only the target knows whether it is on
    /// every column that is used.
    pub(super) fn lacks(&self, privilege: Privilege, on: Securable) -> Option<Lack> {
        let moves = self.context.scope.holds_securable(&on);
        let held_by = |held: &Held| {
            let relation = super::relation_of(&on);
            held.on(&privilege, &on) || relation.is_some_and(|name| held.on_a_column(&privilege, name))
        };
        let holds = (moves && held_by(&self.source)) || held_by(&self.target);
        (!holds).then_some(Lack { privilege, on })
    }
}

fn lacked_by_view(context: &Context, arriving: &Arriving, view: &View) -> Vec<Lack> {
    let named: BTreeSet<QualifiedName> = if view.late_binding() {
        let used = usages(&view.definition, Reading::Sql).into_iter();
        used.filter_map(|usage| Some(QualifiedName::new(usage.schema?, usage.name))).collect()
    } else {
        view.reads.clone()
    };
    // Redshift's own are not in the catalog.
    let read = named.into_iter().filter(|name| context.source.relation(name).is_some());
    read.filter_map(|name| arriving.lacks(Privilege::Select, Securable::Relation(name))).collect()
}

fn lacked_by_procedure(
    context: &Context,
    arriving: &Arriving,
    name: &RoutineName,
    procedure: &Routine,
) -> Vec<Lack> {
    let mut lacks = BTreeSet::new();
    for usage in usages(&procedure.body, Reading::BodyWithLiterals) {
        let candidates = relations_of(context.source, &usage, &name.name.schema);
        lacks.extend(of_all(&candidates, |relation| {
            let on = arriving.lacks(privilege(usage.act), Securable::Relation(relation.clone()));
            let schema = Securable::Schema(relation.schema.clone());
            on.into_iter().chain(arriving.lacks(Privilege::Usage, schema)).collect()
        }));
    }
    let called = mentions(&procedure.body, Reading::Body);
    for mention in called.iter().filter(|mention| mention.called) {
        let candidates = routines_of(context.source, mention);
        lacks.extend(of_all(&candidates, |routine| {
            arriving.lacks(Privilege::Execute, Securable::Routine(routine.clone())).into_iter().collect()
        }));
    }
    lacks.into_iter().collect()
}

/// What is lacked on the first of those that a name may be of; nothing where one of them is no trouble.
fn of_all<T>(candidates: &[&T], lacks: impl Fn(&T) -> Vec<Lack>) -> Vec<Lack> {
    let each: Vec<_> = candidates.iter().map(|candidate| lacks(candidate)).collect();
    if each.iter().any(Vec::is_empty) { Vec::new() } else { each.into_iter().next().unwrap_or_default() }
}

/// The relations that a name may be of, first of all the one in the procedure's own schema: `search_path` decides as it runs.
fn relations_of<'a>(source: &'a Catalog, usage: &Usage, own: &Identifier) -> Vec<&'a QualifiedName> {
    let named =
        |schema: &Identifier| source.relation(&QualifiedName::new(schema.clone(), usage.name.clone()));
    if let Some(schema) = &usage.schema {
        return named(schema).into_iter().collect();
    }
    let others = source.schemas.keys().filter(|schema| *schema != own);
    std::iter::once(own).chain(others).filter_map(named).collect()
}

fn routines_of<'a>(source: &'a Catalog, mention: &Mention) -> Vec<&'a RoutineName> {
    source.routines.keys().filter(|routine| mention.may_be(&routine.name)).collect()
}

fn privilege(act: Act) -> Privilege {
    match act {
        Act::Read => Privilege::Select,
        Act::Insert => Privilege::Insert,
        Act::Update => Privilege::Update,
        Act::Delete => Privilege::Delete,
        Act::Truncate => Privilege::Truncate,
    }
}

/// Whether its names do not tell what it needs.
fn is_dynamic(context: &Context, procedure: &Routine) -> bool {
    let puts_together = |mention: &Mention| mention.name.as_str() == DYNAMIC;
    mentions(&procedure.body, Reading::Body).iter().any(puts_together)
        || reaches_beyond_names(&procedure.body, |schema| context.scope.schemas.contains(schema))
}

#[cfg(test)]
mod tests;
