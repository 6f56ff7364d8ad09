//! System permissions: a role's are the same on the target, and nobody of the tenant has more.

use super::{Context, Draft, Phase, Stage, Step, StepId, Subject, SystemPrivilegeCause, Transaction};
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
    let subject = subject(missing.iter().copied(), grantee);
    let Grantee::Role(role) = grantee else {
        draft.leave(subject, SystemPrivilegeCause::NotOfARole);
        return;
    };
    if is_system_role(role) {
        draft.leave(subject, SystemPrivilegeCause::RedshiftsOwn);
    } else if let Some(unknown) = missing.iter().find(|one| one.keywords().is_none()) {
        draft.block(self::subject([*unknown], grantee), SystemPrivilegeCause::Unknown);
    } else if !context.grantee_arrives(grantee) {
        draft.leave(subject, SystemPrivilegeCause::RoleNotThere);
    } else {
        let sql = statement::grant_system_privileges(missing.iter().copied(), role);
        let id = StepId::GrantSystemPrivileges { to: grantee.clone() };
        let needs = BTreeSet::from([StepId::role(role)]);
        draft.steps.extend(sql.map(|sql| Step {
            id,
            stage: Stage::BeforeData,
            phase: Phase::Rights,
            object: subject.to_string(),
            needs,
            transaction: Transaction::Batched,
            sql,
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
            draft.block(subject([privilege], grantee), SystemPrivilegeCause::OnlyOnTarget);
        }
    }
}

fn subject<'a>(privileges: impl IntoIterator<Item = &'a SystemPrivilege>, grantee: &Grantee) -> Subject {
    let privileges = privileges.into_iter().cloned().collect();
    Subject::SystemPrivileges { privileges, grantee: grantee.clone() }
}
