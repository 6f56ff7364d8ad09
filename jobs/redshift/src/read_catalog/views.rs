//! Views and materialized views, and what they read.

use super::{Answers, ReadError, in_query, owner};
use crate::session::{DecodeError, ResultSet, Row};
use migration::catalog::{Catalog, MaterializedView, View};
use migration::name::{Identifier, QualifiedName};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn decode(answers: &Answers, catalog: &mut Catalog) -> Result<(), ReadError> {
    let materialized = decode_names(&answers.materialized_views).map_err(in_query("materialized_views"))?;
    let mut reads = decode_reads(&answers.view_dependencies).map_err(in_query("view_dependencies"))?;
    for row in answers.views.rows() {
        let (name, owner, definition) = decode_view(&row).map_err(in_query("views"))?;
        let reads = reads.remove(&name).unwrap_or_default();
        if materialized.contains(&name) {
            catalog.materialized_views.insert(name, MaterializedView { owner, definition, reads });
        } else {
            catalog.views.insert(name, View { owner, definition, reads });
        }
    }
    Ok(())
}

/// SVV_MV_INFO pads its names with blanks.
fn decode_names(answer: &ResultSet) -> Result<BTreeSet<QualifiedName>, DecodeError> {
    let name = |row: &Row, column: &str| {
        let text = row.text(column)?.trim_end();
        Identifier::new(text).map_err(|source| DecodeError::Name { column: column.to_owned(), source })
    };
    answer.rows().map(|row| Ok(QualifiedName::new(name(&row, "schema_name")?, name(&row, "name")?))).collect()
}

fn decode_reads(answer: &ResultSet) -> Result<BTreeMap<QualifiedName, BTreeSet<QualifiedName>>, DecodeError> {
    let mut reads = BTreeMap::<_, BTreeSet<_>>::new();
    for row in answer.rows() {
        let view = QualifiedName::new(row.identifier("view_schema")?, row.identifier("view_name")?);
        let read = QualifiedName::new(row.identifier("read_schema")?, row.identifier("read_name")?);
        reads.entry(view).or_default().insert(read);
    }
    Ok(reads)
}

fn decode_view(row: &Row) -> Result<(QualifiedName, Identifier, String), DecodeError> {
    let name = QualifiedName::new(row.identifier("nspname")?, row.identifier("relname")?);
    let definition = row.text("definition")?.trim().trim_end_matches(';').trim_end().to_owned();
    Ok((name, owner(row.optional_identifier("owner")?), definition))
}
