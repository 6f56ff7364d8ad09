//! Names that a text of SQL holds, where the catalog does not track what it uses.

use crate::name::{Identifier, QualifiedName};
use std::collections::BTreeSet;
use std::iter::Peekable;
use std::str::CharIndices;

/// The names with a schema, `schema.name`, that stand in a text: bare ones in lower case, as Redshift folds them, quoted ones
/// as they are (`r_names`). Of a name of three parts both pairs come. Comments and literals are read, too: a literal may be
/// SQL that a procedure runs.
pub(super) struct Mentions<'a> {
    text: &'a str,
    rest: Peekable<CharIndices<'a>>,
    /// The name that stands right before the next character, with its full stop.
    before: Option<Identifier>,
}

/// The schemas that a text names.
pub(crate) fn schemas_named(text: &str) -> BTreeSet<Identifier> {
    Mentions::of(text).map(|name| name.schema).collect()
}

impl<'a> Mentions<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        Self { text, rest: text.char_indices().peekable(), before: None }
    }

    /// Takes the name that begins here; none where no name begins.
    fn name(&mut self) -> Option<Identifier> {
        let &(start, first) = self.rest.peek()?;
        if first == '"' {
            return self.quoted();
        }
        let word = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
        let mut end = start;
        while let Some((at, c)) = self.rest.next_if(|&(_, c)| word(c)) {
            end = at + c.len_utf8();
        }
        // 1.5 is a number.
        let begins = first.is_alphabetic() || first == '_';
        Identifier::new(self.text[start..end].to_lowercase()).ok().filter(|_| begins)
    }

    /// Takes a name in quotes; a quote inside it is doubled.
    fn quoted(&mut self) -> Option<Identifier> {
        self.rest.next();
        let mut name = String::new();
        while let Some((_, c)) = self.rest.next() {
            if c == '"' && self.rest.next_if(|&(_, c)| c == '"').is_none() {
                return Identifier::new(name).ok();
            }
            name.push(c);
        }
        None
    }
}

impl Iterator for Mentions<'_> {
    type Item = QualifiedName;

    fn next(&mut self) -> Option<QualifiedName> {
        while self.rest.peek().is_some() {
            let schema = self.before.take();
            let Some(name) = self.name() else {
                // What follows a word that is no name, such as 1, is not skipped.
                let at_sign = |&(_, c): &(usize, char)| !c.is_alphanumeric() && c != '_' && c != '"';
                self.rest.next_if(at_sign);
                continue;
            };
            if self.rest.next_if(|&(_, c)| c == '.').is_some() {
                self.before = Some(name.clone());
            }
            if let Some(schema) = schema {
                return Some(QualifiedName::new(schema, name));
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn mentions(text: &str) -> Vec<String> {
        Mentions::of(text).map(|name| name.to_string()).collect()
    }

    #[test]
    fn names_with_a_schema_are_found_in_any_text() {
        assert_eq!(mentions("SELECT Other.F(x) FROM a.b, c"), [r#""other"."f""#, r#""a"."b""#]);
        assert_eq!(mentions(r#"x."Od d"."t""y""#), [r#""x"."Od d""#, r#""Od d"."t""y""#]);
        assert_eq!(mentions("EXECUTE 'INSERT INTO s.t' -- u.v"), [r#""s"."t""#, r#""u"."v""#]);
        assert_eq!(mentions("a . b 1.5 \"open"), [""; 0]);
    }

    proptest! {
        #[test]
        fn any_text_is_read_to_its_end(text in "\\PC*", schema in "[a-z]{1,5}", name in "[a-z \"]{1,5}") {
            let name = QualifiedName::new(Identifier::new(schema).unwrap(), Identifier::new(name).unwrap());
            let text = text.replace('"', " ");
            let text = format!("{text} {name}");
            prop_assert!(Mentions::of(&text).any(|found| found == name));
        }
    }
}
