//! What no query tells: COLLATE of columns, NONATOMIC and SET of procedures. SHOW is asked for each table and procedure of the tenant, and
//! its refusal costs the clauses of this table or procedure alone.

use super::ReadError;
use crate::session::{Batch, DecodeError, ResultSet, Session, SqlError};
use migration::catalog::{Catalog, Collation, Column, Language, RoutineKind, RoutineName, Section, Unread};
use migration::name::{Identifier, QualifiedName};
use migration::outcome::Retry;
use migration::statement::{Sql, show_columns, show_procedure};
use migration::text::procedure_clauses;
use std::collections::{BTreeMap, BTreeSet};

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
    let show = |statement| move |source| ReadError::Show { statement, source };
    let untold = read_collations(session, catalog, schemas).await.map_err(show("SHOW COLUMNS"))?;
    note(Section::Collations, untold, catalog);
    let untold = read_procedures(session, catalog, schemas).await.map_err(show("SHOW PROCEDURE"))?;
    note(Section::ProcedureClauses, untold, catalog);
    Ok(())
}

fn note(section: Section, untold: Option<Untold>, catalog: &mut Catalog) {
    let unread = untold.map(|error| Unread::Section { section, error: error.to_string() });
    catalog.unread.extend(unread);
}

/// Gives the first thing that was not told.
async fn read_collations<S: Session>(
    session: &mut S,
    catalog: &mut Catalog,
    schemas: &BTreeSet<Identifier>,
) -> Result<Option<Untold>, SqlError> {
    let Some(database) = catalog.database.clone() else { return Ok(None) };
    let tables = catalog.tables.iter().filter(|(name, table)| {
        schemas.contains(&name.schema) && table.columns.iter().any(Column::takes_collation)
    });
    let names: Vec<QualifiedName> = tables.map(|(name, _)| name.clone()).collect();
    let answers = ask_each(session, names.iter().map(|name| show_columns(&database, name))).await?;
    let mut first = None;
    for (name, answer) in names.iter().zip(answers) {
        let Some(table) = catalog.tables.get_mut(name) else { continue };
        let columns = table.columns.iter_mut().filter(|column| column.takes_collation());
        let read = answer.and_then(|answer| Ok(set_collations(columns, &answer, catalog.collation)?));
        first = first.or(read.err());
    }
    Ok(first)
}

/// Sets the collations that are not the database's. A column that is not shown is not known: a user who may not see a table may be shown
/// no row of it (`r_SHOW_COLUMNS`).
fn set_collations<'a>(
    columns: impl Iterator<Item = &'a mut Column>,
    answer: &ResultSet,
    of_database: Collation,
) -> Result<(), DecodeError> {
    let mut shown = BTreeMap::new();
    for row in answer.rows() {
        shown.insert(row.identifier("column_name")?, decode_collation(row.optional("collation")?)?);
    }
    for column in columns {
        let collation = shown.get(&column.name).ok_or_else(|| DecodeError::Malformed {
            column: "column_name".into(),
            value: column.name.as_str().to_owned(),
            expected: "in a row of its own",
        })?;
        column.collation = collation.filter(|collation| *collation != of_database);
    }
    Ok(())
}

/// `default` is the database's, as in the page's examples; what is no text has none. No example has a column with another one: it is
/// taken to be called as SHOW TABLE prints it (`r_SHOW_TABLE`), or as COLLATE takes it (`r_COLLATE`).
fn decode_collation(text: Option<&str>) -> Result<Option<Collation>, DecodeError> {
    match text.unwrap_or_default().trim().to_ascii_lowercase().as_str() {
        "" | "default" => Ok(None),
        "case_sensitive" | "cs" => Ok(Some(Collation::CaseSensitive)),
        "case_insensitive" | "ci" => Ok(Some(Collation::CaseInsensitive)),
        other => Err(DecodeError::Malformed {
            column: "collation".into(),
            value: other.to_owned(),
            expected: "a collation",
        }),
    }
}

/// Gives the first thing that was not told.
async fn read_procedures<S: Session>(
    session: &mut S,
    catalog: &mut Catalog,
    schemas: &BTreeSet<Identifier>,
) -> Result<Option<Untold>, SqlError> {
    let procedures = catalog.routines.iter().filter(|(name, routine)| {
        schemas.contains(&name.name.schema)
            && routine.kind == RoutineKind::Procedure
            && routine.language == Language::Plpgsql
    });
    let names: Vec<RoutineName> = procedures.map(|(name, _)| name.clone()).collect();
    let answers = ask_each(session, names.iter().map(show_procedure)).await?;
    let mut first = None;
    for (name, answer) in names.iter().zip(answers) {
        let Some(routine) = catalog.routines.get_mut(name) else { continue };
        let shown = answer.and_then(|answer| Ok(answer.only_row()?.first().unwrap_or_default().to_owned()));
        match shown {
            Ok(shown) => {
                routine.clauses = procedure_clauses(&shown, &routine.body, routine.security_definer);
            }
            Err(error) => first = first.or(Some(error)),
        }
    }
    Ok(first)
}

/// The answers to statements, in their order. Where a message is refused, each of its statements is asked by itself, since the object
/// of one may be gone by now; where all of these are refused, no more is asked.
///
/// # Errors
/// The connection was lost, or the warehouse may answer another time.
async fn ask_each<S: Session>(
    session: &mut S,
    statements: impl Iterator<Item = Sql>,
) -> Result<Vec<Result<ResultSet, Untold>>, SqlError> {
    let may_pass = |error: &SqlError| error.ends_session() || error.kind.retry() != Retry::Never;
    let statements: Vec<_> = statements.collect();
    let mut answers = Vec::with_capacity(statements.len());
    for some in statements.chunks(STATEMENTS_A_MESSAGE) {
        match session.run(&Batch::of(some.iter().cloned())).await {
            Ok(told) => answers.extend(told.into_iter().map(Ok)),
            Err(error) if may_pass(&error) => return Err(error),
            Err(_) => {
                let mut any = false;
                for statement in some {
                    match session.run(&Batch::of([statement.clone()])).await {
                        Ok(told) => {
                            any = true;
                            answers.push(told.into_iter().next().ok_or(DecodeError::NotOneRow(0).into()));
                        }
                        Err(error) if may_pass(&error) => return Err(error),
                        Err(error) => answers.push(Err(error.into())),
                    }
                }
                if !any {
                    break;
                }
            }
        }
    }
    Ok(answers)
}

#[cfg(test)]
mod tests;
