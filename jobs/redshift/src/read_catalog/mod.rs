//! Reads a warehouse's catalog: a fixed number of queries in one message, whatever the number of objects.

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

use crate::session::{Batch, DecodeError, ResultSet, Session, SqlError};
use migration::catalog::Catalog;
use migration::name::Identifier;
use migration::outcome::ErrorKind;
use migration::statement::Sql;

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
    other_objects,
    libraries,
);

/// Why a catalog could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The warehouse refused a query, or the connection was lost.
    #[error("cannot read the catalog ({query}.sql): {source}")]
    Query {
        /// The query's name.
        query: &'static str,
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
            Self::Query { source, .. } => source.kind,
            Self::Decode { .. } => ErrorKind::Unsupported,
        }
    }
}

/// Reads everything that this version moves.
pub async fn read_catalog<S: Session>(session: &mut S) -> Result<Catalog, ReadError> {
    decode(&ask(session, |_| true).await?)
}

/// What tells tables and their columns, which tables lie behind materialized views, and who sees their rows.
const OF_TABLES: [&str; 18] = [
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
    "privileges",
    "owner_privileges",
    "policies",
    "attached_policies",
    "row_level_security",
];

/// Reads principals, schemas, routines, views, and tables with their columns and sizes, and who may do what with them, with policies; of
/// these, nothing about keys, comments, system permissions and default privileges.
pub async fn read_tables<S: Session>(session: &mut S) -> Result<Catalog, ReadError> {
    let answers = ask(session, |query| OF_TABLES.contains(&query)).await?;
    let mut catalog = Catalog::default();
    principals::decode(&answers, &mut catalog)?;
    schemas::decode(&answers, &mut catalog)?;
    views::decode(&answers, &mut catalog)?;
    tables::decode(&answers, &mut catalog)?;
    routines::decode(&answers, &mut catalog)?;
    privileges::decode(&answers, &mut catalog)?;
    owner_privileges::decode(&answers, &mut catalog)?;
    policies::decode(&answers, &mut catalog)?;
    Ok(catalog)
}

async fn ask<S: Session>(session: &mut S, asked: impl Fn(&str) -> bool) -> Result<Answers, ReadError> {
    let queries: Vec<_> = QUERIES.iter().filter(|(name, _)| asked(name)).collect();
    let batch = Batch::of(queries.iter().map(|(_, text)| Sql::constant(text)));
    let answers = session.run(&batch).await.map_err(|source| {
        let at = source.statement_index.unwrap_or_default();
        ReadError::Query { query: queries.get(at).map_or("?", |(name, _)| name), source }
    })?;
    Answers::of(answers, asked).ok_or(ReadError::Decode { query: "?", source: DecodeError::NotOneRow(0) })
}

fn decode(answers: &Answers) -> Result<Catalog, ReadError> {
    let mut catalog = Catalog::default();
    database::decode(&answers.database, &mut catalog).map_err(in_query("database"))?;
    principals::decode(answers, &mut catalog)?;
    schemas::decode(answers, &mut catalog)?;
    views::decode(answers, &mut catalog)?;
    tables::decode(answers, &mut catalog)?;
    keys::decode(answers, &mut catalog)?;
    comments::decode(&answers.comments, &mut catalog).map_err(in_query("comments"))?;
    routines::decode(answers, &mut catalog)?;
    privileges::decode(answers, &mut catalog)?;
    owner_privileges::decode(answers, &mut catalog)?;
    policies::decode(answers, &mut catalog)?;
    default_privileges::decode(answers, &mut catalog)?;
    other_objects::decode(answers, &mut catalog)?;
    Ok(catalog)
}

fn in_query(query: &'static str) -> impl Fn(DecodeError) -> ReadError {
    move |source| ReadError::Decode { query, source }
}

fn owner(name: Option<Identifier>) -> Identifier {
    name.unwrap_or_else(|| Identifier::new(NOBODY).expect("a constant that is a name"))
}

/// Whether a relation or routine is what Redshift keeps behind a materialized view: `mv_tbl__<name>__<n>` and
/// `mv_sp__<name>__<n>`. The view must exist: anybody may call a table so.
fn behind_materialized_view(catalog: &Catalog, schema: &Identifier, name: &Identifier) -> bool {
    let rest = name.as_str().strip_prefix("mv_tbl__").or_else(|| name.as_str().strip_prefix("mv_sp__"));
    let Some((view, number)) = rest.and_then(|rest| rest.rsplit_once("__")) else { return false };
    number.bytes().all(|byte| byte.is_ascii_digit())
        && catalog.materialized_views.keys().any(|mv| mv.schema == *schema && mv.name.as_str() == view)
}
