//! What principals of the target may do beyond the tenant that they may not on the source: who comes to act for one of these gains it,
//! as a member, as a holder, or by what runs with its privileges.

use super::actors::{actors, all_actors, is_same};
use super::held::{Held, USES};
use super::readers::Object;
use super::rights;
use super::targets_own::targets_own;
use super::texts::Texts;
use super::unfound::Unfound;
use crate::catalog::{
    AssumeRole, Catalog, DefaultPrivileges, Grant, Grantee, Privilege, SUPERUSER_ROLE, Securable,
    SystemPrivilege, is_system_role,
};
use crate::name::{Identifier, QualifiedName};
use crate::scope::Scope;
use std::collections::{BTreeMap, BTreeSet};

/// Something that a principal may do.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum May<'a> {
    /// With what its owner took from itself.
    Own(Securable, BTreeSet<Privilege>),
    BeIn(&'a Identifier),
    Use(&'a Securable, &'a Grant),
    UseToCome(&'a DefaultPrivileges, &'a Grant),
    /// To grant a role to others.
    Give(&'a Identifier),
    /// A role. What one of Redshift's own may is up to the version of each warehouse.
    Hold(&'a Identifier),
    Do(&'a SystemPrivilege),
    Assume(&'a str, &'a str),
    /// To see rows or values of a relation by a policy.
    SeeBy(&'a QualifiedName, &'a Identifier),
}

impl May<'_> {
    /// Whether it is for the whole warehouse, and not on others' objects, which those give as they see fit.
    fn is_powerful(&self) -> bool {
        match self {
            May::Hold(role) => is_system_role(role),
            May::Do(_) => true,
            May::Own(..)
            | May::BeIn(_)
            | May::Give(_)
            | May::Use(..)
            | May::UseToCome(..)
            | May::Assume(..)
            | May::SeeBy(..) => false,
        }
    }

    fn is_superuser(&self) -> bool {
        matches!(self, May::Hold(name) if name.as_str() == SUPERUSER_ROLE)
    }
}

/// What is granted on one side, by whom it is granted to.
struct Side<'a> {
    catalog: &'a Catalog,
    granted: BTreeMap<Grantee, Vec<May<'a>>>,
    /// The roles that each role and user holds directly.
    held: BTreeMap<Grantee, Vec<&'a Identifier>>,
}

impl<'a> Side<'a> {
    fn of(catalog: &'a Catalog, counts: impl Fn(&Securable, &Grant) -> bool) -> Self {
        let mut granted: BTreeMap<Grantee, Vec<May>> = BTreeMap::new();
        for on in catalog.securables() {
            if let Some(owner) = catalog.owner(&on).cloned() {
                let lacks = catalog.revoked_from_owners.get(&on).cloned().unwrap_or_default();
                granted.entry(Grantee::User(owner)).or_default().push(May::Own(on, lacks));
            }
        }
        for (on, grants) in &catalog.grants {
            for grant in grants.iter().filter(|grant| !grant.privilege.allows_nothing() && counts(on, grant))
            {
                granted.entry(grant.grantee.clone()).or_default().push(May::Use(on, grant));
            }
        }
        for (rule, grants) in &catalog.default_privileges {
            for grant in grants.iter().filter(|grant| !grant.privilege.allows_nothing()) {
                granted.entry(grant.grantee.clone()).or_default().push(May::UseToCome(rule, grant));
            }
        }
        for (grantee, privileges) in &catalog.system_privileges {
            granted.entry(grantee.clone()).or_default().extend(privileges.iter().map(May::Do));
        }
        for AssumeRole { grantee, iam_role, command } in &catalog.assume_role {
            granted.entry(grantee.clone()).or_default().push(May::Assume(iam_role, command));
        }
        for (on, security) in &catalog.policies.row_security {
            for attached in &security.policies {
                granted.entry(attached.grantee.clone()).or_default().push(May::SeeBy(on, &attached.policy));
            }
        }
        for (on, masks) in &catalog.policies.masks {
            for mask in masks {
                granted.entry(mask.grantee.clone()).or_default().push(May::SeeBy(on, &mask.policy));
            }
        }
        let mut held: BTreeMap<Grantee, Vec<&Identifier>> = BTreeMap::new();
        for (name, role) in &catalog.roles {
            let admins = role.users.iter().filter(|(_, admin)| **admin).map(|(user, _)| user);
            for admin in admins.chain([&role.owner]) {
                granted.entry(Grantee::User(admin.clone())).or_default().push(May::Give(name));
            }
            let users = role.users.keys().cloned().map(Grantee::User);
            for holder in users.chain(role.roles.iter().cloned().map(Grantee::Role)) {
                held.entry(holder).or_default().push(name);
            }
        }
        Self { catalog, granted, held }
    }

    /// All that a principal may, by way of others too. Roles hold what the roles may that are granted to them, to any depth
    /// (`t_role_hierarchy`).
    fn all(&self, principal: &Grantee) -> BTreeSet<May<'a>> {
        let mut found = BTreeSet::new();
        let (mut seen, mut open) = (BTreeSet::from([principal.clone()]), vec![principal.clone()]);
        if let Grantee::User(user) = principal {
            for (name, _) in self.catalog.groups.iter().filter(|(_, group)| group.members.contains(user)) {
                found.insert(May::BeIn(name));
                open.push(Grantee::Group(name.clone()));
            }
        }
        while let Some(principal) = open.pop() {
            let redshifts = matches!(&principal, Grantee::Role(name) if is_system_role(name));
            if let Grantee::Role(name) = &principal
                && let Some((name, _)) = self.catalog.roles.get_key_value(name)
            {
                found.insert(May::Hold(name));
            }
            if !redshifts {
                found.extend(self.granted.get(&principal).into_iter().flatten().cloned());
            }
            for role in self.held.get(&principal).into_iter().flatten() {
                let held = Grantee::Role((*role).clone());
                if !(redshifts && is_system_role(role)) && seen.insert(held.clone()) {
                    open.push(held);
                }
            }
        }
        found
    }
}

impl Side<'_> {
    fn is_superuser(&self, user: &Identifier) -> bool {
        self.catalog.is_superuser_by_option(user)
            || self.all(&Grantee::User(user.clone())).iter().any(May::is_superuser)
    }
}

/// What the target gives beyond the tenant, compared with the source.
pub(super) struct Surplus<'a> {
    source: Side<'a>,
    target: Side<'a>,
    /// What acts on the target for those who may do more there, and not on the tenant's relations alone; and what reads or calls
    /// something that has another definition there.
    widening: BTreeSet<Securable>,
    /// What its schemas' USAGE would let others use.
    unfound: Unfound<'a>,
}

impl<'a> Surplus<'a> {
    pub(super) fn of(source: &'a Catalog, target: &'a Catalog, scope: &Scope, texts: &Texts<'a>) -> Self {
        let surplus = |widening: BTreeSet<Securable>| {
            let is_another = |on: &Securable, grant: &Grant| is_another(source, target, &widening, on, grant);
            let counts = |on: &Securable, grant: &Grant| !scope.holds_securable(on) || is_another(on, grant);
            let unfound = Unfound::of(target, |on, grant| {
                let is_given = source.grants.get(on).is_some_and(|given| rights::gives(given, grant));
                let is_more = |object: Object| {
                    texts.is_another(object)
                        || widening.contains(&object.securable())
                        || acts_for_another(source, target, &object.securable())
                };
                !is_given
                    || targets_own(source, target, on, &grant.privilege).is_some()
                    || actors(target, on).into_iter().any(is_more)
            });
            let counts = |on: &Securable, grant: &Grant| counts(on, grant) || unfound.is_opened_by(on, grant);
            let (source, target) = (Side::of(source, |_, _| true), Side::of(target, counts));
            Self { source, target, widening, unfound }
        };
        // First without them, to know whose procedures they are.
        let plain = surplus(BTreeSet::new());
        let widening = all_actors(target).filter(|(object, owner)| {
            if texts.another(*object).is_some() {
                return true;
            }
            let is_superuser = plain.is_superuser_on_target(owner);
            (is_superuser || plain.has(&Grantee::User((*owner).clone()))) && {
                let named = texts.standing(*object);
                let is_outside = !scope.holds_securable(&object.securable());
                let mut relations = named.relations.iter();
                is_outside
                    || named.any_statement
                    || relations
                        .any(|name| !texts.is_ours(name) || (!is_superuser && plain.uses_more(owner, name)))
            }
        });
        surplus(widening.map(|(object, _)| object.securable()).collect())
    }

    /// Whether a user, group or role of the target may do what it may not on the source.
    pub(super) fn has(&self, principal: &Grantee) -> bool {
        self.beyond(principal, principal).next().is_some()
    }

    /// Whether to hold a role on the target lets somebody do anywhere on the warehouse what it may not on the source.
    pub(super) fn is_powerful(&self, role: &Identifier, holder: &Grantee) -> bool {
        self.beyond(&Grantee::Role(role.clone()), holder).any(|may| may.is_powerful())
    }

    /// Whether who holds a role on the target is as good as a superuser.
    pub(super) fn makes_superuser(&self, role: &Identifier) -> bool {
        role.as_str() == SUPERUSER_ROLE
            || self.target.all(&Grantee::Role(role.clone())).iter().any(May::is_superuser)
    }

    /// Whether a user of the target may use a relation of the tenant that it may not on the source.
    pub(super) fn uses_more(&self, user: &Identifier, relation: &QualifiedName) -> bool {
        let on = Securable::Relation(relation.clone());
        let (here, there) = (Held::by(self.source.catalog, user), Held::by(self.target.catalog, user));
        USES.iter().any(|privilege| there.on(privilege, &on) && !here.on(privilege, &on))
    }

    /// Whether a user of the target is a superuser, by option or by a role.
    pub(super) fn is_superuser_on_target(&self, user: &Identifier) -> bool {
        self.target.is_superuser(user)
    }

    /// Whether a user of the source is a superuser, by option or by a role.
    pub(super) fn is_superuser_on_source(&self, user: &Identifier) -> bool {
        self.source.is_superuser(user)
    }

    /// What USAGE of a schema of the target would let others use, and whom: more than on the source.
    pub(super) fn opened_by(&self, schema: &Identifier) -> Option<(&'a Securable, &'a Grantee)> {
        self.unfound.in_schema(schema)
    }

    fn is_another(&self, on: &Securable, grant: &Grant) -> bool {
        self.unfound.is_opened_by(on, grant)
            || is_another(self.source.catalog, self.target.catalog, &self.widening, on, grant)
    }

    /// What one may on the target, and another not on the source. What reaches objects that only the target has is never the same.
    fn beyond(&self, there: &Grantee, here: &Grantee) -> impl Iterator<Item = May<'a>> + '_ {
        let given = self.source.all(here);
        let is_given = move |may: &May| {
            match may {
            May::Use(Securable::EveryInDatabase(_), _) => false,
            May::Use(on, grant) if self.is_another(on, grant) => false,
            // Mostly the source gives just the same.
            may if given.contains(may) => true,
            May::Own(on, lacks) => given.iter().any(
                |other| matches!(other, May::Own(other, lacked) if other == on && lacked.is_subset(lacks)),
            ),
            May::Use(on, grant) => given.iter().any(
                |other| matches!(other, May::Use(other, given) if other == on && covers(given, grant)),
            ),
            May::UseToCome(rule, grant) => given.iter().any(
                |other| matches!(other, May::UseToCome(other, given) if other == rule && covers(given, grant)),
            ),
            May::BeIn(_) | May::Give(_) | May::Hold(_) | May::Do(_) | May::Assume(..) | May::SeeBy(..) => false,
        }
        };
        self.target.all(there).into_iter().filter(move |may| !is_given(may))
    }
}

/// Whether a grant gives what another gives, to whomever.
fn covers(given: &Grant, grant: &Grant) -> bool {
    given.privilege == grant.privilege && given.grantable >= grant.grantable
}

/// Whether an object acts on the target for a user who does not own it on the source, and both are not superusers.
fn acts_for_another(source: &Catalog, target: &Catalog, on: &Securable) -> bool {
    let owners = source.owner(on).zip(target.owner(on));
    owners.is_some_and(|(here, there)| {
        here != there && !(source.is_superuser_by_option(here) && target.is_superuser_by_option(there))
    })
}

/// Whether a privilege of the target reaches something else than the source's: what only the target has, or a view or procedure that
/// acts there in another way, for another owner, or for one who may do more.
fn is_another(
    source: &Catalog,
    target: &Catalog,
    widening: &BTreeSet<Securable>,
    on: &Securable,
    grant: &Grant,
) -> bool {
    let widens =
        |object: &Object| !is_same(source, target, *object) || widening.contains(&object.securable());
    targets_own(source, target, on, &grant.privilege).is_some() || actors(target, on).iter().any(widens)
}
