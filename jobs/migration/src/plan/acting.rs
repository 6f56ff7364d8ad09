//! What acts with its owner's privileges, and for whom it will act on the target.
//!
//! A view reads with its owner's privileges, a materialized view is filled with them, and a procedure with SECURITY DEFINER runs with
//! them (`r_CREATE_VIEW`, `stored-procedure-security-and-privileges`). So a privilege on one lets its holder do what the owner may. Where
//! the target's owner may do more than the source's, nobody is granted one. The object is created all the same.

use super::actors::{actors, is_same};
use super::readers::Object;
use super::texts::Named;
use super::{Context, Draft, Owners, PrivilegeCause, Reaches, Subject, default_privileges, rights};
use crate::catalog::{Grantee, NewObject, ObjectKind, RoutineName, Securable, View};
use crate::name::{Identifier, QualifiedName};
use std::collections::BTreeSet;

/// Why a privilege on this would let its holder do more than on the source; none where it would not. On a schema that is USAGE.
pub(super) fn cause(context: &Context, securable: &Securable) -> Option<PrivilegeCause> {
    if let Securable::Schema(schema) = securable {
        let (object, holder) = context.surplus.opened_by(schema)?;
        return Some(PrivilegeCause::Opens { object: object.clone(), holder: holder.clone() });
    }
    let texts = &context.texts;
    let mut open = actors(context.source, securable);
    let mut seen: BTreeSet<Object> = open.iter().copied().collect();
    while let Some(object) = open.pop() {
        if let Some(another) = texts.another(object) {
            let (object, another) = (object.securable(), another.securable());
            return Some(PrivilegeCause::ShowsAnother { object, another });
        }
        let named = texts.arriving(object);
        if let Some(cause) = cause_of(context, object, &named) {
            return Some(cause);
        }
        let relations = named.relations.into_iter().map(Object::Relation);
        let next = relations.chain(named.routines.into_iter().map(Object::Routine));
        open.extend(next.filter(|object| texts.acts(*object) && seen.insert(*object)));
    }
    None
}

fn cause_of(context: &Context, object: Object, named: &Named) -> Option<PrivilegeCause> {
    if !context.scope.holds_securable(&object.securable()) {
        return outside(context, object, named);
    }
    let is_unknown =
        |name: &RoutineName| context.source.routines.get(name).is_some_and(|it| it.clauses.is_none());
    if matches!(object, Object::Routine(name) if is_unknown(name)) {
        return Some(PrivilegeCause::ClausesNotKnown { object: object.securable() });
    }
    let object = object.securable();
    let here = context.source.owner(&object)?;
    let there = owner_there(context, &object)?;
    let is_superuser = becomes_superuser(context, there);
    let owner = there.clone();
    if there != here && !(is_superuser && context.surplus.is_superuser_on_source(here)) {
        return Some(PrivilegeCause::ActsForAnother { object, owner });
    }
    // What the owner may use there and not on the source is as good as outside.
    let is_reached = |name: &QualifiedName| {
        !context.texts.is_ours(name) || (!is_superuser && context.surplus.uses_more(there, name))
    };
    let relations: BTreeSet<_> =
        named.relations.iter().filter(|name| is_reached(name)).map(|name| (*name).clone()).collect();
    let reaches = Reaches { names: relations, any_statement: named.any_statement };
    if reaches == Reaches::default() {
        None
    } else if is_superuser {
        Some(PrivilegeCause::ActsForSuperuser { object, owner, reaches })
    } else {
        let may_more = context.surplus.has(&Grantee::User(owner.clone()));
        may_more.then_some(PrivilegeCause::ActsForOneWhoMayMore { object, owner, reaches })
    }
}

/// Whether a user of the target is a superuser there, or becomes one.
pub(super) fn becomes_superuser(context: &Context, user: &Identifier) -> bool {
    let becomes = || {
        let here = context.source.users.get(user);
        here.is_some_and(|here| {
            context.policy.keeps_superuser(here) && context.policy.password_of(user).is_some()
        })
    };
    let is_new = !context.target.users.contains_key(user);
    context.surplus.is_superuser_on_target(user) || (is_new && becomes())
}

/// Whether a new view or procedure of the source gets its owner in the transaction that creates it. The target may let others use it
/// from its creation on, by a privilege on all objects of its kind or by what the login's objects to come give, and until it has its
/// owner it acts for the login.
///
/// So does a late-binding view that an ordinary view reads: what that view takes in as it is created has the late-binding view's owner
/// of that moment for good (`r_CREATE_VIEW`).
pub(super) fn created_with_owner(context: &Context, securable: &Securable) -> bool {
    let is_usable = matches!(at_creation(context, securable), Some((_, None)));
    let is_new = context.target.owner(securable).is_none();
    (is_usable || (is_new && is_taken_in(context, securable)))
        && owner_that_comes(context, securable).is_some()
}

/// Whether a late-binding view is read by an ordinary view, and nothing guards what it shows, for which its owner would have to wait.
fn is_taken_in(context: &Context, securable: &Securable) -> bool {
    let Securable::Relation(name) = securable else { return false };
    let is_late = context.source.views.get(name).is_some_and(View::late_binding);
    let mut views = context.source.views.values();
    is_late
        && context.guards.on(securable).next().is_none()
        && views.any(|view| !view.late_binding() && view.reads.contains(name))
}

/// Refuses what others could use from its creation on, and would gain by.
pub(super) fn refuse_creation(context: &Context, securable: &Securable, draft: &mut Draft) {
    if let Some((subject, Some(cause))) = at_creation(context, securable) {
        draft.block(subject, cause);
    }
}

fn owner_that_comes<'a>(context: &Context<'a>, securable: &Securable) -> Option<&'a Identifier> {
    let keep = context.policy.owners == Owners::Keep;
    context.source.owner(securable).filter(|owner| keep && context.user_arrives(owner))
}

/// What lets others use a new object from its creation on, and why they must not.
fn at_creation(context: &Context, securable: &Securable) -> Option<(Subject, Option<PrivilegeCause>)> {
    if context.target.owner(securable).is_some() || actors(context.source, securable).is_empty() {
        return None;
    }
    let subject = given_at_creation(context, securable)?;
    let login = context.target.login.as_ref().filter(|_| context.policy.owners == Owners::Keep);
    let cause = match (owner_that_comes(context, securable), login) {
        (None, Some(login)) => {
            Some(PrivilegeCause::ActsForAnother { object: securable.clone(), owner: login.clone() })
        }
        _ => cause(context, securable),
    };
    Some((subject, cause))
}

/// A privilege of the target that others have on an object as soon as the login creates it.
fn given_at_creation(context: &Context, securable: &Securable) -> Option<Subject> {
    let (kind, scoped) = match securable {
        Securable::Relation(_) => (NewObject::Tables, &[ObjectKind::Tables][..]),
        // A permission for functions is one for procedures, too (`r_GRANT`).
        Securable::Routine(_) => {
            (NewObject::Procedures, &[ObjectKind::Functions, ObjectKind::Procedures][..])
        }
        _ => return None,
    };
    let schema = securable.schema()?;
    let every = scoped.iter().flat_map(|kind| {
        [Securable::EveryInSchema(*kind, schema.clone()), Securable::EveryInDatabase(*kind)]
    });
    for on in every {
        if let Some(grant) = context.target.grants_on(&on).next() {
            return Some(rights::subject(&on, grant));
        }
    }
    let login = context.target.login.as_ref()?;
    for (rule, grants) in &context.target.default_privileges {
        if rule.owner == *login && rule.on == kind && rule.covers(securable) {
            let others = grants.iter().find(|grant| grant.grantee != Grantee::User(login.clone()));
            if let Some(grant) = others {
                return Some(default_privileges::subject(rule, grant));
            }
        }
    }
    None
}

/// What lies outside acts there as the target has it: it may show the tenant's relations where the source's does not.
fn outside(context: &Context, object: Object, named: &Named) -> Option<PrivilegeCause> {
    let shows_ours = named.any_statement || named.relations.iter().any(|name| context.scope.holds(name));
    let other = shows_ours && !is_same(context.source, context.target, object);
    let object = object.securable();
    let owner = context.target.owner(&object).filter(|_| other)?.clone();
    Some(PrivilegeCause::ActsForAnother { object, owner })
}

/// Who will own an object of the tenant on the target. None where it does not come, or not to its owner, and others leave out what is granted on it.
fn owner_there<'a>(context: &Context<'a>, object: &Securable) -> Option<&'a Identifier> {
    let is_materialized =
        matches!(object, Securable::Relation(name) if context.source.materialized_views.contains_key(name));
    let standing = context.target.owner(object);
    let here = context.source.owner(object)?;
    match context.policy.owners {
        Owners::TargetAdmin => standing.or(context.target.login.as_ref()),
        Owners::Keep if is_materialized && standing.is_some() => standing,
        Owners::Keep => Some(here).filter(|here| context.user_arrives(here)),
    }
}
