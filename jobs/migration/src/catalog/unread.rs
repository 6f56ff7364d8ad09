//! What a catalog does not tell, so that it is named instead of lost.

use super::OtherKind;
use crate::name::Identifier;
use std::fmt;

/// Something that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unread {
    /// A part of the catalog that a migration can do without: the warehouse refused its query.
    Section {
        /// Which part.
        section: Section,
        /// What the warehouse said.
        error: String,
    },
    /// One row: it is not what the query's AWS page says.
    Row {
        /// The query's name.
        query: &'static str,
        /// The schema that it is about, where it says one.
        schema: Option<Identifier>,
        /// What it is about, as far as it says so.
        object: String,
        /// What is wrong with it.
        error: String,
    },
}

/// A part of the catalog that a migration can do without.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// Which tables are left out of snapshots.
    Backups,
    /// COLLATE of columns, which SHOW COLUMNS tells.
    Collations,
    /// NONATOMIC and SET of procedures, which SHOW PROCEDURE tells.
    ProcedureClauses,
    /// Objects of a kind that is not moved.
    Others(OtherKind),
}

/// The part in the plural, for people to read.
impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Backups => f.write_str("BACKUP NO of tables"),
            Self::Collations => f.write_str("COLLATE of columns"),
            Self::ProcedureClauses => f.write_str("NONATOMIC and SET clauses of procedures"),
            Self::Others(OtherKind::Library) => f.write_str("libraries"),
            Self::Others(kind) => write!(f, "{}s", kind.name()),
        }
    }
}
