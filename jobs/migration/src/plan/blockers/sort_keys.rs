//! Interleaved sort keys on the way to Serverless, where `--INTERLEAVED block` wants none to become a compound one.

use super::super::{BlockedObject, Context, Draft, Interleaved, Subject, tables};

pub(super) fn plan(context: &Context, draft: &mut Draft) {
    if context.policy.interleaved == Interleaved::Compound {
        return;
    }
    for (name, table) in context.source.tables.iter().filter(|(name, _)| context.scope.holds(name)) {
        if tables::loses_interleaving(context, table) && !context.target.tables.contains_key(name) {
            draft.block(Subject::Table(name.clone()), BlockedObject::InterleavedSortKey);
        }
    }
}
