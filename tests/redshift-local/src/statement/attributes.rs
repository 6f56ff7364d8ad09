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
    /// The body of the routine that is created, where PostgreSQL got another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
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

impl Attributes {
    /// The statement with these attributes behind it.
    pub fn behind(&self, sql: &str) -> String {
        // Nothing in these structures can fail to serialise.
        let json = serde_json::to_vec(self).unwrap_or_default();
        format!("{sql} /*rs:{}*/", STANDARD.encode(json))
    }
}
