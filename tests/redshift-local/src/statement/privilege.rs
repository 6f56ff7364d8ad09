//! What GRANT, REVOKE and ALTER DEFAULT PRIVILEGES have in common (`r_GRANT`, `r_REVOKE`): the verb, the privileges, the
//! grantees, and the two places where a privilege is kept.

use super::cursor::Cursor;
use super::foreign_key::name_list;
use super::names::{quote_array, quote_literal, quote_optional};
use super::principal::{Kind, Principal, expect_principal, identifiers, literals};
use super::{StatementError, Translation};

/// What happens to privileges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// GRANT.
    Grant,
    /// REVOKE.
    Revoke,
    /// REVOKE GRANT OPTION FOR.
    RevokeOption,
}

/// A privilege as it was written: its words in capitals, and its columns if it names some.
#[derive(Debug)]
pub struct Privilege {
    /// `ALL` stands for `ALL PRIVILEGES`, too.
    pub name: String,
    /// The names in parentheses.
    pub columns: Option<Vec<String>>,
}

/// To whom, or from whom.
#[derive(Debug)]
pub struct Grantees {
    plain: Vec<Principal>,
    /// Those WITH GRANT OPTION.
    granting: Vec<Principal>,
}

/// What a permission that `sql/permissions.sql` keeps is on.
#[derive(Debug)]
pub struct Scope {
    /// As `privilege_scope` spells it, or SYSTEM or ASSUMEROLE.
    pub name: &'static str,
    /// Where it is on something.
    pub place: Place,
    /// The IAM roles of ASSUMEROLE.
    pub iam_roles: Vec<String>,
}

/// Where something is that a permission is on.
#[derive(Debug)]
pub enum Place {
    /// Nowhere: the permission is on nothing.
    None,
    /// The schema, or in it.
    Schema {
        /// Its name.
        schema: String,
        /// Its database, if that was named.
        database: Option<String>,
    },
    /// The database, or in it.
    Database(String),
}

impl Verb {
    /// Takes GRANT or REVOKE [ GRANT OPTION FOR ].
    pub fn expect(cursor: &mut Cursor<'_, '_>) -> Result<Self, StatementError> {
        if cursor.take_word("grant") {
            return Ok(Self::Grant);
        }
        cursor.expect_word("revoke")?;
        Ok(if cursor.take_words(&["grant", "option", "for"]) { Self::RevokeOption } else { Self::Revoke })
    }

    /// PostgreSQL's statements, each after `prefix`, that change privileges on objects for the grantees.
    pub fn render(self, prefix: &str, privileges_on_objects: &str, grantees: &Grantees) -> Vec<String> {
        let verb = match self {
            Self::Grant => "GRANT",
            Self::Revoke => "REVOKE",
            Self::RevokeOption => "REVOKE GRANT OPTION FOR",
        };
        let preposition = self.preposition();
        [(&grantees.plain, ""), (&grantees.granting, " WITH GRANT OPTION")]
            .into_iter()
            .filter(|(principals, _)| !principals.is_empty())
            .map(|(principals, option)| {
                let names = identifiers(principals);
                format!("{prefix}{verb} {privileges_on_objects} {preposition} {names}{option}")
            })
            .collect()
    }

    /// The calls that change permissions which PostgreSQL has no place for.
    pub fn permit(self, scope: &Scope, privileges: &[&str], grantees: &Grantees) -> Vec<String> {
        let (schema, database) = match &scope.place {
            Place::None => (None, None),
            Place::Schema { schema, database } => (Some(schema), database.as_ref()),
            Place::Database(database) => (None, Some(database)),
        };
        let privileges: Vec<_> = privileges.iter().copied().map(str::to_owned).collect();
        let arguments = [
            quote_literal(scope.name),
            quote_optional(schema),
            quote_optional(database),
            quote_array(&scope.iam_roles),
            quote_array(&privileges),
        ];
        self.render_calls("rs_permit", &arguments, grantees)
    }

    /// Calls of a procedure of `sql/` with what is to happen, these arguments, the grantees, and whether they get the
    /// option to grant further.
    pub fn render_calls(self, procedure: &str, arguments: &[String], grantees: &Grantees) -> Vec<String> {
        let change = match self {
            Self::Grant => "grant",
            Self::Revoke => "revoke",
            Self::RevokeOption => "revoke option",
        };
        let arguments = arguments.join(", ");
        [(&grantees.plain, false), (&grantees.granting, true)]
            .into_iter()
            .filter(|(principals, _)| !principals.is_empty())
            .map(|(principals, option)| {
                let names = literals(principals);
                format!("CALL redshift_catalog.{procedure}('{change}', {arguments}, {names}, {option})")
            })
            .collect()
    }

    /// What all of it becomes.
    pub fn translation(self, statements: Vec<String>) -> Translation {
        Translation::block(statements).with_tag(if self == Self::Grant { "GRANT" } else { "REVOKE" })
    }

    /// The word before the grantees.
    pub fn preposition(self) -> &'static str {
        if self == Self::Grant { "TO" } else { "FROM" }
    }
}

impl Privilege {
    /// Takes privileges, separated by commas, up to ON, FOR, TO or FROM.
    pub fn expect_list(cursor: &mut Cursor<'_, '_>) -> Result<Vec<Self>, StatementError> {
        cursor.expect_separated(|cursor| {
            let mut words = Vec::new();
            while !["on", "for", "to", "from"].iter().any(|end| cursor.at_word(end))
                && let Some(word) = cursor.take_keyword()
            {
                words.push(word.to_uppercase());
            }
            if words.is_empty() {
                return Err(cursor.unexpected());
            }
            let name = words.join(" ");
            let name = if name == "ALL PRIVILEGES" { "ALL".to_owned() } else { name };
            let columns = if cursor.at_operator("(") { Some(cursor.expect_name_list()?) } else { None };
            Ok(Self { name, columns })
        })
    }

    /// As PostgreSQL's GRANT lists it under this name.
    pub fn render(&self, name: &str) -> String {
        let columns = self.columns.as_deref().map(name_list);
        columns.map_or_else(|| name.to_owned(), |columns| format!("{name} ({columns})"))
    }

    /// The error for a privilege that there is not, or not here.
    pub fn unknown(&self, on: &str) -> StatementError {
        StatementError::new("0LP01", format!("invalid privilege type {} for {on}", self.name.to_lowercase()))
    }
}

impl Grantees {
    /// Takes TO or FROM and the grantees up to the end. Only users may get the option to grant further, or lose it
    /// alone; nobody, where the statement has no such option.
    pub fn expect(
        cursor: &mut Cursor<'_, '_>,
        verb: Verb,
        kinds: &[Kind],
        has_option: bool,
    ) -> Result<Self, StatementError> {
        let grantees = Self::expect_some(cursor, verb, kinds, has_option)?;
        if verb != Verb::Grant {
            cursor.take_word("restrict");
        }
        cursor.expect_end().map(|()| grantees)
    }

    /// The same, and something may follow.
    pub fn expect_some(
        cursor: &mut Cursor<'_, '_>,
        verb: Verb,
        kinds: &[Kind],
        has_option: bool,
    ) -> Result<Self, StatementError> {
        cursor.expect_word(&verb.preposition().to_ascii_lowercase())?;
        let only_users = || Err(StatementError::new("42601", "grant option can be granted to users only"));
        let mut grantees = Self { plain: Vec::new(), granting: Vec::new() };
        loop {
            let before = cursor.clone();
            let grantee = expect_principal(cursor)?;
            if !kinds.contains(&grantee.kind) {
                return Err(before.unexpected());
            }
            if verb == Verb::RevokeOption && grantee.kind != Kind::User {
                return only_users();
            }
            let with_option = cursor.clone().take_words(&["with", "grant", "option"]);
            if with_option && verb == Verb::Grant && has_option {
                cursor.take_words(&["with", "grant", "option"]);
                if grantee.kind != Kind::User {
                    return only_users();
                }
                grantees.granting.push(grantee);
            } else {
                grantees.plain.push(grantee);
            }
            if !cursor.take_operator(",") {
                return Ok(grantees);
            }
        }
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &Principal> {
        self.plain.iter().chain(&self.granting)
    }
}
