//! Folding of quoted names: unless `enable_case_sensitive_identifier` is on, Redshift folds them to lower case like
//! others (`r_names`, `r_enable_case_sensitive_identifier`). Names of users keep their case (`r_CREATE_USER`);
//! those of groups and roles are taken to do so, too, of which no page says anything: a session that asks for them in another case
//! does not find them.

use crate::lexer::{Token, TokenKind};

/// The statement with its quoted names folded; nothing if that changes nothing.
pub fn fold(tokens: &[Token<'_>]) -> Option<String> {
    let folds = |token: &Token<'_>| {
        token.kind == TokenKind::QuotedIdentifier && token.text.bytes().any(|byte| byte.is_ascii_uppercase())
    };
    if !tokens.iter().any(folds) {
        return None;
    }
    let mut principals = Principals::new(tokens);
    let mut changed = false;
    let text = tokens
        .iter()
        .map(|token| {
            if principals.next_is_name(token) || !folds(token) {
                token.text.to_owned()
            } else {
                changed = true;
                token.text.to_ascii_lowercase()
            }
        })
        .collect();
    changed.then_some(text)
}

/// Finds the names of users, groups and roles on the way through a statement.
struct Principals {
    statement: Statement,
    after_owner: bool,
    expected: bool,
}

/// Where a statement names users, groups and roles.
#[derive(PartialEq)]
enum Statement {
    /// CREATE, ALTER and DROP of users, groups and roles: everywhere.
    OnPrincipals,
    /// GRANT, REVOKE, ATTACH, DETACH and ALTER DEFAULT PRIVILEGES: in the lists after TO, FROM, ROLE and FOR USER.
    Grant,
    /// Any other: after OWNER TO and AUTHORIZATION.
    Other,
}

impl Principals {
    fn new(tokens: &[Token<'_>]) -> Self {
        let mut words = tokens.iter().filter(|token| token.is_significant());
        let (first, second) = (words.next(), words.next());
        let is = |token: Option<&Token<'_>>, options: &[&str]| {
            token.is_some_and(|token| options.iter().any(|word| token.is_word(word)))
        };
        let statement = if is(first, &["create", "alter", "drop"]) && is(second, &["user", "group", "role"]) {
            Statement::OnPrincipals
        } else if is(first, &["grant", "revoke", "attach", "detach"])
            || (is(first, &["alter"]) && is(second, &["default"]))
        {
            Statement::Grant
        } else {
            Statement::Other
        };
        Self { statement, after_owner: false, expected: false }
    }

    /// Takes note of a token; true if it is a user's, group's or role's name.
    fn next_is_name(&mut self, token: &Token<'_>) -> bool {
        let grant = self.statement == Statement::Grant;
        if !token.is_significant() {
            return false;
        }
        if token.kind == TokenKind::QuotedIdentifier {
            return self.statement == Statement::OnPrincipals || self.expected;
        }
        if self.statement == Statement::OnPrincipals && token.is_word("set") {
            // What follows is a parameter and its value.
            self.statement = Statement::Other;
        }
        self.expected = if token.is_word("to") {
            grant || self.after_owner
        } else {
            // FOR USER … IN SCHEMA: there the names end.
            let begins = ["from", "role", "user"].iter().any(|word| token.is_word(word));
            token.is_word("authorization") || (grant && (begins || (self.expected && !token.is_word("in"))))
        };
        self.after_owner = token.is_word("owner");
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexer::tokenize;

    fn folded(sql: &str) -> String {
        fold(&tokenize(sql).unwrap()).unwrap_or_else(|| sql.to_owned())
    }

    #[test]
    fn quoted_names_are_folded() {
        assert_eq!(folded(r#"select "A"."B" as "C" from "S"."T""#), r#"select "a"."b" as "c" from "s"."t""#);
    }

    #[test]
    fn names_of_users_keep_their_case() {
        for sql in [
            r#"create user "Ann" password disable"#,
            r#"alter table t owner to "Ann""#,
            r#"set session authorization "Ann""#,
            r#"grant role "Reader" to "Ann" with admin option, role "Writer""#,
            r#"alter role "Reader" owner to "Ann""#,
        ] {
            assert_eq!(folded(sql), sql);
        }
        assert_eq!(
            folded(r#"grant select on "T" to "Ann" with grant option, group "Readers""#),
            r#"grant select on "t" to "Ann" with grant option, group "Readers""#
        );
        assert_eq!(
            folded(
                r#"alter default privileges for user "Ann" in schema "S" grant select on tables to "Ben""#
            ),
            r#"alter default privileges for user "Ann" in schema "s" grant select on tables to "Ben""#
        );
    }

    #[test]
    fn a_new_name_of_a_table_is_folded() {
        assert_eq!(folded(r#"alter table t rename to "T2""#), r#"alter table t rename to "t2""#);
    }

    #[test]
    fn a_search_path_is_folded() {
        assert_eq!(folded(r#"set search_path to "S""#), r#"set search_path to "s""#);
        assert_eq!(
            folded(r#"alter user "Ann" set search_path to "S""#),
            r#"alter user "Ann" set search_path to "s""#
        );
    }

    #[test]
    fn strings_and_letters_outside_ascii_stay() {
        assert_eq!(folded(r#"select 'A', "Ä""#), r#"select 'A', "Ä""#);
    }
}
