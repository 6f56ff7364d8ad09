//! Interleaved sort keys, which Serverless lacks: it makes compound ones of them where it restores a cluster's snapshot
//! (Management Guide: `serverless-snapshots-recovery-points`).

use super::super::{Context, Draft};
use crate::catalog::{SortStyle, WarehouseKind};

pub(super) fn plan(context: &Context, draft: &mut Draft) {
    match context.target.kind {
        Some(WarehouseKind::Serverless) => {}
        Some(WarehouseKind::Provisioned) | None => return,
    }
    for (name, table) in context.source.tables.iter().filter(|(name, _)| context.scope.holds(name)) {
        let interleaved = table.sort_key.as_ref().is_some_and(|key| key.style == SortStyle::Interleaved);
        if interleaved && !context.target.tables.contains_key(name) {
            draft.block(
                format!("table {}", name.plain()),
                "its sort key is interleaved, which Serverless does not have",
                "ALTER TABLE … ALTER COMPOUND SORTKEY on the source, or create the table on the target",
            );
        }
    }
}
