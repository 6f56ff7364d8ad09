//! Comments on tables, views, columns and keys.

use super::behind_materialized_view;
use crate::session::{DecodeError, ResultSet};
use migration::catalog::{Catalog, Commentable};
use migration::name::QualifiedName;

pub(super) fn decode(answer: &ResultSet, catalog: &mut Catalog) -> Result<(), DecodeError> {
    for row in answer.rows() {
        let name = QualifiedName::new(row.identifier("nspname")?, row.identifier("relname")?);
        if behind_materialized_view(catalog, &name.schema, &name.name) {
            continue;
        }
        let (column, key) = (row.optional_identifier("attname")?, row.optional_identifier("conname")?);
        let on = match (column, key, row.text("relkind")?) {
            (Some(column), _, _) => Commentable::Column(name, column),
            (None, Some(key), _) => Commentable::Constraint(name, key),
            (None, None, "v") => Commentable::View(name),
            (None, None, _) => Commentable::Table(name),
        };
        catalog.comments.insert(on, row.text("description")?.to_owned());
    }
    Ok(())
}
