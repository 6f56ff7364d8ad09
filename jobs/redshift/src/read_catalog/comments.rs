//! Comments on tables, views, columns and keys.

use super::{Answers, ReadError, each_row};
use migration::catalog::{Catalog, Commentable};
use migration::name::QualifiedName;

pub(super) fn decode(answers: &Answers, catalog: &mut Catalog) -> Result<(), ReadError> {
    each_row(&answers.comments, "comments", catalog, |row, catalog| {
        let name = QualifiedName::new(row.identifier("nspname")?, row.identifier("relname")?);
        if catalog.is_behind_materialized_view(&name) {
            return Ok(());
        }
        let (column, key) = (row.optional_identifier("attname")?, row.optional_identifier("conname")?);
        let on = match (column, key, row.text("relkind")?) {
            (Some(column), _, _) => Commentable::Column(name, column),
            (None, Some(key), _) => Commentable::Constraint(name, key),
            (None, None, "v") => Commentable::View(name),
            (None, None, _) => Commentable::Table(name),
        };
        catalog.comments.insert(on, row.text("description")?.to_owned());
        Ok(())
    })
}
