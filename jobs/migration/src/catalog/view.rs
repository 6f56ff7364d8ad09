//! Views and materialized views (`r_CREATE_VIEW`, `materialized-view-create-sql-command`).

use super::RoutineName;
use crate::name::{Identifier, QualifiedName};
use crate::text::is_create_statement;
use std::collections::BTreeSet;

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
}
