//! Columns of a type that neither format of UNLOAD and COPY carries: their values would be lost. The data job refuses such a table, too.

use super::super::{Context, Draft};
use crate::transfer::{DataType, NotCarried};

pub(super) fn plan(context: &Context, draft: &mut Draft) {
    for (name, table) in context.source.tables.iter().filter(|(name, _)| context.scope.holds(name)) {
        for column in table.columns.iter().filter(|column| DataType::of(&column.data_type).is_none()) {
            draft.block(
                format!("column {} of table {}", column.name.as_str(), name.plain()),
                format!("no AWS page says that UNLOAD and COPY carry values of type {}", column.data_type),
                NotCarried::REMEDY,
            );
        }
    }
}
