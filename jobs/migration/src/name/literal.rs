//! Text as a value inside a statement.

use crate::statement::Sql;
use std::fmt;

/// A string literal that quotes itself.
///
/// In Redshift an ordinary literal treats the backslash as an escape, as PostgreSQL 8.0 did: doubling only
/// the quotes would let `\'` end the literal. So both are doubled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Literal(String);

impl Literal {
    /// A literal with exactly this value.
    pub fn text(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// A statement as the value of a literal: UNLOAD takes its query this way (`r_UNLOAD`).
    pub fn of_query(query: &Sql) -> Self {
        Self(query.as_str().to_owned())
    }
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "'{}'", self.0.replace('\\', "\\\\").replace('\'', "''"))
    }
}

/// The body of a routine between dollar quotes, with a tag that the body does not hold
/// (`r_CREATE_PROCEDURE`, `r_CREATE_FUNCTION`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DollarQuoted(String);

impl DollarQuoted {
    /// A body with exactly this text.
    pub fn new(body: impl Into<String>) -> Self {
        Self(body.into())
    }

    /// The first of `$$`, `$body1$`, `$body2$`, … that neither occurs in the body nor arises at its end.
    fn delimiter(&self) -> String {
        let fits = |delimiter: &str| format!("{}{delimiter}", self.0).find(delimiter) == Some(self.0.len());
        let mut delimiter = "$$".to_owned();
        let mut tries = 0_u32;
        while !fits(&delimiter) {
            tries += 1;
            delimiter = format!("$body{tries}$");
        }
        delimiter
    }
}

impl fmt::Display for DollarQuoted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let delimiter = self.delimiter();
        write!(f, "{delimiter}{}{delimiter}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Reads a literal with backslash escapes as PostgreSQL 8.0 did; of another origin than `Display`.
    fn unquote(text: &str) -> Option<String> {
        let mut characters = text.strip_prefix('\'')?.chars().peekable();
        let mut value = String::new();
        loop {
            match characters.next()? {
                '\\' => value.push(characters.next()?),
                '\'' if characters.peek() == Some(&'\'') => value.push(characters.next()?),
                '\'' => return characters.next().is_none().then_some(value),
                other => value.push(other),
            }
        }
    }

    proptest! {
        #[test]
        fn literals_round_trip(value in r"[a-z'\\\n\$é]{0,40}") {
            prop_assert_eq!(unquote(&Literal::text(value.clone()).to_string()), Some(value));
        }

        #[test]
        fn dollar_quotes_end_where_the_body_ends(body in r"[\$bodyx1']{0,40}") {
            let quoted = DollarQuoted::new(body.clone());
            let delimiter = quoted.delimiter();
            let text = quoted.to_string();
            let inner = text.strip_prefix(&delimiter).unwrap();
            prop_assert_eq!(&inner[..inner.find(&delimiter).unwrap()], body);
        }
    }

    #[test]
    fn a_backslash_cannot_end_a_literal() {
        assert_eq!(Literal::text(r"\'; DROP SCHEMA s; --").to_string(), r"'\\''; DROP SCHEMA s; --'");
    }
}
