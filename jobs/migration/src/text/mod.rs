//! Texts of SQL that a catalog keeps: of views, routines, policies and copy jobs.
//!
//! There is one lexer, [`token`], and whoever looks for names in such a text goes through it by way of [`mentions`]. Nothing
//! here knows what a statement means: whether a name that is found is of a table, of a column or of nothing is the callers'
//! business. Values of job arguments have a grammar of their own, in the crate `arguments`.

mod late_binding;
mod literal;
mod mention;
mod token;

pub use late_binding::late_binding_statement;

pub(crate) use late_binding::is_create_statement;
pub(crate) use mention::{Mention, Reading, mentions, schemas_named};
