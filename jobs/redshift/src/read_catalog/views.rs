//! Views and materialized views, and what they read.

use super::{Answers, ReadError, in_query, owner};
use crate::session::{DecodeError, ResultSet, Row};
use migration::catalog::{Catalog, MaterializedView, RoutineName, View};
use migration::name::{Identifier, QualifiedName};
use migration::text::late_binding_statement;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn decode(answers: &Answers, catalog: &mut Catalog) -> Result<(), ReadError> {
    let mut refreshed =
        decode_refreshed(&answers.materialized_views).map_err(in_query("materialized_views"))?;
    let (mut reads, mut calls) =
        decode_dependencies(&answers.view_dependencies).map_err(in_query("view_dependencies"))?;
    let on_each_other = &answers.materialized_view_dependencies;
    add_reads(on_each_other, &mut reads).map_err(in_query("materialized_view_dependencies"))?;
    for row in answers.views.rows() {
        let (name, owner, definition) = decode_view(&row).map_err(in_query("views"))?;
        let reads = reads.remove(&name).unwrap_or_default();
        if let Some(auto_refresh) = refreshed.remove(&name) {
            let view = MaterializedView { owner, definition, reads, auto_refresh };
            catalog.materialized_views.insert(name, view);
        } else {
            let calls = calls.remove(&name).unwrap_or_default();
            let mut view = View { owner, definition, reads, calls };
            if view.late_binding() {
                view.definition = late_binding_statement(&name, &view.definition).unwrap_or_default();
            }
            catalog.views.insert(name, view);
        }
    }
    Ok(())
}

/// The materialized views, and whether each refreshes by itself: the page shows 1 and 0 where its kin have t and f.
fn decode_refreshed(answer: &ResultSet) -> Result<BTreeMap<QualifiedName, bool>, DecodeError> {
    let mut refreshed = BTreeMap::new();
    for row in answer.rows() {
        let by_itself = match row.text("autorefresh")?.trim() {
            "1" => true,
            "0" => false,
            _ => row.boolean("autorefresh")?,
        };
        refreshed.insert(padded_name(&row, "schema_name", "name")?, by_itself);
    }
    Ok(refreshed)
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
type Calls = BTreeMap<QualifiedName, BTreeSet<RoutineName>>;

/// Argument types come with a routine alone.
fn decode_dependencies(answer: &ResultSet) -> Result<(Reads, Calls), DecodeError> {
    let (mut reads, mut calls) = (Reads::new(), Calls::new());
    for row in answer.rows() {
        let view = QualifiedName::new(row.identifier("view_schema")?, row.identifier("view_name")?);
        let name = QualifiedName::new(row.identifier("schema_name")?, row.identifier("object_name")?);
        match row.optional("argument_types")? {
            None => reads.entry(view).or_default().insert(name),
            Some(types) => {
                calls.entry(view).or_default().insert(RoutineName { name, argument_types: types.to_owned() })
            }
        };
    }
    Ok((reads, calls))
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
    let definition =
        row.optional("definition")?.unwrap_or_default().trim().trim_end_matches(';').trim_end().to_owned();
    Ok((name, owner(row.optional_identifier("owner")?), definition))
}
