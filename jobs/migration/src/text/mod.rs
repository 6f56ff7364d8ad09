//! Texts of SQL that a catalog keeps: of views, routines, policies and copy jobs.
//!
//! There is one lexer, [`token`], and whoever looks for names in such a text goes through it by way of [`mentions`], for every
//! name, or of [`usages`], for those that stand where a relation does. Whether there is such a thing is the callers' business.
//! Values of job arguments have a grammar of their own, in the crate `arguments`.

mod credentials;
mod database;
mod late_binding;
mod literal;
mod mention;
mod power;
mod procedure_clauses;
mod qualifier;
mod token;
mod usage;

pub use late_binding::{late_binding_statement, materialized_view_statement};
pub use procedure_clauses::procedure_clauses;
pub use qualifier::without_qualifier;

pub(crate) use credentials::without_credentials;
pub(crate) use database::rename_database;
pub(crate) use late_binding::is_create_statement;
pub(crate) use mention::{Mention, Reading, mentions, schemas_named};
pub(crate) use power::reaches_beyond_names;
pub(crate) use token::{Comments, capitals_in_quotes, has_capital_in_quotes};
pub(crate) use usage::{Act, Usage, usages};
