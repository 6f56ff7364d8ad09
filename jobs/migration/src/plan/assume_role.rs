//! ASSUMEROLE, which is named and not granted: an IAM role belongs to one account, and the planner cannot know which roles the
//! target's cluster or namespace may use.

use super::{AssumeRoleCause, Context, Draft, Subject};
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
        let cause = AssumeRoleCause::OnlyOnTarget { command: right.command.clone() };
        draft.leave(subject(&right.iam_role, &right.grantee), cause);
    }
    for ((grantee, iam_role), commands) in missing {
        let sql = statement::grant_assume_role(iam_role, commands, grantee);
        draft.leave(subject(iam_role, grantee), AssumeRoleCause::OfAnAccount { grant: sql });
    }
}

fn subject(iam_role: &str, grantee: &Grantee) -> Subject {
    Subject::AssumeRole { iam_role: iam_role.to_owned(), grantee: grantee.clone() }
}
