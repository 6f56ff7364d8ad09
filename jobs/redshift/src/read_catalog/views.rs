//! Views and materialized views, and what they read.

use super::{Answers, ReadError, each_row, owner};
use crate::session::{DecodeError, Row};
use migration::catalog::{Broken, Catalog, MaterializedView, RoutineName, View};
use migration::name::{Identifier, QualifiedName};
use migration::text::{late_binding_statement, materialized_view_statement};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn decode(answers: &Answers, catalog: &mut Catalog) -> Result<(), ReadError> {
    let mut refreshed = BTreeMap::new();
    each_row(&answers.materialized_views, "materialized_views", catalog, |row, _| {
        // No page says that a state is always there.
        let state = row.optional("state")?.map(|_| row.number("state")).transpose()?;
        let broken = state.and_then(Broken::of_state);
        refreshed.insert(padded_name(row, "schema_name", "name")?, (refreshes_by_itself(row)?, broken));
        Ok(())
    })?;
    let (mut reads, mut calls) = (Reads::new(), Calls::new());
    each_row(&answers.view_dependencies, "view_dependencies", catalog, |row, _| {
        decode_dependency(row, &mut reads, &mut calls)
    })?;
    let on_each_other = &answers.materialized_view_dependencies;
    each_row(on_each_other, "materialized_view_dependencies", catalog, |row, _| {
        let read = padded_name(row, "dependent_schema_name", "dependent_name")?;
        reads.entry(padded_name(row, "schema_name", "name")?).or_default().insert(read);
        Ok(())
    })?;
    each_row(&answers.views, "views", catalog, |row, catalog| {
        let (name, owner, definition) = decode_view(row)?;
        let reads = reads.remove(&name).unwrap_or_default();
        if let Some((auto_refresh, broken)) = refreshed.remove(&name) {
            let definition = materialized_view_statement(&name, &definition).unwrap_or(definition);
            let view = MaterializedView { owner, definition, reads, auto_refresh, broken };
            catalog.materialized_views.insert(name, view);
        } else {
            let calls = calls.remove(&name).unwrap_or_default();
            let mut view = View { owner, definition, reads, calls };
            if view.late_binding() {
                view.definition = late_binding_statement(&name, &view.definition).unwrap_or_default();
            }
            catalog.views.insert(name, view);
        }
        Ok(())
    })
}

/// Whether a materialized view refreshes by itself: the page shows 1 and 0 where its kin have t and f.
fn refreshes_by_itself(row: &Row) -> Result<bool, DecodeError> {
    match row.text("autorefresh")?.trim() {
        "1" => Ok(true),
        "0" => Ok(false),
        _ => row.boolean("autorefresh"),
    }
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
fn decode_dependency(row: &Row, reads: &mut Reads, calls: &mut Calls) -> Result<(), DecodeError> {
    let view = QualifiedName::new(row.identifier("view_schema")?, row.identifier("view_name")?);
    let name = QualifiedName::new(row.identifier("schema_name")?, row.identifier("object_name")?);
    match row.optional("argument_types")? {
        None => reads.entry(view).or_default().insert(name),
        Some(types) => {
            calls.entry(view).or_default().insert(RoutineName { name, argument_types: types.to_owned() })
        }
    };
    Ok(())
}

fn decode_view(row: &Row) -> Result<(QualifiedName, Identifier, String), DecodeError> {
    let name = QualifiedName::new(row.identifier("nspname")?, row.identifier("relname")?);
    let definition =
        row.optional("definition")?.unwrap_or_default().trim().trim_end_matches(';').trim_end().to_owned();
    Ok((name, owner(row.optional_identifier("owner")?), definition))
}
