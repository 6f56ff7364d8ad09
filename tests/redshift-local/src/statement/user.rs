//! CREATE, ALTER and DROP USER (`r_CREATE_USER`, `r_ALTER_USER`, `r_DROP_USER`).

use super::cursor::Cursor;
use super::names::{quote_literal, quote_optional};
use super::password::Password;
use super::principal::{Principal, expect_group, expect_user, identifiers, literals};
use super::role::expect_external_id;
use super::{StatementError, Translation, set_parameter};
use crate::lexer::Token;

/// Seconds of a SESSION TIMEOUT: from a minute to twenty days.
const SESSION_TIMEOUT: std::ops::RangeInclusive<i64> = 60..=1_728_000;

/// What stands for a session timeout that is not set.
const NO_TIMEOUT: i64 = 0;

/// What CREATE USER and ALTER USER say about a user.
#[derive(Debug, Default)]
struct Options {
    /// For PostgreSQL.
    sql: Vec<String>,
    groups: Vec<Principal>,
    password: Option<Password>,
    syslog_unrestricted: Option<bool>,
    session_timeout: Option<i64>,
    external_id: Option<String>,
}

/// CREATE USER name [ WITH ] PASSWORD … option ….
pub fn create(tokens: &[Token<'_>]) -> Result<Translation, StatementError> {
    let mut cursor = Cursor::new(tokens);
    cursor.expect_words(&["create", "user"])?;
    let user = expect_user(&mut cursor)?;
    cursor.take_word("with");
    let options = Options::read(&mut cursor)?;
    let Some(password) = &options.password else {
        return Err(StatementError::new(
            "42601",
            format!("CREATE USER {} needs a PASSWORD", user.identifier()),
        ));
    };
    let groups = match options.groups.as_slice() {
        [] => String::new(),
        groups => format!(" IN ROLE {}", identifiers(groups)),
    };
    let mut statements = vec![
        format!("CALL redshift_catalog.rs_expect_free({})", user.literal()),
        format!("CREATE ROLE {} LOGIN {}{groups}", user.identifier(), options.attributes()),
    ];
    if password.is_sha256() {
        statements.push(password.store(&user));
    }
    statements.push(options.set_user(&user));
    Ok(Translation::block(statements).with_tag("CREATE USER"))
}

/// ALTER USER name { [ WITH ] option … | RENAME TO name | SET parameter … | RESET … }.
pub fn alter(tokens: &[Token<'_>]) -> Result<Translation, StatementError> {
    let mut cursor = Cursor::new(tokens);
    cursor.expect_words(&["alter", "user"])?;
    let user = expect_user(&mut cursor)?;
    let identifier = user.identifier();
    cursor.take_word("with");
    let statements = if cursor.take_words(&["rename", "to"]) {
        let new = expect_user(&mut cursor)?;
        cursor.expect_end()?;
        // The name is part of what is hashed, so that renaming clears the password.
        vec![
            format!("CALL redshift_catalog.rs_expect_free({})", new.literal()),
            Password::Disabled.store(&user),
            format!("ALTER ROLE {identifier} RENAME TO {}", new.identifier()),
        ]
    } else if cursor.take_word("set") {
        vec![format!("ALTER ROLE {identifier} SET {}", set_parameter::assignment(&mut cursor)?.sql)]
    } else if cursor.at_word("reset") && !cursor.clone().take_words(&["reset", "session", "timeout"]) {
        cursor.next();
        let parameter = set_parameter::expect_parameter(&mut cursor)?;
        cursor.expect_end()?;
        vec![format!("ALTER ROLE {identifier} RESET {parameter}")]
    } else {
        let options = Options::read(&mut cursor)?;
        if !options.groups.is_empty() {
            return Err(StatementError::new("42601", "ALTER USER takes no IN GROUP: use ALTER GROUP"));
        }
        let before = options.password.iter().map(|password| password.store(&user));
        let attributes = options.attributes();
        let alter = (!attributes.is_empty()).then(|| format!("ALTER ROLE {identifier} {attributes}"));
        before.chain(alter).chain([options.set_user(&user)]).collect()
    };
    Ok(Translation::block(statements).with_tag("ALTER USER"))
}

/// DROP USER [ IF EXISTS ] name [, …].
pub fn drop(tokens: &[Token<'_>]) -> Result<Translation, StatementError> {
    let mut cursor = Cursor::new(tokens);
    cursor.expect_words(&["drop", "user"])?;
    let if_exists = if cursor.take_words(&["if", "exists"]) { "IF EXISTS " } else { "" };
    let users = cursor.expect_separated(expect_user)?;
    cursor.expect_end()?;
    Ok(Translation::block(vec![
        format!("CALL redshift_catalog.rs_before_drop({})", literals(&users)),
        format!("DROP ROLE {if_exists}{}", identifiers(&users)),
    ])
    .with_tag("DROP USER"))
}

impl Options {
    fn read(cursor: &mut Cursor<'_, '_>) -> Result<Self, StatementError> {
        let mut options = Self::default();
        while cursor.peek().is_some() {
            options.read_one(cursor)?;
            cursor.take_operator(",");
        }
        Ok(options)
    }

    fn read_one(&mut self, cursor: &mut Cursor<'_, '_>) -> Result<(), StatementError> {
        if cursor.take_word("password") {
            let password = Password::expect(cursor)?;
            self.sql.push(format!("PASSWORD {}", password.sql()));
            self.password = Some(password);
        } else if let Some(word) = cursor.take_any_word(&["createdb", "nocreatedb"]) {
            self.sql.push(word.to_owned());
        } else if let Some(word) = cursor.take_any_word(&["createuser", "nocreateuser"]) {
            self.sql.push(if word == "createuser" { "SUPERUSER" } else { "NOSUPERUSER" }.to_owned());
        } else if cursor.take_words(&["syslog", "access"]) {
            match cursor.take_any_word(&["restricted", "unrestricted"]) {
                Some(word) => self.syslog_unrestricted = Some(word == "unrestricted"),
                None => return Err(cursor.unexpected()),
            }
        } else if cursor.take_words(&["in", "group"]) {
            self.groups.extend(cursor.expect_separated(expect_group)?);
        } else if cursor.take_words(&["valid", "until"]) {
            self.sql.push(format!("VALID UNTIL {}", quote_literal(&cursor.expect_string()?)));
        } else if cursor.take_words(&["connection", "limit"]) {
            let limit = if cursor.take_word("unlimited") { "-1" } else { cursor.expect_number()? };
            self.sql.push(format!("CONNECTION LIMIT {limit}"));
        } else if cursor.take_words(&["session", "timeout"]) {
            let seconds = cursor.expect_integer()?;
            if !SESSION_TIMEOUT.contains(&seconds) {
                return Err(StatementError::new(
                    "22023",
                    "SESSION TIMEOUT must be from 60 to 1728000 seconds",
                ));
            }
            self.session_timeout = Some(seconds);
        } else if cursor.take_words(&["reset", "session", "timeout"]) {
            self.session_timeout = Some(NO_TIMEOUT);
        } else if cursor.take_word("externalid") {
            self.external_id = Some(expect_external_id(cursor)?);
        } else {
            return Err(cursor.unexpected());
        }
        Ok(())
    }

    /// What PostgreSQL keeps of a role.
    fn attributes(&self) -> String {
        self.sql.join(" ")
    }

    /// What is kept beside the role, and what is checked when all is set.
    fn set_user(&self, user: &Principal) -> String {
        let or_null = |value: Option<String>| value.unwrap_or_else(|| "NULL".to_owned());
        format!(
            "CALL redshift_catalog.rs_set_user({}, {}, {}, {})",
            user.literal(),
            or_null(self.syslog_unrestricted.map(|value| value.to_string())),
            or_null(self.session_timeout.map(|value| value.to_string())),
            quote_optional(self.external_id.as_ref()),
        )
    }
}
