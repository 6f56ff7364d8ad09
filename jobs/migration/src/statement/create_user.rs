//! CREATE USER (`r_CREATE_USER`).

use super::Sql;
use crate::catalog::User;
use crate::name::{Identifier, Literal};

/// Creates a user who cannot log in by password yet, with the limits it has on the source.
///
/// A planned statement never holds a password: plans are written to files. So a superuser becomes an ordinary user here, since
/// PASSWORD DISABLE is not for superusers; where it is to be one, `set_password` makes it one in the same transaction.
pub fn create_user(name: &Identifier, user: &User) -> Sql {
    let mut words = vec![format!("CREATE USER {name} PASSWORD DISABLE")];
    if user.create_database {
        words.push("CREATEDB".into());
    }
    if user.unrestricted_syslog_access {
        words.push("SYSLOG ACCESS UNRESTRICTED".into());
    }
    words.extend(
        user.valid_until.as_ref().map(|moment| format!("VALID UNTIL {}", Literal::text(moment.as_str()))),
    );
    words.extend(user.connection_limit.map(|limit| format!("CONNECTION LIMIT {limit}")));
    words.extend(user.session_timeout_s.map(|seconds| format!("SESSION TIMEOUT {seconds}")));
    Sql::rendered(words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::super::samples::id;
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn keeps_limits_and_never_makes_a_superuser() {
        let user = User {
            superuser: true,
            create_database: true,
            valid_until: Some("2027-01-01 00:00:00+00".into()),
            connection_limit: Some(0),
            unrestricted_syslog_access: true,
            session_timeout_s: Some(3600),
            external_id: None,
            settings: BTreeSet::new(),
        };
        insta::assert_snapshot!(
            create_user(&id("ann"), &user),
            @r#"CREATE USER "ann" PASSWORD DISABLE CREATEDB SYSLOG ACCESS UNRESTRICTED VALID UNTIL '2027-01-01 00:00:00+00' CONNECTION LIMIT 0 SESSION TIMEOUT 3600"#
        );
    }
}
