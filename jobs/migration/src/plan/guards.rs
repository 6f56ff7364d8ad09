//! What must be in place before anybody but a superuser gets hold of what policies guard: see [`super::policies`].

use super::policies::{deciding_otherwise, is_on, missing_masks, missing_policies};
use super::readers::Seen;
use super::roles::missing_memberships;
use super::{Context, StepId};
use crate::catalog::{Grantee, Securable};
use crate::name::{Identifier, QualifiedName};
use std::collections::{BTreeMap, BTreeSet};

/// The relations of the tenant that something is still to guard, and those whose rights come after the data.
#[derive(Default)]
pub(super) struct Guards<'a> {
    own: BTreeMap<&'a QualifiedName, Guard>,
    seen: Seen<'a>,
}

/// What is to guard a relation.
pub(super) struct Guard {
    /// The steps that put it there.
    pub needs: BTreeSet<StepId>,
    /// Whether some come after the data, as masks do, and with them the relation's owner and rights.
    pub after_data: bool,
    /// Whether the target lacks policies, and not only members of the roles that they are for.
    pub open: bool,
}

impl Guard {
    fn nothing() -> Self {
        Self { needs: BTreeSet::new(), after_data: false, open: false }
    }
}

impl<'a> Guards<'a> {
    pub(super) fn of(context: &Context<'a>) -> Self {
        let own = own(context);
        let seen = Seen::of(context.source, own.keys().copied());
        Self { own, seen }
    }

    /// What guards an object: the relations that a right on it shows, through views and procedures too.
    pub(super) fn on(&self, securable: &Securable) -> impl Iterator<Item = &Guard> {
        self.seen.through(securable).into_iter().filter_map(|relation| self.own.get(relation))
    }

    /// The relations whose policies the target lacks.
    pub(super) fn open(&self) -> impl Iterator<Item = &'a QualifiedName> {
        self.own.iter().filter(|(_, guard)| guard.open).map(|(relation, _)| *relation)
    }
}

fn own<'a>(context: &Context<'a>) -> BTreeMap<&'a QualifiedName, Guard> {
    let mut guards: BTreeMap<&QualifiedName, Guard> = BTreeMap::new();
    let policies = &context.source.policies;
    let mut memberships = Memberships::default();
    let otherwise = deciding_otherwise(context);
    for (relation, security) in policies.row_security.iter().filter(|(name, _)| context.scope.holds(name)) {
        if security.on {
            let guard = guards.entry(relation).or_insert_with(Guard::nothing);
            let missing = missing_policies(context.target, relation, security);
            let missing = missing.filter(|attached| !never_there(context, &attached.grantee));
            guard.needs.extend(missing.map(|attached| StepId::attach(relation, attached)));
            guard.needs.extend(
                (!is_on(context.target, relation)).then(|| StepId::enable_row_level_security(relation)),
            );
            let there = security.policies.iter().filter(|attached| !never_there(context, &attached.grantee));
            let creates = there.map(|attached| StepId::CreateRowPolicy(attached.policy.clone()));
            guard.needs.extend(creates.filter(|step| otherwise.contains(step)));
            guard.open |= !guard.needs.is_empty();
            let grantees = security.policies.iter().map(|attached| &attached.grantee);
            guard.needs.extend(grantees.flat_map(|grantee| memberships.of(context, grantee)));
        }
    }
    for (relation, masks) in policies.masks.iter().filter(|(name, _)| context.scope.holds(name)) {
        let guard = guards.entry(relation).or_insert_with(Guard::nothing);
        let missing = missing_masks(context.target, relation, masks);
        let missing = missing.filter(|mask| !never_there(context, &mask.grantee));
        let mut lacking: BTreeSet<_> = missing.map(|mask| StepId::mask(relation, mask)).collect();
        let there = masks.iter().filter(|mask| !never_there(context, &mask.grantee));
        let creates = there.map(|mask| StepId::CreateMaskingPolicy(mask.policy.clone()));
        lacking.extend(creates.filter(|step| otherwise.contains(step)));
        // Also where the target has them all: a job that was killed between them and the rights is to find these in its stage again.
        guard.after_data = masks.iter().any(|mask| !never_there(context, &mask.grantee));
        guard.open |= !lacking.is_empty();
        guard.needs.extend(lacking);
        guard.needs.extend(masks.iter().flat_map(|mask| memberships.of(context, &mask.grantee)));
    }
    guards.retain(|_, guard| guard.after_data || !guard.needs.is_empty());
    guards
}

/// Whether a policy's grantee is nobody on the target, and nobody who may appear there by logging in: then the policy hides
/// nothing from anybody there. No policy is for a group (`r_ATTACH_RLS_POLICY`): what is said of one is not understood.
pub(super) fn never_there(context: &Context, grantee: &Grantee) -> bool {
    let appears = match grantee {
        Grantee::Public | Grantee::Group(_) => true,
        Grantee::User(name) => context.source.users.get(name).is_none_or(|user| user.is_external(name)),
        Grantee::Role(name) => context.source.roles.get(name).is_none_or(|role| role.external_id.is_some()),
    };
    !appears && !context.grantee_arrives(grantee)
}

/// The memberships that the target lacks, by role: a policy for a role does not hold for whom the target does not let have it.
#[derive(Default)]
struct Memberships<'a>(BTreeMap<&'a Identifier, BTreeSet<StepId>>);

impl<'a> Memberships<'a> {
    fn of(&mut self, context: &Context, grantee: &'a Grantee) -> BTreeSet<StepId> {
        match grantee {
            Grantee::Role(role) => {
                self.0.entry(role).or_insert_with(|| missing_memberships(context, role)).clone()
            }
            Grantee::Public | Grantee::User(_) | Grantee::Group(_) => BTreeSet::new(),
        }
    }
}
