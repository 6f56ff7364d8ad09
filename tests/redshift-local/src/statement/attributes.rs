//! What a statement tells the event triggers (`sql/event_triggers.sql`): a comment behind it, in JSON.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;

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
    /// The tables that foreign keys refer to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<String>,
    /// Of the routine that is created.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub routine: Option<RoutineAttributes>,
    /// Of the materialized view that is created.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub materialized_view: Option<MaterializedViewAttributes>,
}

/// What `r_CREATE_TABLE_NEW` calls table attributes, and the columns' that PostgreSQL lacks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TableAttributes {
    /// As in `PG_CLASS`: 0 EVEN, 1 KEY, 8 ALL, 9 AUTO (`r_PG_CLASS_INFO`).
    pub diststyle: u8,
    /// The distribution key.
    pub distkey: Option<String>,
    /// `compound`, `interleaved` or `auto`.
    pub sort_style: &'static str,
    /// The sort key's columns in their order.
    pub sort_key: Vec<String>,
    /// Whether Redshift chooses the encodings.
    pub encode_auto: bool,
    /// The encodings given, by column.
    pub encodings: BTreeMap<String, String>,
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
    /// Whether snapshots include it.
    pub backup: bool,
}

/// What stands before the attributes behind a statement.
const OPENING: &str = " /*rs:";

impl Attributes {
    /// The statement with these attributes behind it.
    pub fn behind(&self, sql: &str) -> String {
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
