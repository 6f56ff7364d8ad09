//! Names that stand in a text of SQL: for what the catalog keeps no dependency of.

use super::literal;
use super::token::{Comments, Token, TokenKind, behind_quote, tokens};
use crate::name::{Identifier, QualifiedName};
use std::collections::BTreeSet;
use std::iter::Peekable;

/// A name in a text. It need not be of what it looks like: an alias may have the name of a table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Mention {
    /// What stands before its dot.
    pub schema: Option<Identifier>,
    /// The name.
    pub name: Identifier,
    /// Whether a parenthesis follows, as behind a function's name.
    pub called: bool,
}

impl Mention {
    /// Whether it may be of this object: its schema is that one, or is not said.
    pub fn may_be(&self, object: &QualifiedName) -> bool {
        self.name == object.name && self.schema.as_ref().is_none_or(|schema| *schema == object.schema)
    }

    /// The object that it is of, when the schema is said.
    pub fn qualified(&self) -> Option<QualifiedName> {
        Some(QualifiedName::new(self.schema.clone()?, self.name.clone()))
    }
}

/// How a text is read. Comments are never read, whatever it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// As SQL: what looks like a name in a literal is none.
    Sql,
    /// As the body of a procedure, whose block comments end elsewhere than those of SQL. What it holds of SQL may be either, so
    /// both ways to read it count: a name too many does no harm.
    Body,
    /// The same, with its literals: they may be SQL, or pieces of it, that EXECUTE or UNLOAD runs (`c_PLpgSQL-statements`,
    /// `r_UNLOAD`).
    BodyWithLiterals,
}

/// How deep literals are searched that lie in each other. Each level doubles the quotes of the one below, so nobody writes half
/// as many levels. The bound is for texts that only look like nested literals: they must cost no more than this.
const MAX_DEPTH: usize = 8;

/// The names in a text: bare ones in lower case, ones in quotes as they are and in lower case. Of a name of three parts, `a.b.c`, come a, b as one of
/// a, and c as one of b. Blanks and comments may stand around the dots.
pub(crate) fn mentions(sql: &str, reading: Reading) -> BTreeSet<Mention> {
    let mut found = BTreeSet::new();
    each_text(sql, reading, |text, comments, literals| read(text, comments, &mut found, literals));
    found
}

/// Hands over a text, and where the reading has them the texts in its literals, in every way to read them. Whoever gets one adds
/// the values of its literals.
pub(super) fn each_text(
    sql: &str,
    reading: Reading,
    mut read: impl FnMut(&str, Comments, &mut BTreeSet<String>),
) {
    let (ways, depth): (&[Comments], usize) = match reading {
        Reading::Sql => (&[Comments::Nested], 0),
        Reading::Body => (&[Comments::Nested, Comments::Flat], 0),
        Reading::BodyWithLiterals => (&[Comments::Nested, Comments::Flat], MAX_DEPTH),
    };
    let mut fragments = BTreeSet::new();
    for &comments in ways {
        read(sql, comments, &mut fragments);
    }
    for _ in 0..depth {
        let mut within = BTreeSet::new();
        for text in fragments.iter().flat_map(|fragment: &String| readings(fragment)) {
            for &comments in ways {
                read(text, comments, &mut within);
            }
        }
        fragments = within;
    }
}

/// Adds the values of a text's literals.
pub(super) fn add_literals(sql: &str, comments: Comments, literals: &mut BTreeSet<String>) {
    let mut pieces = tokens(sql, comments).peekable();
    while let Some(token) = pieces.next() {
        if token.kind == TokenKind::Literal {
            literals.insert(joined(&token, &mut pieces));
        }
    }
}

/// The schemas that a text names, or what else stands before a dot in it: an alias, a database.
pub(crate) fn schemas_named(sql: &str, reading: Reading) -> BTreeSet<Identifier> {
    mentions(sql, reading).into_iter().filter_map(|mention| mention.schema).collect()
}

/// The texts to read a literal as. A statement that is put together of several, as in `'… FROM "' || name || '" JOIN "s"."t"'`,
/// has pieces that begin within a name or a literal: such a piece is SQL only from the next quote on.
fn readings(fragment: &str) -> impl Iterator<Item = &str> {
    let behind = |quote| behind_quote(fragment, quote).map(|at| &fragment[at..]);
    std::iter::once(fragment).chain(behind('"')).chain(behind('\''))
}

/// Adds the names of a text to `found`, and the values of its literals to `literals`.
fn read(sql: &str, comments: Comments, found: &mut BTreeSet<Mention>, literals: &mut BTreeSet<String>) {
    let mut pieces = tokens(sql, comments).peekable();
    let (mut before, mut dotted): (Vec<Identifier>, bool) = (Vec::new(), false);
    while let Some(token) = pieces.next() {
        let names = token.names();
        if names.is_empty() {
            if token.kind == TokenKind::Literal {
                literals.insert(joined(&token, &mut pieces));
            }
            // Two dots stand between the bounds of a loop.
            dotted = token.is_sign(".") && !dotted;
            if !dotted {
                before.clear();
            }
        } else {
            let called = pieces.peek().is_some_and(|next| next.is_sign("("));
            let schemas: Vec<Option<Identifier>> = match std::mem::take(&mut before) {
                schemas if dotted && !schemas.is_empty() => schemas.into_iter().map(Some).collect(),
                _ => vec![None],
            };
            for schema in schemas {
                let mention =
                    |name: &Identifier| Mention { schema: schema.clone(), name: name.clone(), called };
                found.extend(names.iter().map(mention));
            }
            (before, dotted) = (names, false);
        }
    }
}

/// The value of a literal with those that follow it behind `||`, or on lines of their own ("String Constants" of PostgreSQL).
fn joined<'a>(first: &Token, rest: &mut Peekable<impl Iterator<Item = Token<'a>>>) -> String {
    let mut value = literal::value(first.text);
    loop {
        while rest.next_if(|token| token.is_sign("|")).is_some() {}
        match rest.next_if(|token| token.kind == TokenKind::Literal) {
            Some(next) => value.push_str(&literal::value(next.text)),
            None => return value,
        }
    }
}

#[cfg(test)]
mod tests;
