//! Columns of a type that neither format of UNLOAD and COPY carries: their values would be lost. The data job refuses such a table, too.

use super::super::{BlockedObject, Context, Draft, Subject};
use crate::transfer::DataType;

pub(super) fn plan(context: &Context, draft: &mut Draft) {
    for (name, table) in context.source.tables.iter().filter(|(name, _)| context.scope.holds(name)) {
        for column in table.columns.iter().filter(|column| DataType::of(&column.data_type).is_none()) {
            draft.block(
                Subject::Column { table: name.clone(), column: column.name.clone() },
                BlockedObject::TypeNotCarried { data_type: column.data_type.clone() },
            );
        }
    }
}
