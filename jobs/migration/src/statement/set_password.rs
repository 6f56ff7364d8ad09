//! ALTER USER … PASSWORD (`r_ALTER_USER`).

use super::Sql;
use crate::name::{Identifier, Literal};
use crate::password::PasswordHash;

/// Gives a user a password by its hash: a statement stands in the warehouse's query logs, and so must not hold the text.
///
/// A superuser gets that right in the same statement, since one without a password cannot be (`r_CREATE_USER`).
pub fn set_password(user: &Identifier, hash: &PasswordHash, superuser: bool) -> Sql {
    let superuser = if superuser { " CREATEUSER" } else { "" };
    Sql::rendered(format!("ALTER USER {user} PASSWORD {}{superuser}", Literal::text(hash.as_str())))
}

#[cfg(test)]
mod tests {
    use super::super::samples::id;
    use super::*;

    #[test]
    fn the_text_of_a_password_is_in_no_statement() {
        let (user, hash) = (id("Ann \"A\""), PasswordHash::of("Secret12", "Ann \"A\""));
        insta::assert_snapshot!(
            set_password(&user, &hash, false),
            @r#"ALTER USER "Ann ""A""" PASSWORD 'md5797add8cf6f756f0824f7828cf91f67d'"#
        );
        assert!(set_password(&user, &hash, true).as_str().ends_with(" CREATEUSER"));
    }

    #[test]
    fn a_hash_of_the_source_is_said_as_it_is_in_either_form() {
        let sha256 = format!("sha256|{}|{}", "0a".repeat(32), "1B".repeat(32));
        for shown in ["md5153c434b4b77c89e6b94f12c5393af5b", &sha256] {
            let statement = set_password(&id("ann"), &PasswordHash::parse(shown).unwrap(), false);
            assert_eq!(statement.as_str(), format!(r#"ALTER USER "ann" PASSWORD '{shown}'"#));
        }
    }
}
