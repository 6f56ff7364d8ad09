//! What only the target has and acts for its owner on the tenant's relations: views over them, and procedures with SECURITY DEFINER
//! that name them.
//!
//! The mirror of [`super::border`], which looks at the source. What others may do by way of it already is listed, with who may. What they would
//! come to do with this run, because its owner is one of the tenant's and gets the tenant's privileges, stops the run.

use super::acting;
use super::actors::{actors, all_actors, is_same};
use super::held::{Held, USES};
use super::readers::Object;
use super::texts::Named;
use super::{Context, Crosses, Draft, Note, PrivilegeCause, Subject, rights};
use crate::catalog::{Catalog, Grant, Grantee, Securable};
use crate::name::{Identifier, QualifiedName};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn plan(context: &Context, draft: &mut Draft) {
    let granted = granted(context.target);
    for (object, owner) in all_actors(context.target) {
        let securable = object.securable();
        let Some(others) = granted.get(&securable).filter(|others| !others.is_empty()) else { continue };
        let is_same = is_same(context.source, context.target, object);
        if is_same && context.scope.holds_securable(&securable) {
            continue;
        }
        let Named { relations, any_statement, .. } = context.texts.standing(object);
        let ours: BTreeSet<&QualifiedName> =
            relations.into_iter().filter(|name| context.texts.is_ours(name)).collect();
        let is_superuser = acting::becomes_superuser(context, owner);
        if ours.is_empty() && !any_statement {
            continue;
        }
        let (here, held) = (Held::by(context.source, owner), Held::by(context.target, owner));
        // A view only reads.
        let acts = if matches!(object, Object::Relation(_)) { &USES[..1] } else { &USES[..] };
        let gains = |relation: &&QualifiedName| {
            let on = Securable::Relation((*relation).clone());
            acts.iter().any(|privilege| {
                (here.on(privilege, &on) || here.on_a_column(privilege, relation)) && !held.on(privilege, &on)
            })
        };
        let would_gain =
            !is_superuser && gets_something(context, owner) && (any_statement || ours.iter().any(gains));
        if would_gain && !(is_same && is_given_on_source(context, others)) {
            let relation = ours.first().map(|relation| (*relation).clone());
            let cause = PrivilegeCause::ActsForTenant { owner: owner.clone(), relation };
            for (on, grant) in others {
                draft.block(rights::subject(on, grant), cause.clone());
            }
        } else if is_superuser || ours.iter().any(|relation| held.uses(relation)) {
            let readers = others.iter().map(|(_, grant)| grant.grantee.clone()).collect();
            let relations = ours.into_iter().cloned().collect();
            let is_outside = !context.scope.holds_securable(&securable);
            let crosses = Crosses::IsReadOnTarget { relations, owner: owner.clone(), readers, is_outside };
            draft.border.push(Note::new(subject(object), crosses));
        }
    }
}

/// Who may use each view and procedure, but for its owner and superusers.
fn granted(catalog: &Catalog) -> BTreeMap<Securable, Vec<(&Securable, &Grant)>> {
    let mut granted: BTreeMap<Securable, Vec<(&Securable, &Grant)>> = BTreeMap::new();
    for (on, grants) in &catalog.grants {
        for object in actors(catalog, on) {
            let object = object.securable();
            let counts = |grant: &&Grant| match &grant.grantee {
                Grantee::User(user) => {
                    catalog.owner(&object) != Some(user) && !catalog.is_superuser_by_option(user)
                }
                Grantee::Public | Grantee::Group(_) | Grantee::Role(_) => true,
            };
            let others: Vec<&Grant> = grants.iter().filter(counts).collect();
            granted.entry(object).or_default().extend(others.into_iter().map(|grant| (on, grant)));
        }
    }
    granted
}

/// Whether this run gives a user anything: it is the tenant's, or a role of the tenant will be its own.
fn gets_something(context: &Context, user: &Identifier) -> bool {
    let mut roles = context.scope.roles.iter().filter_map(|role| context.source.roles.get(role));
    context.scope.users.contains(user) || roles.any(|role| role.owner == *user)
}

/// Whether the source lets the same use it.
fn is_given_on_source(context: &Context, others: &[(&Securable, &Grant)]) -> bool {
    let (source, target) = (context.source, context.target);
    others.iter().all(|(on, grant)| {
        source.grants.get(on).is_some_and(|given| rights::gives(given, grant))
            && has_same_members(source, target, &grant.grantee)
    })
}

/// Whether a group or a role has no member on the target that it does not have on the source, by way of other roles neither.
fn has_same_members(source: &Catalog, target: &Catalog, of: &Grantee) -> bool {
    match of {
        Grantee::Public | Grantee::User(_) => true,
        Grantee::Group(name) => {
            let (here, there) = (source.groups.get(name), target.groups.get(name));
            there.is_none_or(|there| here.is_some_and(|here| there.members.is_subset(&here.members)))
        }
        Grantee::Role(name) => {
            let (mut seen, mut open) = (BTreeSet::from([name]), vec![name]);
            while let Some(name) = open.pop() {
                let Some(there) = target.roles.get(name) else { continue };
                let is_same = source.roles.get(name).is_some_and(|here| {
                    there.users.keys().all(|user| here.users.contains_key(user))
                        && there.roles.is_subset(&here.roles)
                });
                if !is_same {
                    return false;
                }
                open.extend(there.roles.iter().filter(|role| seen.insert(role)));
            }
            true
        }
    }
}

fn subject(object: Object) -> Subject {
    match object {
        Object::Relation(name) => Subject::View(name.clone()),
        Object::Routine(name) => Subject::Routine(name.clone()),
    }
}
