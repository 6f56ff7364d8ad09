//! Names: how long they may be, how they are quoted, and which of them the compatibility catalog takes.

use std::collections::HashSet;
use std::sync::Arc;

use super::StatementError;
use crate::lexer::{Token, TokenKind};
use crate::options::Kind;

/// Longest name that PostgreSQL keeps whole; Redshift's limit is 127 (`r_names`).
const MAX_NAME_BYTES: usize = 63;

/// The schema of the compatibility catalog, which clients do not see.
pub const COMPATIBILITY_SCHEMA: &str = "redshift_catalog";

/// What there is in a warehouse under which name, as far as a statement's meaning depends on it.
#[derive(Clone, Debug)]
pub struct Names {
    kind: Kind,
    /// The relations and functions that stand in front of PostgreSQL's of the same name.
    shadowed: Arc<HashSet<String>>,
    /// PostgreSQL's own functions and special forms; nothing where users have no functions.
    postgres: Option<Arc<HashSet<String>>>,
    /// Names of PostgreSQL's that a user has given to a function, too.
    users: Vec<String>,
}

impl Names {
    /// Of a warehouse, from the names in the compatibility schema and the functions of PostgreSQL.
    pub fn new(
        kind: Kind,
        shadowed: impl IntoIterator<Item = String>,
        postgres: impl IntoIterator<Item = String>,
    ) -> Self {
        Self {
            kind,
            shadowed: Arc::new(shadowed.into_iter().collect()),
            postgres: Some(Arc::new(postgres.into_iter().collect())),
            users: Vec::new(),
        }
    }

    /// Of a warehouse of which nothing is known but what `reference/` says: it has no function of a user's.
    pub fn of_reference(kind: Kind) -> Self {
        Self { kind, shadowed: Arc::default(), postgres: None, users: Vec::new() }
    }

    /// The same with a user's function of this name.
    #[must_use]
    pub fn with_users(mut self, function: &str) -> Self {
        self.users.push(function.to_owned());
        self
    }

    /// The kind of warehouse.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Whether `pg_catalog.<name>` means the compatibility catalog's.
    pub fn is_shadowed(&self, name: &str) -> bool {
        self.shadowed.contains(name)
    }

    /// Whether there is a relation of the compatibility catalog, or any built-in function, of this name.
    pub fn has(&self, name: &str) -> bool {
        self.is_shadowed(name) || self.postgres.as_ref().is_some_and(|names| names.contains(name))
    }

    /// Whether a function that Redshift lacks can be a user's.
    pub fn is_users(&self, function: &str) -> bool {
        self.users.iter().any(|name| name == function)
            || self.postgres.as_ref().is_some_and(|names| !names.contains(function))
    }
}

impl Default for Names {
    /// Of a cluster without functions but users'.
    fn default() -> Self {
        Self::new(Kind::Provisioned, [], [])
    }
}

/// Refuses names that are too long to be kept, and the compatibility schema's.
pub fn check(tokens: &[Token<'_>]) -> Result<(), StatementError> {
    for token in tokens {
        let Some(name) = token.identifier() else { continue };
        if name.len() > MAX_NAME_BYTES {
            return Err(StatementError::new(
                "42622",
                format!("redshift-local: the name \"{name}\" is longer than {MAX_NAME_BYTES} bytes"),
            )
            .with_detail("Redshift keeps names of up to 127 bytes; PostgreSQL would cut this one"));
        }
        if name == COMPATIBILITY_SCHEMA {
            return Err(StatementError::new("3F000", format!("schema \"{name}\" does not exist")));
        }
        if token.kind == TokenKind::QuotedIdentifier && name.is_empty() {
            return Err(StatementError::new("42601", "zero-length delimited identifier"));
        }
    }
    Ok(())
}

/// A name as a quoted identifier.
pub fn quote_identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A text as a literal that means the same whatever `standard_conforming_strings` is.
pub fn quote_literal(text: &str) -> String {
    format!("E'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
}

/// Texts as an array of texts.
pub fn quote_array<'t>(texts: impl IntoIterator<Item = &'t String>) -> String {
    let texts: Vec<_> = texts.into_iter().map(|text| quote_literal(text)).collect();
    format!("ARRAY[{}]::text[]", texts.join(", "))
}

/// A text that may be missing, as a literal or NULL.
pub fn quote_optional(text: Option<&String>) -> String {
    text.map_or_else(|| "NULL".to_owned(), |text| quote_literal(text))
}

/// A relation's quoted name, as the argument of a function that takes the relation.
pub fn quote_relation(name: &str) -> String {
    format!("{}::regclass", quote_literal(name))
}
