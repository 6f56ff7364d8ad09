//! What no query tells: COLLATE of columns, NONATOMIC and SET of procedures. SHOW is asked for each table and procedure of the tenant, and
//! its refusal costs this part alone.

use super::ReadError;
use crate::session::{Batch, DecodeError, ResultSet, Session, SqlError};
use migration::catalog::{Catalog, Collation, Language, RoutineKind, RoutineName, Section, Unread};
use migration::name::{Identifier, QualifiedName};
use migration::outcome::Retry;
use migration::statement::{Sql, show_columns, show_procedure};
use migration::text::procedure_clauses;
use std::collections::BTreeSet;

/// How many statements go in one message: keeps it far below 16 MB whatever the names.
const STATEMENTS_A_MESSAGE: usize = 200;

/// Why a part was not told.
#[derive(Debug, thiserror::Error)]
enum Untold {
    #[error(transparent)]
    Sql(#[from] SqlError),
    #[error(transparent)]
    Decode(#[from] DecodeError),
}

/// Completes the columns and procedures in these schemas. What the warehouse does not tell is in [`Catalog::unread`].
///
/// # Errors
/// The connection was lost, or the warehouse may answer another time.
pub(super) async fn read<S: Session>(
    session: &mut S,
    catalog: &mut Catalog,
    schemas: &BTreeSet<Identifier>,
) -> Result<(), ReadError> {
    let read = read_collations(session, catalog, schemas).await;
    told("SHOW COLUMNS", Section::Collations, read, catalog)?;
    let read = read_procedures(session, catalog, schemas).await;
    told("SHOW PROCEDURE", Section::ProcedureClauses, read, catalog)
}

/// Notes what was not told; hands on what another try may change.
fn told(
    statement: &'static str,
    section: Section,
    read: Result<(), Untold>,
    catalog: &mut Catalog,
) -> Result<(), ReadError> {
    match read {
        Ok(()) => Ok(()),
        Err(Untold::Sql(source)) if source.ends_session() || source.kind.retry() != Retry::Never => {
            Err(ReadError::Show { statement, source })
        }
        Err(error) => {
            catalog.unread.insert(Unread::Section { section, error: error.to_string() });
            Ok(())
        }
    }
}

async fn read_collations<S: Session>(
    session: &mut S,
    catalog: &mut Catalog,
    schemas: &BTreeSet<Identifier>,
) -> Result<(), Untold> {
    let Some(database) = catalog.database.clone() else { return Ok(()) };
    let tables = catalog.tables.iter().filter(|(name, table)| {
        schemas.contains(&name.schema) && table.columns.iter().any(|column| column.takes_collation())
    });
    let names: Vec<QualifiedName> = tables.map(|(name, _)| name.clone()).collect();
    let answers = ask_each(session, names.iter().map(|name| show_columns(&database, name))).await?;
    let mut found = Vec::new();
    for (name, answer) in names.iter().zip(&answers) {
        for row in answer.rows() {
            let collation = decode_collation(row.optional("collation")?)?;
            if let Some(collation) = collation.filter(|collation| *collation != catalog.collation) {
                found.push((name, row.identifier("column_name")?, collation));
            }
        }
    }
    for (name, column, collation) in found {
        let columns = catalog.tables.get_mut(name).into_iter().flat_map(|table| &mut table.columns);
        columns.filter(|known| known.name == column).for_each(|known| known.collation = Some(collation));
    }
    Ok(())
}

/// `default` is the database's, as in the page's examples; what is no text has none. No example has a column with another one: it is
/// taken to be called as SHOW TABLE prints it (`r_SHOW_TABLE`).
fn decode_collation(text: Option<&str>) -> Result<Option<Collation>, DecodeError> {
    match text.unwrap_or_default().trim().to_ascii_lowercase().as_str() {
        "" | "default" => Ok(None),
        "case_sensitive" => Ok(Some(Collation::CaseSensitive)),
        "case_insensitive" => Ok(Some(Collation::CaseInsensitive)),
        other => Err(DecodeError::Malformed {
            column: "collation".into(),
            value: other.to_owned(),
            expected: "a collation",
        }),
    }
}

async fn read_procedures<S: Session>(
    session: &mut S,
    catalog: &mut Catalog,
    schemas: &BTreeSet<Identifier>,
) -> Result<(), Untold> {
    let procedures = catalog.routines.iter().filter(|(name, routine)| {
        schemas.contains(&name.name.schema)
            && routine.kind == RoutineKind::Procedure
            && routine.language == Language::Plpgsql
    });
    let names: Vec<RoutineName> = procedures.map(|(name, _)| name.clone()).collect();
    let answers = ask_each(session, names.iter().map(show_procedure)).await?;
    for (name, answer) in names.iter().zip(&answers) {
        let shown = answer.only_row()?.first().unwrap_or_default();
        if let Some(routine) = catalog.routines.get_mut(name) {
            routine.clauses = procedure_clauses(shown, &routine.body);
        }
    }
    Ok(())
}

/// The answers to statements, in their order.
async fn ask_each<S: Session>(
    session: &mut S,
    statements: impl Iterator<Item = Sql>,
) -> Result<Vec<ResultSet>, SqlError> {
    let statements: Vec<_> = statements.collect();
    let mut answers = Vec::with_capacity(statements.len());
    for some in statements.chunks(STATEMENTS_A_MESSAGE) {
        answers.extend(session.run(&Batch::of(some.iter().cloned())).await?);
    }
    Ok(answers)
}

#[cfg(test)]
mod tests;
