//! System permissions: a role's are the same on the target, and nobody of the tenant has more.

use super::roles::role_step;
use super::{Context, Draft, Phase, Stage, Step, StepId, Transaction};
use crate::catalog::{Grantee, SystemPrivilege, is_system_role};
use crate::statement;
use std::collections::BTreeSet;

pub(super) fn plan(context: &Context, draft: &mut Draft) {
    for (grantee, privileges) in &context.source.system_privileges {
        if context.scope.holds_principal(grantee) {
            grant_missing(context, grantee, privileges, draft);
        }
    }
    refuse_wider(context, draft);
}

fn grant_missing(
    context: &Context,
    grantee: &Grantee,
    privileges: &BTreeSet<SystemPrivilege>,
    draft: &mut Draft,
) {
    let held = context.target.system_privileges.get(grantee);
    let missing: Vec<_> =
        privileges.iter().filter(|one| !held.is_some_and(|held| held.contains(*one))).collect();
    if missing.is_empty() {
        return;
    }
    let names = missing.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let object = format!("{names} for {}", grantee.plain());
    let Grantee::Role(role) = grantee else {
        draft.leave(
            object,
            "GRANT gives system permissions to roles only",
            "grant it to a role of the user's",
        );
        return;
    };
    if is_system_role(role) {
        let reason = "the target's version of Redshift gives its own role less";
        draft.leave(object, reason, "wait for the target's update, or grant it to a role of your own");
    } else if let Some(unknown) = missing.iter().find(|one| one.keywords().is_none()) {
        let reason = "this version does not know the permission and grants nothing by guess";
        let remedy = "revoke it on the source, or use a version that knows it";
        draft.block(format!("{unknown} for {}", grantee.plain()), reason, remedy);
    } else if !context.grantee_arrives(grantee) {
        draft.leave(
            object,
            "the role is neither moved nor on the target",
            "create it on the target and grant it there",
        );
    } else {
        let sql = statement::grant_system_privileges(missing.iter().copied(), role);
        let (id, needs) =
            (StepId::new("grant system permissions to", grantee), BTreeSet::from([role_step(role)]));
        draft.steps.extend(sql.map(|sql| Step {
            id,
            stage: Stage::BeforeData,
            phase: Phase::Rights,
            object,
            needs,
            transaction: Transaction::Batched,
            sql: vec![sql],
        }));
    }
}

/// Redshift's own roles have what the target's version of Redshift gives them.
fn refuse_wider(context: &Context, draft: &mut Draft) {
    let own = |grantee: &Grantee| matches!(grantee, Grantee::Role(name) if is_system_role(name));
    for (grantee, privileges) in &context.target.system_privileges {
        if own(grantee) || !context.scope.holds_principal(grantee) {
            continue;
        }
        let given = context.source.system_privileges.get(grantee);
        for privilege in privileges.iter().filter(|one| !given.is_some_and(|given| given.contains(*one))) {
            let object = format!("{privilege} for {}", grantee.plain());
            let reason = "the target grants the system permission and the source does not";
            draft.block(object, reason, "revoke it on the target, or grant it on the source");
        }
    }
}
