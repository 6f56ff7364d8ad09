//! Which table `--TABLE_NAME` means.

use crate::move_table::MoveError;
use arguments::MigrateData;
use job::JobError;
use migration::catalog::{Catalog, Table};
use migration::name::QualifiedName;
use migration::outcome::{ErrorKind, Failure};

/// Where the outcome of the table is kept, found or not: in the schema named, else in the first of `--SCHEMAS`.
pub fn ledger_name(arguments: &MigrateData) -> QualifiedName {
    let schema = arguments.table.schema.as_ref().or_else(|| arguments.common.schemas.first());
    // --SCHEMAS is never empty: its type sees to that.
    let schema = schema.unwrap_or(&arguments.table.table);
    QualifiedName::new(schema.clone(), arguments.table.table.clone())
}

/// Finds the table in the tenant's schemas: in the one named, or in the only one that has it.
pub fn resolve<'a>(
    source: &'a Catalog,
    arguments: &MigrateData,
) -> Result<(&'a QualifiedName, &'a Table), MoveError> {
    let wanted = &arguments.table;
    let schemas = &arguments.common.schemas;
    if let Some(schema) = wanted.schema.as_ref().filter(|schema| !schemas.contains(schema)) {
        return Err(MoveError::Table(Failure {
            kind: ErrorKind::NotFound,
            message: format!("the schema {} of the table {wanted} is none of the tenant's", schema.as_str()),
            remedy: "name it in --SCHEMAS too".into(),
        }));
    }
    let found = |name: &&QualifiedName| {
        name.name == wanted.table
            && schemas.contains(&name.schema)
            && wanted.schema.as_ref().is_none_or(|schema| *schema == name.schema)
    };
    let mut tables = source.tables.iter().filter(|(name, _)| found(name));
    match (tables.next(), tables.next()) {
        (Some(table), None) => Ok(table),
        (None, _) => Err(MoveError::Table(Failure {
            kind: ErrorKind::NotFound,
            message: format!("there is no table {wanted} in the tenant's schemas on the source"),
            remedy: "check --TABLE_NAME and --SCHEMAS".into(),
        })),
        (Some((one, _)), Some((other, _))) => Err(MoveError::Job(JobError::of(
            ErrorKind::Arguments,
            format_args!("the table {wanted} is in {} and in {}", one.schema.as_str(), other.schema.as_str()),
            "say which with --TABLE_NAME schema.table",
        ))),
    }
}
