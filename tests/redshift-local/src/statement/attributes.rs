//! What a statement tells the event triggers (`sql/event_triggers.sql`): a comment behind it, in JSON.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;

use super::StatementError;
use crate::lexer::{Token, TokenKind};

/// The attributes of one statement.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Attributes {
    /// Of the table that is created.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table: Option<TableAttributes>,
    /// The table whose attributes are inherited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub like: Option<String>,
    /// Encodings of added columns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encodings: Option<BTreeMap<String, String>>,
    /// Collations of added columns.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub collations: BTreeMap<String, &'static str>,
    /// The tables that foreign keys refer to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<String>,
    /// Of the routine that is created.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub routine: Option<RoutineAttributes>,
    /// Of the materialized view that is created.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub materialized_view: Option<MaterializedViewAttributes>,
    /// Of the late-binding view that is created.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub late_binding_view: Option<LateBindingView>,
    /// Of the schema that is created.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<SchemaAttributes>,
    /// What is altered in the place of what PostgreSQL believes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub alter: Vec<TableChange>,
    /// What is to be looked at before the statement runs.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub check: Option<Check>,
}

/// A change of a table that PostgreSQL has no place for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TableChange {
    /// To EVEN, ALL or AUTO, as in `PG_CLASS`.
    Diststyle(u8),
    /// To KEY with this column.
    Distkey(String),
    /// To a compound sort key.
    Sortkey(Vec<String>),
    /// To `auto` or `none`.
    SortStyle(&'static str),
    /// Redshift chooses the encodings from now on.
    EncodeAuto(bool),
    /// One column's encoding.
    Encoding {
        /// The column.
        column: String,
        /// The encoding.
        name: String,
    },
    /// AUTO REFRESH of a materialized view.
    AutoRefresh(bool),
}

/// What Redshift refuses and PostgreSQL does not, for the relation of the statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// The relation.
    pub relation: String,
    /// What is done to it.
    #[serde(flatten)]
    pub act: CheckedAct,
}

/// What is done to the relation of a [`Check`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckedAct {
    /// A column is dropped, with what depends on it or without.
    DropColumn {
        /// The column.
        column: String,
        /// CASCADE.
        cascade: bool,
    },
    /// A column gets another type.
    RetypeColumn(String),
    /// The relation gets another name.
    Rename(bool),
    /// The view is replaced.
    Replace(bool),
}

/// What `r_CREATE_TABLE_NEW` calls table attributes, and the columns' that PostgreSQL lacks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TableAttributes {
    /// As in `PG_CLASS`: 0 EVEN, 1 KEY, 8 ALL, 9 AUTO (`r_PG_CLASS_INFO`).
    pub diststyle: u8,
    /// The distribution key.
    pub distkey: Option<String>,
    /// `compound`, `interleaved`, `auto` or `none`.
    pub sort_style: &'static str,
    /// The sort key's columns in their order.
    pub sort_key: Vec<String>,
    /// Whether Redshift chooses the encodings.
    pub encode_auto: bool,
    /// The encodings given, by column.
    pub encodings: BTreeMap<String, String>,
    /// The collations given, by column.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub collations: BTreeMap<String, &'static str>,
    /// Whether snapshots include the table.
    pub backup: bool,
}

/// What PostgreSQL does not keep of a routine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RoutineAttributes {
    /// The body as it was written, where PostgreSQL got another.
    pub source: Option<String>,
    /// NONATOMIC (`r_CREATE_PROCEDURE`).
    pub nonatomic: bool,
}

/// The options of a materialized view.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MaterializedViewAttributes {
    /// The statement that creates it, as it was written.
    pub definition: String,
    /// AUTO REFRESH YES.
    pub auto_refresh: bool,
    /// Those of the table behind it.
    pub table: TableAttributes,
}

/// A view WITH NO SCHEMA BINDING.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LateBindingView {
    /// The statement that creates it, as it was written.
    pub definition: String,
    /// The names of its columns for PostgreSQL, in parentheses; empty if it has none of its own.
    pub columns: String,
    /// Its query for PostgreSQL.
    pub query: String,
}

/// What PostgreSQL has no place for in a schema.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SchemaAttributes {
    /// Its quota in MB.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quota: Option<i32>,
    /// Where it is, if it is external.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub external: Option<ExternalSchema>,
}

/// Where an external schema is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExternalSchema {
    /// As in `SVV_EXTERNAL_SCHEMAS`.
    pub kind: u8,
    /// The external database.
    pub database: String,
    /// Its options, in JSON.
    pub options: String,
}

/// What stands before the attributes behind a statement.
const OPENING: &str = " /*rs:";

/// Refuses a client's own comment that would be read as attributes.
pub fn check(tokens: &[Token<'_>]) -> Result<(), StatementError> {
    let forged =
        |token: &Token<'_>| token.kind == TokenKind::BlockComment && token.text.starts_with(OPENING.trim());
    if tokens.iter().any(forged) {
        return Err(StatementError::unsupported("a comment that begins with rs:"));
    }
    Ok(())
}

impl Attributes {
    /// The statement with these attributes behind it, if there are any.
    pub fn behind(&self, sql: &str) -> String {
        if *self == Self::default() {
            return sql.to_owned();
        }
        // Nothing in these structures can fail to serialise.
        let json = serde_json::to_vec(self).unwrap_or_default();
        format!("{sql}{OPENING}{}*/", STANDARD.encode(json))
    }

    /// A statement without its attributes, and those in base64 if it has some.
    pub fn split(sql: &str) -> (&str, Option<&str>) {
        match sql.rsplit_once(OPENING).map(|(plain, comment)| (plain, comment.strip_suffix("*/"))) {
            Some((plain, Some(attributes))) => (plain, Some(attributes)),
            _ => (sql, None),
        }
    }
}
