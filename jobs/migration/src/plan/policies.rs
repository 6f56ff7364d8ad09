//! Row-level security and masking policies, and what they guard.
//!
//! Nobody is to see on the target, even for a moment, what a policy hides on the source. Row-level security is turned on before
//! the data comes: until its policies are attached, nobody sees a row (`t_rls`), and it binds neither COPY nor superusers
//! (`t_rls_usage`). Masks are attached after the data, since one for PUBLIC may hold for the user who loads it, too. Owners and
//! rights wait for both: see [`super::guards`].

use super::guards::never_there;
use super::{Context, Draft, Phase, PolicyCause, Stage, Step, StepId, Subject, Transaction};
use crate::catalog::{
    AttachedMask, AttachedRowPolicy, Catalog, Conjunction, Grantee, MaskingPolicy, RoutineName, RowPolicy,
    RowSecurity, Securable,
};
use crate::name::{Identifier, QualifiedName};
use crate::statement::{self, Protectable, Sql};
use crate::text::{Reading, mentions};
use std::collections::BTreeSet;

pub(super) fn plan(context: &Context, draft: &mut Draft) {
    let held = |name: &QualifiedName| context.scope.holds(name);
    let mut wanted = Wanted::default();
    for (relation, security) in context.source.policies.row_security.iter().filter(|(name, _)| held(name)) {
        plan_row_security(context, relation, security, &mut wanted, draft);
    }
    for (relation, masks) in context.source.policies.masks.iter().filter(|(name, _)| held(name)) {
        for mask in missing_masks(context.target, relation, masks) {
            plan_mask(context, relation, mask, &mut wanted, draft);
        }
        wanted.compared.extend(masks.iter().map(|mask| (Kind::Masking, mask.policy.clone())));
    }
    plan_policies(context, &wanted, draft);
    for (relation, security) in context.target.policies.row_security.iter().filter(|(name, _)| held(name)) {
        refuse_other_row_security(context, relation, security, draft);
    }
    for (relation, masks) in context.target.policies.masks.iter().filter(|(name, _)| held(name)) {
        let own = context.source.policies.masks.get(relation);
        for mask in masks.iter().filter(|mask| own.is_none_or(|own| !own.contains(*mask))) {
            draft.block(subject(&mask.policy, relation, &mask.grantee), PolicyCause::AttachedOnTarget);
        }
    }
}

/// The policies of the tenant's relations.
#[derive(Default)]
struct Wanted {
    /// Those that are to be attached.
    attached: BTreeSet<(Kind, Identifier)>,
    /// All of them.
    compared: BTreeSet<(Kind, Identifier)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Rows,
    Masking,
}

fn plan_row_security(
    context: &Context,
    relation: &QualifiedName,
    security: &RowSecurity,
    wanted: &mut Wanted,
    draft: &mut Draft,
) {
    let stage = stage_of(context, relation);
    for attached in missing_policies(context.target, relation, security) {
        let subject = subject(&attached.policy, relation, &attached.grantee);
        let id = StepId::attach(relation, attached);
        match statement::attach_row_policy(relation, attached) {
            Some(sql) if arrives(context, &attached.grantee) => {
                let mut needs = BTreeSet::from(StepId::relation(relation));
                needs.insert(create_step(Kind::Rows, &attached.policy));
                needs.extend(StepId::principal(&attached.grantee));
                wanted.attached.insert((Kind::Rows, attached.policy.clone()));
                draft.steps.push(step(id, stage, &subject, needs, sql));
            }
            _ => leave_grantee(context, id, &attached.grantee, subject, draft),
        }
    }
    let names = security.policies.iter().map(|attached| attached.policy.clone());
    wanted.compared.extend(names.map(|name| (Kind::Rows, name)));
    if security.on && !is_on(context.target, relation) {
        let kind = if context.source.materialized_views.contains_key(relation) {
            Protectable::MaterializedView
        } else {
            Protectable::Table
        };
        let sql = statement::turn_on_row_level_security(kind, relation, security.conjunction);
        let (subject, needs) =
            (Subject::RowLevelSecurity(relation.clone()), StepId::relation(relation).into());
        draft.steps.push(step(StepId::enable_row_level_security(relation), stage, &subject, needs, sql));
        name_readers(context, relation, draft);
    }
}

/// A materialized view over protected rows is computed by its owner, whose own policies may hold then.
fn name_readers(context: &Context, relation: &QualifiedName, draft: &mut Draft) {
    let views = context.source.materialized_views.iter();
    let new = views.filter(|(name, view)| {
        context.scope.holds(name)
            && view.reads.contains(relation)
            && !context.target.materialized_views.contains_key(name)
    });
    for (name, _) in new {
        let cause = PolicyCause::ComputedByOwner { relation: relation.clone() };
        draft.leave(Subject::MaterializedViewRows(name.clone()), cause);
    }
}

fn plan_mask(
    context: &Context,
    relation: &QualifiedName,
    mask: &AttachedMask,
    wanted: &mut Wanted,
    draft: &mut Draft,
) {
    let (id, subject) = (StepId::mask(relation, mask), subject(&mask.policy, relation, &mask.grantee));
    if !arrives(context, &mask.grantee) {
        return leave_grantee(context, id, &mask.grantee, subject, draft);
    }
    let sql =
        statement::attach_masking_policy(relation, mask).filter(|_| are_columns(context, relation, mask));
    let Some(sql) = sql else {
        return draft.leave_out(id, subject, PolicyCause::MasksAPath { masked: mask.masked.clone() });
    };
    let mut needs = BTreeSet::from(StepId::relation(relation));
    needs.insert(create_step(Kind::Masking, &mask.policy));
    needs.extend(StepId::principal(&mask.grantee));
    wanted.attached.insert((Kind::Masking, mask.policy.clone()));
    draft.steps.push(step(id, Stage::AfterData, &subject, needs, sql));
}

/// Whether a mask names columns of the table; of a view the columns are not known here.
fn are_columns(context: &Context, relation: &QualifiedName, mask: &AttachedMask) -> bool {
    let Some(table) = context.source.tables.get(relation) else { return true };
    let is_column = |name: &String| table.columns.iter().any(|column| column.name.as_str() == name);
    mask.masked.iter().chain(&mask.inputs).all(is_column)
}

/// Creates what is to be attached and names what the target has otherwise: such a policy is not attached, and what it should
/// guard is not granted.
fn plan_policies(context: &Context, wanted: &Wanted, draft: &mut Draft) {
    for (kind, name) in &wanted.compared {
        let attached = wanted.attached.contains(&(*kind, name.clone()));
        let (source, target) = (define(context.source, *kind, name), define(context.target, *kind, name));
        let (id, subject) = (create_step(*kind, name), Subject::Policy(name.clone()));
        match (source, target) {
            (Some(source), Some(target)) if source != target => {
                refuse_other_definition(context, *kind, name, draft);
                draft.differs(id, subject, vec![], &source, &target);
            }
            (Some(_), _) if let Some(another) = another(context, *kind, name) => {
                draft.leave_out(id, subject, PolicyCause::DecidesByAnother { another });
            }
            (Some(sql), None) if attached => {
                let needs = named_steps(context, &sql);
                if *kind == Kind::Rows {
                    name_rights(context, name, &sql, draft);
                }
                draft.steps.push(step(id, policy_stage(*kind), &subject, needs, sql));
            }
            (None, _) if attached => draft.leave_out(id, subject, PolicyCause::NotListed),
            (Some(_) | None, _) => {}
        }
    }
}

/// The steps of the policies that decide on the target by something else than on the source, and so do not guard what they are attached to
/// there.
pub(super) fn deciding_otherwise(context: &Context) -> BTreeSet<StepId> {
    let rows = context.source.policies.row_policies.keys().map(|name| (Kind::Rows, name));
    let masking = context.source.policies.masking_policies.keys().map(|name| (Kind::Masking, name));
    let otherwise = rows.chain(masking).filter(|(kind, name)| another(context, *kind, name).is_some());
    otherwise.map(|(kind, name)| create_step(kind, name)).collect()
}

/// What a policy reads or calls, by way of others too, that is another on the target, or that others may make another there.
fn another(context: &Context, kind: Kind, name: &Identifier) -> Option<Securable> {
    let text = define(context.source, kind, name)?;
    context.texts.another_in_policy(text.as_str())
}

/// The statement that creates a policy of a catalog.
fn define(catalog: &Catalog, kind: Kind, name: &Identifier) -> Option<Sql> {
    let rows = |policy: &RowPolicy| statement::create_row_policy(name, policy);
    let masking = |policy: &MaskingPolicy| statement::create_masking_policy(name, policy);
    match kind {
        Kind::Rows => catalog.policies.row_policies.get(name).map(rows),
        Kind::Masking => catalog.policies.masking_policies.get(name).map(masking),
    }
}

/// A policy that the target attaches to the tenant hides there what it does, not what the source's does.
fn refuse_other_definition(context: &Context, kind: Kind, name: &Identifier, draft: &mut Draft) {
    let policies = &context.target.policies;
    let rows = policies.row_security.iter().filter(|(_, security)| {
        kind == Kind::Rows && security.policies.iter().any(|attached| attached.policy == *name)
    });
    let masks = policies
        .masks
        .iter()
        .filter(|(_, masks)| kind == Kind::Masking && masks.iter().any(|mask| mask.policy == *name));
    let relations = rows.map(|(relation, _)| relation).chain(masks.map(|(relation, _)| relation));
    let relations: Vec<QualifiedName> =
        relations.filter(|relation| context.scope.holds(relation)).cloned().collect();
    if !relations.is_empty() {
        draft.block(Subject::Policy(name.clone()), PolicyCause::OtherDefinitionAttached { relations });
    }
}

/// GRANT … TO RLS POLICY (`r_GRANT`) stands in no catalog. What its creation gives a policy by itself is SELECT on the tables
/// that it looks things up in (`r_CREATE_RLS_POLICY`).
fn name_rights(context: &Context, name: &Identifier, sql: &Sql, draft: &mut Draft) {
    let (relations, routines) = named(context, sql);
    let relations = relations.iter().map(|relation| relation.plain());
    let names: Vec<_> = relations.chain(routines.iter().map(|routine| routine.plain())).collect();
    if !names.is_empty() {
        draft.leave(Subject::PolicyPrivileges(name.clone()), PolicyCause::PrivilegesNotListed { names });
    }
}

/// The steps that create what a policy's text names.
fn named_steps(context: &Context, sql: &Sql) -> BTreeSet<StepId> {
    let (relations, routines) = named(context, sql);
    let relations = relations.into_iter().flat_map(StepId::relation);
    // Its owner may replace a routine.
    let owned = |routine: &RoutineName| StepId::change_owner(&Securable::Routine(routine.clone()));
    let routines = routines.into_iter().flat_map(|routine| [StepId::routine(routine), owned(routine)]);
    relations.chain(routines).collect()
}

/// What a policy's text names: tables to look things up in, and functions.
fn named<'a>(context: &Context<'a>, sql: &Sql) -> (BTreeSet<&'a QualifiedName>, BTreeSet<&'a RoutineName>) {
    let (mut relations, mut routines) = (BTreeSet::new(), BTreeSet::new());
    // A policy's expression runs no literal.
    for mention in mentions(sql.as_str(), Reading::Sql) {
        relations.extend(mention.qualified().and_then(|name| context.source.relation(&name)));
        if mention.called {
            let called = context.source.routines.keys().filter(|routine| mention.may_be(&routine.name));
            routines.extend(called);
        }
    }
    (relations, routines)
}

/// More policies may show more: with CONJUNCTION TYPE OR any of them is enough, and of masks the one of the highest priority
/// holds.
fn refuse_other_row_security(
    context: &Context,
    relation: &QualifiedName,
    security: &RowSecurity,
    draft: &mut Draft,
) {
    let own = context.source.policies.row_security.get(relation);
    for attached in &security.policies {
        if own.is_none_or(|own| !own.policies.contains(attached)) {
            let subject = subject(&attached.policy, relation, &attached.grantee);
            draft.block(subject, PolicyCause::AttachedOnTarget);
        }
    }
    let subject = Subject::RowLevelSecurity(relation.clone());
    match own {
        Some(own) if own.on && security.on && own.conjunction != security.conjunction => {
            let (source, target) = (own.conjunction, security.conjunction);
            let cause = PolicyCause::ConjunctionDiffers { source, target };
            match target {
                Conjunction::Or => draft.block(subject, cause),
                Conjunction::And => draft.leave(subject, cause),
            }
        }
        Some(own) if own.on => {}
        Some(_) | None if security.on => draft.leave(subject, PolicyCause::OnOnTarget),
        Some(_) | None => {}
    }
}

/// Leaves a policy out, and with it what it should guard where its grantee may come to the target later.
fn leave_grantee(context: &Context, attach: StepId, grantee: &Grantee, subject: Subject, draft: &mut Draft) {
    if never_there(context, grantee) {
        draft.leave(subject, PolicyCause::GranteeNotThere);
    } else {
        draft.leave_out(attach, subject, PolicyCause::GranteeNotThere);
    }
}

pub(super) fn missing_policies<'a>(
    target: &Catalog,
    relation: &QualifiedName,
    security: &'a RowSecurity,
) -> impl Iterator<Item = &'a AttachedRowPolicy> {
    let there = target.policies.row_security.get(relation);
    security.policies.iter().filter(move |own| there.is_none_or(|there| !there.policies.contains(*own)))
}

pub(super) fn missing_masks<'a>(
    target: &Catalog,
    relation: &QualifiedName,
    masks: &'a BTreeSet<AttachedMask>,
) -> impl Iterator<Item = &'a AttachedMask> {
    let there = target.policies.masks.get(relation);
    masks.iter().filter(move |own| there.is_none_or(|there| !there.contains(*own)))
}

pub(super) fn is_on(catalog: &Catalog, relation: &QualifiedName) -> bool {
    catalog.policies.row_security.get(relation).is_some_and(|security| security.on)
}

/// Policies are attached to no group (`r_ATTACH_RLS_POLICY`, `r_ATTACH_MASKING_POLICY`).
fn arrives(context: &Context, grantee: &Grantee) -> bool {
    match grantee {
        Grantee::Public | Grantee::User(_) | Grantee::Role(_) => context.grantee_arrives(grantee),
        Grantee::Group(_) => false,
    }
}

fn create_step(kind: Kind, name: &Identifier) -> StepId {
    match kind {
        Kind::Rows => StepId::CreateRowPolicy(name.clone()),
        Kind::Masking => StepId::CreateMaskingPolicy(name.clone()),
    }
}

fn subject(policy: &Identifier, relation: &QualifiedName, grantee: &Grantee) -> Subject {
    Subject::AttachedPolicy { policy: policy.clone(), relation: relation.clone(), grantee: grantee.clone() }
}

fn policy_stage(kind: Kind) -> Stage {
    match kind {
        Kind::Rows => Stage::BeforeData,
        Kind::Masking => Stage::AfterData,
    }
}

fn stage_of(context: &Context, relation: &QualifiedName) -> Stage {
    if context.after_data.contains(relation) { Stage::AfterData } else { Stage::BeforeData }
}

fn step(id: StepId, stage: Stage, subject: &Subject, needs: BTreeSet<StepId>, sql: Sql) -> Step {
    let (phase, transaction, object) = (Phase::Policies, Transaction::Batched, subject.to_string());
    Step { id, stage, phase, object, needs, transaction, sql: vec![sql] }
}

#[cfg(test)]
pub(super) mod tests;
