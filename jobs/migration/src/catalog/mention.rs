//! Names that stand in a text of SQL: for what the catalog keeps no dependency of.

use crate::name::{Identifier, QualifiedName, Token, TokenKind, tokens};
use std::collections::BTreeSet;

/// A name in a text. It need not be of what it looks like: an alias may have the name of a table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mention {
    /// What stands before its dot.
    pub schema: Option<String>,
    /// The name.
    pub name: String,
    /// Whether a parenthesis follows, as behind a function's name.
    pub called: bool,
}

impl Mention {
    /// Whether it may be of this object: its schema is that one, or is not said.
    pub fn may_be(&self, object: &QualifiedName) -> bool {
        self.name == object.name.as_str()
            && self.schema.as_ref().is_none_or(|schema| schema == object.schema.as_str())
    }

    /// The object that it is of, when the schema is said.
    pub fn qualified(&self) -> Option<QualifiedName> {
        let schema = Identifier::new(self.schema.as_deref()?).ok()?;
        Some(QualifiedName::new(schema, Identifier::new(self.name.as_str()).ok()?))
    }
}

/// The names in a text, outside of its literals and comments.
pub fn mentions(sql: &str) -> BTreeSet<Mention> {
    let mut found = BTreeSet::new();
    let mut pieces = tokens(sql).peekable();
    let (mut before, mut dotted): (Option<String>, bool) = (None, false);
    while let Some(token) = pieces.next() {
        if let Some(name) = token.name() {
            let schema = before.take().filter(|_| dotted);
            let called = pieces.peek().is_some_and(|next| next.is_sign("("));
            before = Some(name.clone());
            found.insert(Mention { schema, name, called });
            dotted = false;
        } else {
            dotted = token.is_sign(".");
            if !dotted {
                before = None;
            }
        }
    }
    found
}

/// The statement that creates a late-binding view under its name, from the one that the catalog keeps: that may hold the name
/// without its schema. None where the text is no such statement.
pub fn late_binding_statement(name: &QualifiedName, printed: &str) -> Option<String> {
    let mut pieces = tokens(printed).peekable();
    let mut take = |word: &str| pieces.next_if(|token| token.is_word(word));
    take("create")?;
    if take("or").is_some() {
        take("replace")?;
    }
    take("view")?;
    let is_name = |token: &Token| matches!(token.kind, TokenKind::Word | TokenKind::Delimited);
    let mut end = pieces.next_if(is_name)?.end;
    while pieces.next_if(|token| token.is_sign(".")).is_some() {
        end = pieces.next_if(is_name)?.end;
    }
    Some(format!("CREATE VIEW {name}{}", &printed[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(schema: &str, name: &str) -> QualifiedName {
        QualifiedName::new(Identifier::new(schema).unwrap(), Identifier::new(name).unwrap())
    }

    #[test]
    fn names_are_found_with_their_schemas_and_calls() {
        let found = mentions("SELECT f (x.a), 's.in_text' FROM S.\"T t\" AS x -- s.in_comment\n, db.s.u");
        let names: Vec<_> = found
            .iter()
            .map(|mention| {
                (mention.schema.as_deref().unwrap_or_default(), mention.name.as_str(), mention.called)
            })
            .collect();
        for expected in [("", "f", true), ("s", "T t", false), ("s", "u", false), ("x", "a", false)] {
            assert!(names.contains(&expected), "{expected:?} in {names:?}");
        }
        assert!(!names.iter().any(|(_, name, _)| name.starts_with("in_")), "{names:?}");
        assert!(found.iter().any(|mention| mention.may_be(&name("any", "f"))));
        assert!(!found.iter().any(|mention| mention.may_be(&name("other", "u"))));
        assert!(found.iter().any(|mention| mention.qualified() == Some(name("s", "T t"))));
    }

    #[test]
    fn a_late_binding_view_is_created_under_its_full_name() {
        let create = |printed: &str| late_binding_statement(&name("s", "v"), printed);
        for head in ["create view v", "CREATE OR REPLACE VIEW /* x */ s.v", "Create View \"S\".\"v\""] {
            let printed = format!("{head} (a, b) AS SELECT 1, 2 FROM s.t WITH NO SCHEMA BINDING");
            let expected =
                "CREATE VIEW \"s\".\"v\" (a, b) AS SELECT 1, 2 FROM s.t WITH NO SCHEMA BINDING".to_owned();
            assert_eq!(create(&printed), Some(expected));
        }
        assert_eq!(create("SELECT 1"), None);
        assert_eq!(create("CREATE OR VIEW v AS SELECT 1"), None);
        assert_eq!(create("CREATE VIEW s.(SELECT 1)"), None);
    }
}
