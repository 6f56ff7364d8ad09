//! What owners took from themselves, such as INSERT on a table that is to be read only (`r_Privileges`): the owner on the target must not
//! have it either. Whoever becomes the owner loses it in the transaction that makes it the owner.

use super::rights::grant_on;
use super::{Context, Draft, Owners, Phase, PrivilegeCause, Step, StepId, Subject, Transaction, rights};
use crate::catalog::{Grantee, Privilege, Securable};
use crate::statement::{self, Sql};
use crate::words::list;

/// The statement that takes from the owner what the source's owner took from itself and the target's still has. None where there
/// is nothing to take, or where another will own the object.
pub(super) fn revoke(context: &Context, securable: &Securable) -> Option<Sql> {
    let owner = context.source.owner(securable)?;
    let owns_it_there = context.target.owner(securable) == Some(owner);
    if !owns_it_there && context.policy.owners == Owners::TargetAdmin {
        return None;
    }
    let revoked = context.source.revoked_from_owners.get(securable)?;
    let held: Vec<&Privilege> =
        revoked.iter().filter(|one| !owns_it_there || !context.target.owner_lacks(securable, one)).collect();
    let on = grant_on(context, securable).filter(|_| !held.is_empty())?;
    statement::revoke_privileges(held, &on, owner)
}

/// Plans it for what has its owner, or gets it with its creation, and names what only the target's owners lack.
pub(super) fn plan(context: &Context, draft: &mut Draft) {
    for (securable, privileges) in &context.source.revoked_from_owners {
        let Some(owner) =
            context.source.owner(securable).filter(|_| context.scope.holds_securable(securable))
        else {
            continue;
        };
        // Else the step does it that makes it the owner, or is left out with its reason.
        let owns_it = context
            .target
            .owner(securable)
            .map_or_else(|| is_created_by_owner(context, securable), |there| there == owner);
        if !owns_it {
            continue;
        }
        let grantee = Grantee::User(owner.clone());
        draft.steps.extend(revoke(context, securable).map(|sql| Step {
            id: StepId::RevokeFromOwner(securable.clone()),
            stage: context.stage_of(securable),
            // Before others are granted what acts for the owner.
            phase: Phase::Owners,
            object: format!("{} on {} from {}", list(privileges), securable.plain(), owner.as_str()),
            needs: rights::needs(context, securable, &grantee),
            transaction: Transaction::Batched,
            sql: vec![sql],
        }));
    }
    for (securable, privileges) in &context.target.revoked_from_owners {
        let Some(owner) =
            context.source.owner(securable).filter(|_| context.scope.holds_securable(securable))
        else {
            continue;
        };
        let lacks = privileges.iter().filter(|one| !context.source.owner_lacks(securable, one));
        if context.target.owner(securable) == Some(owner) {
            for privilege in lacks.cloned() {
                let (on, grantee) = (securable.clone(), Grantee::User(owner.clone()));
                draft.leave(Subject::Privilege { privilege, on, grantee }, PrivilegeCause::TakenFromOneself);
            }
        }
    }
}

/// Whether it is a materialized view: no statement gives one away.
fn is_created_by_owner(context: &Context, securable: &Securable) -> bool {
    match securable {
        Securable::Relation(name) => context.source.materialized_views.contains_key(name),
        _ => false,
    }
}
