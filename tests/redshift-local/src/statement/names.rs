//! Names: how long they may be, how they are quoted, and which of them the compatibility catalog takes.

use std::collections::HashSet;

use super::StatementError;
use crate::lexer::{Token, TokenKind};

/// Longest name that PostgreSQL keeps whole; Redshift's limit is 127 (`r_names`).
const MAX_NAME_BYTES: usize = 63;

/// The schema of the compatibility catalog, which clients do not see.
pub const COMPATIBILITY_SCHEMA: &str = "redshift_catalog";

/// The relations and functions that stand in front of PostgreSQL's of the same name.
#[derive(Debug, Default)]
pub struct Names(HashSet<String>);

impl Names {
    /// From the names in the compatibility schema.
    pub fn new(names: impl IntoIterator<Item = String>) -> Self {
        Self(names.into_iter().collect())
    }

    /// Whether `pg_catalog.<name>` means the compatibility catalog's.
    pub fn is_shadowed(&self, name: &str) -> bool {
        self.0.contains(name)
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
