//! Views and materialized views, and what they read.

use super::{Answers, ReadError, in_query, owner};
use crate::session::{DecodeError, ResultSet, Row};
use migration::catalog::{Catalog, MaterializedView, View};
use migration::name::{Identifier, QualifiedName};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn decode(answers: &Answers, catalog: &mut Catalog) -> Result<(), ReadError> {
    let materialized = decode_names(&answers.materialized_views).map_err(in_query("materialized_views"))?;
    let mut reads = decode_reads(&answers.view_dependencies).map_err(in_query("view_dependencies"))?;
    let on_each_other = &answers.materialized_view_dependencies;
    add_reads(on_each_other, &mut reads).map_err(in_query("materialized_view_dependencies"))?;
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

fn decode_names(answer: &ResultSet) -> Result<BTreeSet<QualifiedName>, DecodeError> {
    answer.rows().map(|row| padded_name(&row, "schema_name", "name")).collect()
}

/// The SVV_MV views pad their names with blanks.
fn padded_name(row: &Row, schema: &str, name: &str) -> Result<QualifiedName, DecodeError> {
    let trimmed = |column: &str| {
        let text = row.text(column)?.trim_end();
        Identifier::new(text).map_err(|source| DecodeError::Name { column: column.to_owned(), source })
    };
    Ok(QualifiedName::new(trimmed(schema)?, trimmed(name)?))
}

type Reads = BTreeMap<QualifiedName, BTreeSet<QualifiedName>>;

fn decode_reads(answer: &ResultSet) -> Result<Reads, DecodeError> {
    let mut reads = Reads::new();
    for row in answer.rows() {
        let view = QualifiedName::new(row.identifier("view_schema")?, row.identifier("view_name")?);
        let read = QualifiedName::new(row.identifier("read_schema")?, row.identifier("read_name")?);
        reads.entry(view).or_default().insert(read);
    }
    Ok(reads)
}

fn add_reads(answer: &ResultSet, reads: &mut Reads) -> Result<(), DecodeError> {
    for row in answer.rows() {
        let read = padded_name(&row, "dependent_schema_name", "dependent_name")?;
        reads.entry(padded_name(&row, "schema_name", "name")?).or_default().insert(read);
    }
    Ok(())
}

fn decode_view(row: &Row) -> Result<(QualifiedName, Identifier, String), DecodeError> {
    let name = QualifiedName::new(row.identifier("nspname")?, row.identifier("relname")?);
    let definition = row.text("definition")?.trim().trim_end_matches(';').trim_end().to_owned();
    Ok((name, owner(row.optional_identifier("owner")?), definition))
}
