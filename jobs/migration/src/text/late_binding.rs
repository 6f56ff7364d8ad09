//! The text of a late-binding view (`r_CREATE_VIEW`): a whole CREATE statement, where that of another view is its query.

use super::token::{Comments, Token, tokens};
use crate::name::QualifiedName;

/// Whether a text is a CREATE statement: blanks and comments may stand before the key word.
pub(crate) fn is_create_statement(text: &str) -> bool {
    tokens(text, Comments::Nested).next().is_some_and(|token| token.is_word("create"))
}

/// The statement that creates a late-binding view under its full name, `name`, from the one that the catalog keeps, `printed`:
/// that may hold the name without its schema. Comments before it stay, for tools write there what made the view (dbt does). None
/// where the text is no such statement.
pub fn late_binding_statement(name: &QualifiedName, printed: &str) -> Option<String> {
    let mut pieces = tokens(printed, Comments::Nested).peekable();
    let mut take = |word: &str| pieces.next_if(|token| token.is_word(word));
    let create = take("create")?;
    let comments = &printed[..create.end - create.text.len()];
    if take("or").is_some() {
        take("replace")?;
    }
    take("view")?;
    let is_name = |token: &Token| !token.names().is_empty();
    let mut end = pieces.next_if(is_name)?.end;
    while pieces.next_if(|token| token.is_sign(".")).is_some() {
        end = pieces.next_if(is_name)?.end;
    }
    Some(format!("{comments}CREATE VIEW {name}{}", &printed[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::Identifier;

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
