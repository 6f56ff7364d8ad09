//! Interleaved sort keys, which Serverless lacks: it makes compound ones of them where it restores a cluster's snapshot
//! (Management Guide: `serverless-snapshots-recovery-points`).

use super::super::{BlockedObject, Context, Draft, Subject};
use crate::catalog::{SortStyle, WarehouseKind};

pub(super) fn plan(context: &Context, draft: &mut Draft) {
    match context.target.kind {
        Some(WarehouseKind::Serverless) => {}
        Some(WarehouseKind::Provisioned) | None => return,
    }
    for (name, table) in context.source.tables.iter().filter(|(name, _)| context.scope.holds(name)) {
        let interleaved = table.sort_key.as_ref().is_some_and(|key| key.style == SortStyle::Interleaved);
        if interleaved && !context.target.tables.contains_key(name) {
            draft.block(Subject::Table(name.clone()), BlockedObject::InterleavedSortKey);
        }
    }
}
