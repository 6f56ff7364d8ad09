//! Logins with temporary credentials (`GetClusterCredentials`, `GetCredentials`; Management Guide,
//! `generating-iam-credentials-cli-api`): the user's name says that they are some, and the password is aws-local's.

use sha2::{Digest, Sha256};

use super::password::{hexadecimal, stored_hash};

/// A login with temporary credentials.
#[derive(Debug, PartialEq, Eq)]
pub struct TemporaryLogin<'a> {
    /// The database user that the session is of.
    pub role: &'a str,
    /// What is kept of the password, as of any user's.
    pub stored: String,
}

impl<'a> TemporaryLogin<'a> {
    /// Tells by its user's name whether a login is one. `IAM:` stands before a database user, who must exist; `IAMR:` and
    /// the role's name are a user's name together. A warehouse that no endpoint knows has no such logins.
    pub fn of(user: &'a str, identifier: Option<&str>) -> Option<Self> {
        let role = user.strip_prefix("IAM:").or_else(|| user.starts_with("IAMR:").then_some(user))?;
        let password = password(identifier?, user);
        Some(Self { role, stored: stored_hash(&password, user) })
    }
}

/// The password that aws-local hands out for a warehouse and a user: `temporary_password.py` there makes the same.
fn password(identifier: &str, user: &str) -> String {
    hexadecimal(&Sha256::digest(format!("aws-local temporary credentials|{identifier}|{user}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_prefix_tells_who_it_is() {
        let role = |user| TemporaryLogin::of(user, Some("dwh")).map(|login| login.role.to_owned());
        assert_eq!(role("IAM:ann").as_deref(), Some("ann"));
        assert_eq!(role("IAMR:deploy").as_deref(), Some("IAMR:deploy"));
        assert_eq!(role("ann"), None);
        assert_eq!(TemporaryLogin::of("IAM:ann", None), None);
    }

    #[test]
    fn the_password_is_that_of_aws_local() {
        assert_eq!(
            password("group", "IAMR:aws-local"),
            "0b87d9d83b486c9ac60dce48aaa1a5a55c47d4ad1ac56029b7e0d120f189727b"
        );
    }
}
