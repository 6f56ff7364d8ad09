//! ASSUMEROLE, which is named and not granted: an IAM role belongs to one account, and the planner cannot know which roles the
//! target's cluster or namespace may use.

use super::{Context, Draft};
use crate::catalog::Grantee;
use crate::statement;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn plan(context: &Context, draft: &mut Draft) {
    let mut missing: BTreeMap<(&Grantee, &str), BTreeSet<&str>> = BTreeMap::new();
    let ours =
        context.source.assume_role.iter().filter(|right| context.scope.holds_principal(&right.grantee));
    for right in ours.filter(|right| !context.target.assume_role.contains(*right)) {
        missing.entry((&right.grantee, &right.iam_role)).or_default().insert(&right.command);
    }
    let ours =
        context.target.assume_role.iter().filter(|right| {
            right.grantee == Grantee::Public || context.scope.holds_principal(&right.grantee)
        });
    for right in ours.filter(|right| !context.source.assume_role.contains(*right)) {
        draft.leave(
            format!("ASSUMEROLE on {} for {}", right.iam_role, right.grantee.plain()),
            format!("the target gives it for {}, and the source does not", right.command),
            "REVOKE ASSUMEROLE on the target, if the tenant is not to have it",
        );
    }
    for ((grantee, iam_role), commands) in missing {
        let sql = statement::grant_assume_role(iam_role, commands, grantee);
        draft.leave(
            format!("ASSUMEROLE on {iam_role} for {}", grantee.plain()),
            "an IAM role is of one account, and the target's may be another",
            format!("associate a role with the target, then {sql}, with that role's ARN; REVOKE ASSUMEROLE from PUBLIC, if the source has"),
        );
    }
}
