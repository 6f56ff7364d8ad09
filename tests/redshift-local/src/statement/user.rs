//! CREATE, ALTER and DROP USER (`r_CREATE_USER`, `r_ALTER_USER`, `r_DROP_USER`).

use super::cursor::Cursor;
use super::names::quote_literal;
use super::principal::{expect_group, expect_user};
use super::{StatementError, Translation, set_parameter};
use crate::lexer::Token;

/// Length of a password in clear text.
const PASSWORD_LENGTH: std::ops::RangeInclusive<usize> = 8..=64;

/// Characters that a password in clear text may not hold. The page's own example has an `@`, so that one passes.
const FORBIDDEN_IN_PASSWORDS: [char; 4] = ['\'', '"', '\\', '/'];

/// Seconds of a SESSION TIMEOUT: from a minute to twenty days.
const SESSION_TIMEOUT: std::ops::RangeInclusive<i64> = 60..=1_728_000;

/// What CREATE USER and ALTER USER say about a user.
#[derive(Debug, Default)]
struct Options {
    /// For PostgreSQL.
    sql: Vec<String>,
    groups: Vec<String>,
    password_given: bool,
    password_disabled: bool,
    superuser: Option<bool>,
    syslog_unrestricted: Option<bool>,
    session_timeout: Option<i64>,
}

/// CREATE USER name [ WITH ] PASSWORD … option ….
pub fn create(tokens: &[Token<'_>]) -> Result<Translation, StatementError> {
    let mut cursor = Cursor::new(tokens);
    cursor.expect_word("create")?;
    cursor.expect_word("user")?;
    let (name, user) = name_and_identifier(&mut cursor)?;
    cursor.take_word("with");
    let options = Options::read(&mut cursor)?;
    if !options.password_given {
        return Err(StatementError::new("42601", format!("CREATE USER {user} needs a PASSWORD")));
    }
    let mut sql = format!("CREATE ROLE {user} LOGIN {}", options.sql.join(" "));
    if !options.groups.is_empty() {
        sql += &format!(" IN ROLE {}", options.groups.join(", "));
    }
    Ok(Translation::of(sql.trim_end()).with_tag("CREATE USER").then(options.side_effects(&name)))
}

/// ALTER USER name { [ WITH ] option … | RENAME TO name | SET parameter … | RESET … }.
pub fn alter(tokens: &[Token<'_>]) -> Result<Translation, StatementError> {
    let mut cursor = Cursor::new(tokens);
    cursor.expect_word("alter")?;
    cursor.expect_word("user")?;
    let (name, user) = name_and_identifier(&mut cursor)?;
    cursor.take_word("with");
    let altered = |sql: String| Translation::of(sql).with_tag("ALTER USER");
    if cursor.take_words(&["rename", "to"]) {
        let new = expect_user(&mut cursor)?;
        cursor.expect_end()?;
        return Ok(altered(format!("ALTER ROLE {user} RENAME TO {new}")));
    }
    if cursor.take_words(&["reset", "session", "timeout"]) {
        cursor.expect_end()?;
        return Ok(altered("SELECT".to_owned()).then([set_user(&name, None, Some(0))]));
    }
    if cursor.take_word("set") {
        return Ok(altered(format!("ALTER ROLE {user} SET {}", set_parameter::assignment(&mut cursor)?.sql)));
    }
    if cursor.take_word("reset") {
        let parameter = set_parameter::expect_parameter(&mut cursor)?;
        cursor.expect_end()?;
        return Ok(altered(format!("ALTER ROLE {user} RESET {parameter}")));
    }
    let options = Options::read(&mut cursor)?;
    if !options.groups.is_empty() {
        return Err(StatementError::new("42601", "ALTER USER takes no IN GROUP: use ALTER GROUP"));
    }
    let sql = format!("ALTER ROLE {user} {}", options.sql.join(" "));
    Ok(altered(sql.trim_end().to_owned()).then(options.side_effects(&name)))
}

/// DROP USER [ IF EXISTS ] name [, …].
pub fn drop(tokens: &[Token<'_>]) -> Result<Translation, StatementError> {
    let mut cursor = Cursor::new(tokens);
    cursor.expect_word("drop")?;
    cursor.expect_word("user")?;
    let if_exists = if cursor.take_words(&["if", "exists"]) { "IF EXISTS " } else { "" };
    let users = super::principal::expect_users(&mut cursor)?;
    cursor.expect_end()?;
    Ok(Translation::of(format!("DROP ROLE {if_exists}{}", users.join(", "))).with_tag("DROP USER"))
}

impl Options {
    fn read(cursor: &mut Cursor<'_, '_>) -> Result<Self, StatementError> {
        let mut options = Self::default();
        while cursor.peek().is_some() {
            options.read_one(cursor)?;
        }
        if options.password_disabled && options.superuser == Some(true) {
            return Err(StatementError::new("42601", "the password of a superuser cannot be disabled"));
        }
        Ok(options)
    }

    fn read_one(&mut self, cursor: &mut Cursor<'_, '_>) -> Result<(), StatementError> {
        if cursor.take_word("password") {
            self.password_given = true;
            self.password_disabled = cursor.take_word("disable");
            let password = if self.password_disabled { "NULL".to_owned() } else { expect_password(cursor)? };
            self.sql.push(format!("PASSWORD {password}"));
        } else if let Some(word) = cursor.take_any_word(&["createdb", "nocreatedb"]) {
            self.sql.push(word.to_owned());
        } else if let Some(word) = cursor.take_any_word(&["createuser", "nocreateuser"]) {
            self.superuser = Some(word == "createuser");
            self.sql.push(if word == "createuser" { "SUPERUSER" } else { "NOSUPERUSER" }.to_owned());
        } else if cursor.take_words(&["syslog", "access"]) {
            match cursor.take_any_word(&["restricted", "unrestricted"]) {
                Some(word) => self.syslog_unrestricted = Some(word == "unrestricted"),
                None => return Err(cursor.unexpected()),
            }
        } else if cursor.take_words(&["in", "group"]) {
            self.groups.push(expect_group(cursor)?);
            while cursor.take_operator(",") {
                self.groups.push(expect_group(cursor)?);
            }
        } else if cursor.take_words(&["valid", "until"]) {
            self.sql.push(format!("VALID UNTIL {}", quote_literal(&cursor.expect_string()?)));
        } else if cursor.take_words(&["connection", "limit"]) {
            let limit = if cursor.take_word("unlimited") { -1 } else { cursor.expect_integer()? };
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
        } else if cursor.at_word("externalid") {
            return Err(StatementError::unsupported("EXTERNALID"));
        } else {
            return Err(cursor.unexpected());
        }
        Ok(())
    }

    /// What is kept beside the role.
    fn side_effects(&self, name: &str) -> Option<String> {
        (self.syslog_unrestricted.is_some() || self.session_timeout.is_some())
            .then(|| set_user(name, self.syslog_unrestricted, self.session_timeout))
    }
}

fn set_user(name: &str, syslog_unrestricted: Option<bool>, session_timeout: Option<i64>) -> String {
    format!(
        "SELECT redshift_catalog.rs_set_user({}, {}, {})",
        quote_literal(name),
        syslog_unrestricted.map_or_else(|| "NULL".to_owned(), |value| value.to_string()),
        session_timeout.map_or_else(|| "NULL".to_owned(), |value| value.to_string()),
    )
}

fn name_and_identifier(cursor: &mut Cursor<'_, '_>) -> Result<(String, String), StatementError> {
    let name = cursor.clone().expect_identifier()?;
    expect_user(cursor).map(|identifier| (name, identifier))
}

/// Takes a password in clear text or as an MD5 hash, and gives its literal. No error repeats it.
fn expect_password(cursor: &mut Cursor<'_, '_>) -> Result<String, StatementError> {
    let password = cursor.expect_string()?;
    if password.starts_with("sha256|") {
        return Err(StatementError::unsupported("a SHA-256 password"));
    }
    let md5 = password
        .strip_prefix("md5")
        .is_some_and(|hash| hash.len() == 32 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let refused = if md5 {
        None
    } else if !PASSWORD_LENGTH.contains(&password.len()) {
        Some("password must be from 8 to 64 characters long")
    } else if !(password.bytes().any(|byte| byte.is_ascii_uppercase())
        && password.bytes().any(|byte| byte.is_ascii_lowercase())
        && password.bytes().any(|byte| byte.is_ascii_digit()))
    {
        Some("password must contain an uppercase letter, a lowercase letter and a number")
    } else if password.contains(FORBIDDEN_IN_PASSWORDS)
        || !password.bytes().all(|byte| byte.is_ascii_graphic())
    {
        Some("password holds a character that is not allowed")
    } else {
        None
    };
    match refused {
        Some(message) => Err(StatementError::new("22023", message)),
        None => Ok(quote_literal(&password)),
    }
}
