//! Views and materialized views (`r_CREATE_VIEW`, `materialized-view-create-sql-command`).

use super::RoutineName;
use crate::name::{Identifier, QualifiedName};
use crate::text::is_create_statement;
use std::collections::BTreeSet;
use std::fmt;

/// An ordinary or late-binding view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// Who owns it.
    pub owner: Identifier,
    /// What `pg_get_viewdef` prints, without its closing semicolon: the SELECT of an ordinary view, of a late-binding one
    /// the whole CREATE statement, under its full name. Empty where that cannot be read.
    pub definition: String,
    /// The relations that it reads, as the catalog tracks them: of a late-binding view it tracks none.
    pub reads: BTreeSet<QualifiedName>,
    /// The users' functions that it calls, as the catalog tracks them.
    pub calls: BTreeSet<RoutineName>,
}

impl View {
    /// Whether it was created WITH NO SCHEMA BINDING: then its definition is a whole CREATE statement.
    pub fn late_binding(&self) -> bool {
        is_create_statement(&self.definition)
    }
}

/// A materialized view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MaterializedView {
    /// Who owns it: only that user may refresh it.
    pub owner: Identifier,
    /// The whole CREATE MATERIALIZED VIEW statement as the catalog keeps it, without its closing semicolon.
    pub definition: String,
    /// The tables and materialized views that it reads.
    pub reads: BTreeSet<QualifiedName>,
    /// AUTO REFRESH, as it stands now.
    pub auto_refresh: bool,
    /// Why it cannot be refreshed any more, if it cannot.
    pub broken: Option<Broken>,
}

/// What became of something that a materialized view reads, so that it cannot be refreshed (`r_SVV_MV_INFO`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Broken {
    ColumnDropped,
    ColumnTypeChanged,
    TableRenamed,
    ColumnRenamed,
    SchemaRenamed,
    /// A state of this kind that the page does not have.
    Otherwise(u32),
}

impl Broken {
    /// What a state stands for: from 101 on the view cannot be refreshed.
    pub fn of_state(state: u32) -> Option<Self> {
        match state {
            0..=100 => None,
            101 => Some(Self::ColumnDropped),
            102 => Some(Self::ColumnTypeChanged),
            103 => Some(Self::TableRenamed),
            104 => Some(Self::ColumnRenamed),
            105 => Some(Self::SchemaRenamed),
            other => Some(Self::Otherwise(other)),
        }
    }
}

/// In words, of what it reads.
impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ColumnDropped => f.write_str("a column was dropped"),
            Self::ColumnTypeChanged => f.write_str("the type of a column was changed"),
            Self::TableRenamed => f.write_str("a table was renamed"),
            Self::ColumnRenamed => f.write_str("a column was renamed"),
            Self::SchemaRenamed => f.write_str("a schema was renamed"),
            Self::Otherwise(state) => write!(f, "SVV_MV_INFO has the state {state}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_that_can_be_refreshed_is_not_broken() {
        assert_eq!([0, 1, 100].map(Broken::of_state), [None; 3]);
        let words = [101, 102, 103, 104, 105, 106].map(|state| Broken::of_state(state).unwrap().to_string());
        assert_eq!(words[0], "a column was dropped");
        assert_eq!(words[4], "a schema was renamed");
        assert_eq!(words[5], "SVV_MV_INFO has the state 106");
    }
}
