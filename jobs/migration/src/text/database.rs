//! Names of three parts: `database.schema.object` (`cross-database-overview`).

use super::token::{Comments, Token, tokens};
use crate::name::{Identifier, QualifiedName};

/// A text with its own database's name, `from`, replaced by `to` wherever that stands before an object of the database, as
/// `is_object` knows them. Elsewhere the same word may be a schema, an alias or a column: it stays, as does what is in literals.
pub(crate) fn rename_database(
    text: &str,
    comments: Comments,
    from: &Identifier,
    to: &Identifier,
    is_object: impl Fn(&QualifiedName) -> bool,
) -> String {
    let pieces: Vec<Token> = tokens(text, comments).collect();
    let may_be_object = |schema: &Token, name: &Token| {
        let names = name.names();
        let of_schema = |schema: &Identifier| {
            names.iter().any(|name| is_object(&QualifiedName::new(schema.clone(), name.clone())))
        };
        schema.names().iter().any(of_schema)
    };
    let (mut renamed, mut copied) = (String::with_capacity(text.len()), 0);
    for (at, piece) in pieces.iter().enumerate() {
        let [first_dot, schema, second_dot, name, ..] = &pieces[at + 1..] else { break };
        let follows_dot = at > 0 && pieces[at - 1].is_sign(".");
        if !follows_dot
            && first_dot.is_sign(".")
            && second_dot.is_sign(".")
            && piece.names().contains(from)
            && may_be_object(schema, name)
            && !may_be_object(piece, schema)
        {
            renamed.push_str(&text[copied..piece.end - piece.text.len()]);
            renamed.push_str(&to.to_string());
            copied = piece.end;
        }
    }
    renamed.push_str(&text[copied..]);
    renamed
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn id(name: &str) -> Identifier {
        Identifier::new(name).unwrap()
    }

    fn renamed(text: &str) -> String {
        let objects = [("s", "t"), ("s", "Mixed"), ("wh", "t"), ("dev", "s")];
        let is_object = |name: &QualifiedName| objects.contains(&(name.schema.as_str(), name.name.as_str()));
        rename_database(text, Comments::Nested, &id("prod"), &id("the new"), is_object)
    }

    #[test]
    fn only_the_own_database_before_an_object_is_renamed() {
        for (text, expected) in [
            ("select * from prod.s.t", "select * from \"the new\".s.t"),
            (
                "select * from \"prod\" . \"s\"./* x */\"t\" t2",
                "select * from \"the new\" . \"s\"./* x */\"t\" t2",
            ),
            (
                "select PROD.S.T.a, prod.s.\"Mixed\".b from PROD.S.T",
                "select \"the new\".S.T.a, \"the new\".s.\"Mixed\".b from \"the new\".S.T",
            ),
            (
                "select 1 from other.s.t, s.t, prod.nowhere.t, prod.s.gone",
                "select 1 from other.s.t, s.t, prod.nowhere.t, prod.s.gone",
            ),
            (
                "select prod.s, prod.a.b, x.prod.s.t from s.t prod",
                "select prod.s, prod.a.b, x.prod.s.t from s.t prod",
            ),
            (
                "select 'prod.s.t' -- prod.s.t\n from prod.s.t",
                "select 'prod.s.t' -- prod.s.t\n from \"the new\".s.t",
            ),
        ] {
            assert_eq!(renamed(text), expected);
        }
        // A schema that is called like the database holds a table that is called like a schema.
        let is_object = |name: &QualifiedName| ["dev.s", "s.t"].contains(&name.plain().as_str());
        let text = "select dev.s.t from dev.s";
        assert_eq!(rename_database(text, Comments::Nested, &id("dev"), &id("wh"), is_object), text);
    }

    proptest! {
        #[test]
        fn any_text_is_read_to_its_end(text in "[a-z .,();'\"$-]{0,60}") {
            renamed(&text);
        }
    }
}
