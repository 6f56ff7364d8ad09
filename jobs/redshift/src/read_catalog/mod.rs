//! Reads a warehouse's catalog: a fixed number of queries in one message, whatever the number of objects. What no query tells is asked
//! besides, for the objects of the tenant ([`clauses`]).
//!
//! Most queries are of the whole database: the plan and the verification judge what lies outside the tenant by its columns, keys, views,
//! routines and privileges. What only the tenant's own tables need is bounded to the tenant's schemas (`sql/README.md`).

mod clauses;
mod comments;
mod database;
mod default_privileges;
mod keys;
mod other_objects;
mod owner_privileges;
mod policies;
mod principals;
mod privileges;
mod routines;
mod schemas;
mod tables;
mod views;

pub(crate) use tables::decode_default;

use crate::session::{Batch, DecodeError, ResultSet, Row, Session, SqlError};
use migration::catalog::{Catalog, OtherKind, Section, Unread};
use migration::name::Identifier;
use migration::outcome::{ErrorKind, Retry};
use migration::statement::in_schemas;
use std::collections::BTreeSet;

/// Stands for the owner of an object whose user is gone; no user can have this name by accident, since no
/// such user is listed.
const NOBODY: &str = "(a user that is gone)";

macro_rules! queries {
    ($($name:ident),* $(,)?) => {
        /// Every catalog query with its name, from `sql/catalog/`.
        const QUERIES: &[(&str, &str)] = &[
            $((stringify!($name), include_str!(concat!("../../../../sql/catalog/", stringify!($name), ".sql")))),*
        ];

        /// The answers, by query.
        struct Answers {
            $($name: ResultSet),*
        }

        impl Answers {
            /// The answers to the queries that were asked; nothing for the others.
            fn of(answers: Vec<ResultSet>, asked: impl Fn(&str) -> bool) -> Option<Self> {
                let mut answers = answers.into_iter();
                Some(Self {
                    $($name: if asked(stringify!($name)) { answers.next()? } else { ResultSet::default() }),*
                })
            }
        }
    };
}

queries!(
    users,
    user_options,
    groups,
    roles,
    database,
    schemas,
    schema_quotas,
    tables,
    table_backups,
    columns,
    table_info,
    keys,
    comments,
    routines,
    types,
    views,
    materialized_views,
    materialized_view_dependencies,
    view_dependencies,
    privileges,
    owner_privileges,
    warehouse_privileges,
    default_privileges,
    default_functions,
    policies,
    attached_policies,
    row_level_security,
    models,
    datashares,
    copy_jobs,
    libraries,
    integrations,
    templates,
);

/// The queries that a migration can do without: a warehouse may lack what they read, by its kind, by its patch or by what no page
/// says.
const OPTIONAL: [(&str, Section); 7] = [
    ("table_backups", Section::Backups),
    ("models", Section::Others(OtherKind::Model)),
    ("datashares", Section::Others(OtherKind::Datashare)),
    ("copy_jobs", Section::Others(OtherKind::CopyJob)),
    ("libraries", Section::Others(OtherKind::Library)),
    ("integrations", Section::Others(OtherKind::Integration)),
    ("templates", Section::Others(OtherKind::Template)),
];

/// Why a catalog could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The warehouse refused a query, or the connection was lost.
    #[error("cannot read the catalog{}: {source}", query.map(|query| format!(" ({query}.sql)")).unwrap_or_default())]
    Query {
        /// The query's name; none where the connection was lost before the first answer.
        query: Option<&'static str>,
        /// What the warehouse said.
        source: SqlError,
    },
    /// The warehouse refused for now a statement that is no query, or the connection was lost.
    #[error("cannot read the catalog ({statement}): {source}")]
    Show {
        /// The statement's key words.
        statement: &'static str,
        /// What the warehouse said.
        source: SqlError,
    },
    /// The warehouse answered something else than the query's AWS page says.
    #[error("cannot read the catalog ({query}.sql): {source}")]
    Decode {
        /// The query's name.
        query: &'static str,
        /// What is wrong with the answer.
        source: DecodeError,
    },
}

impl ReadError {
    /// What kind of error.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Query { source, .. } | Self::Show { source, .. } => source.kind,
            Self::Decode { .. } => ErrorKind::Unsupported,
        }
    }
}

/// Reads everything that this version moves of these schemas, and what it is judged by of the whole database.
///
/// # Errors
/// The warehouse refused a query that is needed, or the connection was lost. What a migration can do without, and a row of anything that is
/// not what its page says, is in [`Catalog::unread`].
pub async fn read_catalog<S: Session>(
    session: &mut S,
    schemas: &BTreeSet<Identifier>,
) -> Result<Catalog, ReadError> {
    let (answers, unread) = ask(session, schemas, |_| true).await?;
    let mut catalog = Catalog { unread, ..Catalog::default() };
    decode_tables(&answers, &mut catalog)?;
    keys::decode(&answers, &mut catalog)?;
    comments::decode(&answers, &mut catalog)?;
    default_privileges::decode(&answers, &mut catalog)?;
    other_objects::decode(&answers, &mut catalog)?;
    clauses::read(session, &mut catalog, schemas).await?;
    Ok(catalog)
}

/// What tells tables and their columns, which tables lie behind materialized views, and who sees their rows.
const OF_TABLES: [&str; 22] = [
    "database",
    "users",
    "user_options",
    "groups",
    "roles",
    "schemas",
    "schema_quotas",
    "tables",
    "columns",
    "table_info",
    "routines",
    "types",
    "views",
    "materialized_views",
    "materialized_view_dependencies",
    "view_dependencies",
    "privileges",
    "owner_privileges",
    "warehouse_privileges",
    "policies",
    "attached_policies",
    "row_level_security",
];

/// Reads principals, schemas, routines, views, and tables with their columns, and who may do what with them, with policies; sizes, of the
/// tables in these schemas; nothing about keys, comments and default privileges.
pub async fn read_tables<S: Session>(
    session: &mut S,
    schemas: &BTreeSet<Identifier>,
) -> Result<Catalog, ReadError> {
    let (answers, unread) = ask(session, schemas, |query| OF_TABLES.contains(&query)).await?;
    let mut catalog = Catalog { unread, ..Catalog::default() };
    decode_tables(&answers, &mut catalog)?;
    Ok(catalog)
}

/// What [`read_tables`] reads, in the order in which one part needs another.
fn decode_tables(answers: &Answers, catalog: &mut Catalog) -> Result<(), ReadError> {
    database::decode(&answers.database, catalog).map_err(in_query("database"))?;
    principals::decode(answers, catalog)?;
    schemas::decode(answers, catalog)?;
    views::decode(answers, catalog)?;
    tables::decode(answers, catalog)?;
    catalog.complete_materialized_views();
    routines::decode(answers, catalog)?;
    privileges::decode(answers, catalog)?;
    owner_privileges::decode(answers, catalog)?;
    policies::decode(answers, catalog)
}

/// Asks in one message. Where the warehouse refuses a query that can be done without, it asks once more for the others.
async fn ask<S: Session>(
    session: &mut S,
    schemas: &BTreeSet<Identifier>,
    asked: impl Fn(&str) -> bool,
) -> Result<(Answers, BTreeSet<Unread>), ReadError> {
    let mut unread = BTreeSet::new();
    let mut refused = Vec::new();
    loop {
        let is_asked = |query: &str| asked(query) && !refused.contains(&query);
        let queries: Vec<_> = QUERIES.iter().filter(|(name, _)| is_asked(name)).collect();
        let batch = Batch::of(queries.iter().map(|(_, text)| in_schemas(text, schemas)));
        let source = match session.run(&batch).await {
            Ok(answers) => {
                let none = ReadError::Decode { query: "?", source: DecodeError::NotOneRow(0) };
                return Ok((Answers::of(answers, is_asked).ok_or(none)?, unread));
            }
            Err(source) => source,
        };
        let query = source.statement_index.and_then(|at| queries.get(at)).map(|(name, _)| *name);
        let section = OPTIONAL.iter().find(|(name, _)| Some(*name) == query).map(|(_, section)| *section);
        match section {
            Some(section) if !source.ends_session() && source.kind.retry() == Retry::Never => {
                unread.insert(Unread::Section { section, error: source.to_string() });
                refused.extend(query);
            }
            _ => return Err(ReadError::Query { query, source }),
        }
    }
}

/// Decodes an answer row by row. One that is not what the query's page says costs itself and is named, whoever's it is.
///
/// # Errors
/// The answer lacks a column.
fn each_row(
    answer: &ResultSet,
    query: &'static str,
    catalog: &mut Catalog,
    mut decode: impl FnMut(&Row, &mut Catalog) -> Result<(), DecodeError>,
) -> Result<(), ReadError> {
    for row in answer.rows() {
        match decode(&row, catalog) {
            Ok(()) => {}
            Err(source @ DecodeError::NoColumn(_)) => return Err(ReadError::Decode { query, source }),
            Err(error) => {
                catalog.unread.insert(unread_row(query, &row, &error));
            }
        }
    }
    Ok(())
}

/// The columns in which the queries say schemas, and what lies in them or is named besides.
const SCHEMAS: [&str; 6] = ["nspname", "namespace_name", "schema_name", "relschema", "view_schema", "schema"];
const NAMES: [&str; 13] = [
    "relname",
    "object_name",
    "relation_name",
    "view_name",
    "table",
    "proname",
    "policy_name",
    "name",
    "usename",
    "user_name",
    "groname",
    "role_name",
    "identity_name",
];

fn unread_row(query: &'static str, row: &Row, error: &DecodeError) -> Unread {
    let first = |columns: &[&str]| {
        let texts = columns.iter().filter_map(|column| row.optional(column).ok().flatten());
        texts.map(str::trim).find(|text| !text.is_empty())
    };
    let (schema, name) = (first(&SCHEMAS), first(&NAMES));
    Unread::Row {
        query,
        schema: schema.and_then(|schema| Identifier::new(schema).ok()),
        object: schema.into_iter().chain(name).collect::<Vec<_>>().join("."),
        error: error.to_string(),
    }
}

fn in_query(query: &'static str) -> impl Fn(DecodeError) -> ReadError {
    move |source| ReadError::Decode { query, source }
}

fn owner(name: Option<Identifier>) -> Identifier {
    name.unwrap_or_else(|| Identifier::new(NOBODY).expect("a constant that is a name"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::testing::RecordingSession;

    #[tokio::test]
    async fn what_only_the_tenants_tables_need_is_bounded_to_its_schemas() {
        let mut session = RecordingSession::answering([Ok(vec![ResultSet::default(); QUERIES.len()])]);
        let schemas = ["shop", "it's"].map(|name| Identifier::new(name).unwrap()).into();
        // The answers have no columns, so that nothing is read.
        read_catalog(&mut session, &schemas).await.unwrap_err();
        let sent = session.sent.first().unwrap().text();
        assert!(!sent.contains("tenant_schema"), "{sent}");
        assert_eq!(sent.matches("IN ('it''s', 'shop')").count(), 3, "{sent}");
    }
}
