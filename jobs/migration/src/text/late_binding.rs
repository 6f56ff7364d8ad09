//! The texts of late-binding views (`r_CREATE_VIEW`) and of materialized ones (`materialized-view-create-sql-command`): whole CREATE
//! statements, where that of an ordinary view is its query.

use super::token::{Comments, Token, tokens};
use crate::name::{Identifier, QualifiedName};

/// Whether a text is a CREATE statement: blanks and comments may stand before the key word.
pub(crate) fn is_create_statement(text: &str) -> bool {
    tokens(text, Comments::Nested).next().is_some_and(|token| token.is_word("create"))
}

/// The statement that creates a late-binding view under its full name, `name`, from the one that the catalog keeps, `printed`:
/// that may hold the name without its schema, or with its database. Comments before it stay, for tools write there what made the view
/// (dbt does). None where the text is no such statement.
pub fn late_binding_statement(name: &QualifiedName, printed: &str) -> Option<String> {
    under_full_name(name, printed, &["view"]).map(|(_, statement)| statement)
}

/// The same of a materialized view, whose statement keeps the name that it was created under, whatever its schema is called by now. None, too,
/// where it says this schema and this name already.
pub fn materialized_view_statement(name: &QualifiedName, printed: &str) -> Option<String> {
    let (parts, statement) = under_full_name(name, printed, &["materialized", "view"])?;
    let is_full =
        matches!(&*parts, [schema, own] if schema.contains(&name.schema) && own.contains(&name.name));
    (!is_full).then_some(statement)
}

/// A statement's name, each part in its spellings, and the statement under the full name.
fn under_full_name(
    name: &QualifiedName,
    printed: &str,
    kind: &[&str],
) -> Option<(Vec<Vec<Identifier>>, String)> {
    let mut pieces = tokens(printed, Comments::Nested).peekable();
    let mut take = |word: &str| pieces.next_if(|token| token.is_word(word));
    let create = take("create")?;
    let comments = &printed[..create.end - create.text.len()];
    if take("or").is_some() {
        take("replace")?;
    }
    for word in kind {
        take(word)?;
    }
    let is_name = |token: &Token| !token.names().is_empty();
    let first = pieces.next_if(is_name)?;
    let (mut parts, mut end) = (vec![first.names()], first.end);
    while pieces.next_if(|token| token.is_sign(".")).is_some() {
        let part = pieces.next_if(is_name)?;
        parts.push(part.names());
        end = part.end;
    }
    let statement = format!("{comments}CREATE {} {name}{}", kind.join(" ").to_uppercase(), &printed[end..]);
    Some((parts, statement))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_late_binding_view_is_created_under_its_full_name() {
        let name = QualifiedName::new(Identifier::new("s").unwrap(), Identifier::new("v").unwrap());
        let create = |printed: &str| late_binding_statement(&name, printed);
        for (comments, head) in [
            ("", "create view v"),
            ("", "CREATE OR REPLACE VIEW /* x */ s.v"),
            ("", "Create View \"S\".\"v\""),
            ("-- of ann\n", "CREATE VIEW s . v"),
            ("/* {\"app\": \"dbt\"} */ ", "create view \"dev\".\"s\".\"v\""),
            ("/* /* create */ view */ -- create view x\r\n\t", "create view s.v"),
        ] {
            let printed = format!("{comments}{head} (a, b) AS SELECT 1, 2 FROM s.t WITH NO SCHEMA BINDING");
            let expected = format!(
                "{comments}CREATE VIEW \"s\".\"v\" (a, b) AS SELECT 1, 2 FROM s.t WITH NO SCHEMA BINDING"
            );
            assert!(is_create_statement(&printed));
            assert_eq!(create(&printed), Some(expected));
        }
        let materialized = "/* dbt */ create materialized view \"dev\".old.v backup no as (select 1)";
        assert_eq!(
            materialized_view_statement(&name, materialized).as_deref(),
            Some("/* dbt */ CREATE MATERIALIZED VIEW \"s\".\"v\" backup no as (select 1)")
        );
        for as_it_is in ["create materialized view s.\"V\" as select 1", "create view v as select 1"] {
            assert_eq!(materialized_view_statement(&name, as_it_is), None);
        }
        assert_eq!(create("SELECT 1"), None);
        assert_eq!(create("CREATE OR VIEW v AS SELECT 1"), None);
        assert_eq!(create("CREATE VIEW s.(SELECT 1)"), None);
        assert_eq!(create("CREATE VIEW \"open AS SELECT 1"), None);
        for query in
            ["SELECT 1", "WITH created AS (SELECT 1) SELECT * FROM created", "\"create\"", "", "-- create"]
        {
            assert!(!is_create_statement(query), "{query}");
        }
    }
}
