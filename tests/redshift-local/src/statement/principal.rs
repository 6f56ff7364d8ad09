//! Names of users, groups and roles. PostgreSQL knows one kind only: a group is a role named `group <name>`, a role one
//! named `role <name>`, so that each kind has a name space of its own.

use super::StatementError;
use super::cursor::Cursor;
use super::names::{quote_array, quote_identifier, quote_literal};

/// Longest name of a group or role that leaves room for the prefix.
const MAX_PREFIXED_NAME_BYTES: usize = 57;

/// What prefixes stand for; "scope" is that of the roles behind scoped permissions (`sql/permissions.sql`).
const PREFIXES: [&str; 3] = ["group ", "role ", "scope "];

/// Whom a privilege is granted to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One user.
    User,
    /// The users of a group.
    Group,
    /// Who has a role.
    Role,
    /// Everybody.
    Public,
}

/// A user, group, role or PUBLIC.
#[derive(Clone, Debug)]
pub struct Principal {
    /// What it is.
    pub kind: Kind,
    /// Its name among PostgreSQL's roles.
    role: String,
}

impl Principal {
    /// Its name among its own kind.
    pub fn name(&self) -> &str {
        match self.kind {
            Kind::Group | Kind::Role => self.role.split_once(' ').map_or("", |(_, name)| name),
            Kind::User | Kind::Public => &self.role,
        }
    }

    /// As it stands in PostgreSQL's GRANT.
    pub fn identifier(&self) -> String {
        if self.kind == Kind::Public { "PUBLIC".to_owned() } else { quote_identifier(&self.role) }
    }

    /// As a literal, for the procedures of `sql/`.
    pub fn literal(&self) -> String {
        quote_literal(&self.role)
    }
}

/// Takes `PUBLIC`, `GROUP name`, `ROLE name` or a user's name.
pub fn expect_principal(cursor: &mut Cursor<'_, '_>) -> Result<Principal, StatementError> {
    let (kind, role) = if cursor.take_word("public") {
        (Kind::Public, "public".to_owned())
    } else if cursor.take_word("group") {
        (Kind::Group, prefixed(cursor, "group")?)
    } else if cursor.take_word("role") {
        (Kind::Role, prefixed(cursor, "role")?)
    } else if cursor.at_word("iam_role") || cursor.at_word("rls") || cursor.at_word("masking") {
        let word = cursor.take_keyword().unwrap_or_default().to_uppercase();
        return Err(StatementError::unsupported(format!("the grantee {word}")));
    } else {
        (Kind::User, user_name(cursor)?)
    };
    Ok(Principal { kind, role })
}

/// Takes a user's name.
pub fn expect_user(cursor: &mut Cursor<'_, '_>) -> Result<Principal, StatementError> {
    Ok(Principal { kind: Kind::User, role: user_name(cursor)? })
}

/// Takes what stands behind `OWNER TO` or `RENAME TO`: an owner is a user.
pub fn expect_owner_or_name(cursor: &mut Cursor<'_, '_>, change: &str) -> Result<String, StatementError> {
    match change {
        "owner" => expect_user(cursor).map(|owner| owner.identifier()),
        _ => cursor.expect_identifier().map(|name| quote_identifier(&name)),
    }
}

/// Takes a group's name, without the word GROUP.
pub fn expect_group(cursor: &mut Cursor<'_, '_>) -> Result<Principal, StatementError> {
    Ok(Principal { kind: Kind::Group, role: prefixed(cursor, "group")? })
}

/// Takes a role's name, without the word ROLE.
pub fn expect_role(cursor: &mut Cursor<'_, '_>) -> Result<Principal, StatementError> {
    Ok(Principal { kind: Kind::Role, role: prefixed(cursor, "role")? })
}

/// The principals as PostgreSQL's GRANT lists them.
pub fn identifiers<'p>(principals: impl IntoIterator<Item = &'p Principal>) -> String {
    principals.into_iter().map(Principal::identifier).collect::<Vec<_>>().join(", ")
}

/// The principals as an array, for the procedures of `sql/`.
pub fn literals<'p>(principals: impl IntoIterator<Item = &'p Principal>) -> String {
    quote_array(principals.into_iter().map(|principal| &principal.role))
}

/// A name with a prefix of ours would be taken for a group or role.
fn user_name(cursor: &mut Cursor<'_, '_>) -> Result<String, StatementError> {
    let name = name(cursor)?;
    if PREFIXES.iter().any(|prefix| name.starts_with(prefix)) {
        return Err(StatementError::unsupported(format!("the user name \"{name}\"")));
    }
    Ok(name)
}

fn prefixed(cursor: &mut Cursor<'_, '_>, kind: &str) -> Result<String, StatementError> {
    let name = name(cursor)?;
    if name.len() > MAX_PREFIXED_NAME_BYTES {
        return Err(StatementError::new(
            "42622",
            format!(
                "redshift-local: the {kind} name \"{name}\" is longer than {MAX_PREFIXED_NAME_BYTES} bytes"
            ),
        ));
    }
    Ok(format!("{kind} {name}"))
}

/// A name, before which that of an identity provider may stand (`r_CREATE_USER`), or `sys` (`r_roles-default`).
fn name(cursor: &mut Cursor<'_, '_>) -> Result<String, StatementError> {
    let mut name = cursor.expect_identifier()?;
    if cursor.take_operator(":") {
        name = format!("{name}:{}", cursor.expect_identifier()?);
    }
    Ok(name)
}
