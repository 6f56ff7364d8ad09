//! The clauses of a procedure that no catalog has (`r_CREATE_PROCEDURE`).

use crate::name::Identifier;

/// How a procedure treats transactions, and what it sets while it runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProcedureClauses {
    /// NONATOMIC: each statement commits. It excludes SECURITY DEFINER and SET.
    pub nonatomic: bool,
    /// SET: one at most.
    pub setting: Option<SetClause>,
}

/// SET of a configuration parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetClause {
    /// The parameter's name: a plain word.
    pub parameter: Identifier,
    /// Its value; the items of a list, as of `search_path`.
    pub values: Vec<SetValue>,
}

/// A value of SET, or an item of its list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SetValue {
    /// As it is written, with its sign.
    Number(String),
    /// A literal, a word or a name in quotes: without its quotes.
    Text(String),
}
