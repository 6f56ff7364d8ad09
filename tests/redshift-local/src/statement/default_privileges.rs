//! ALTER DEFAULT PRIVILEGES (`r_ALTER_DEFAULT_PRIVILEGES`). PostgreSQL keeps those of tables and functions. It takes
//! procedures for functions, so theirs are kept and applied by `sql/default_privileges.sql`.

use super::cursor::Cursor;
use super::names::{quote_array, quote_identifier};
use super::principal::{Kind, expect_user, identifiers, literals};
use super::privilege::{Grantees, Privilege, Verb};
use super::{StatementError, Translation};
use crate::lexer::Token;

/// Privileges by default on tables, and PostgreSQL's that keep them: see `statement/grant.rs`.
const TABLES: [(&str, &str); 8] = [
    ("SELECT", "SELECT"),
    ("INSERT", "INSERT"),
    ("UPDATE", "UPDATE"),
    ("DELETE", "DELETE"),
    ("DROP", "TRIGGER"),
    ("REFERENCES", "REFERENCES"),
    ("TRUNCATE", "TRUNCATE"),
    ("ALL", "ALL"),
];
const ROUTINES: [(&str, &str); 2] = [("EXECUTE", "EXECUTE"), ("ALL", "ALL")];

/// What REVOKE does not name on tables, though GRANT does.
const ONLY_GRANTED: &str = "DROP";

/// ALTER DEFAULT PRIVILEGES [ FOR USER user [, …] ] [ IN SCHEMA schema [, …] ] grant or revoke.
pub fn translate(tokens: &[Token<'_>]) -> Result<Translation, StatementError> {
    let mut cursor = Cursor::new(tokens);
    cursor.expect_words(&["alter", "default", "privileges"])?;
    let owners =
        if cursor.take_words(&["for", "user"]) { cursor.expect_separated(expect_user)? } else { Vec::new() };
    let schemas = if cursor.take_words(&["in", "schema"]) {
        cursor.expect_separated(Cursor::expect_identifier)?
    } else {
        Vec::new()
    };
    let verb = Verb::expect(&mut cursor)?;
    let privileges = Privilege::expect_list(&mut cursor)?;
    cursor.expect_word("on")?;
    let (kind, known): (_, &[(&str, &str)]) =
        match cursor.take_any_word(&["tables", "functions", "procedures"]) {
            Some("tables") => ("TABLES", &TABLES),
            Some("functions") => ("FUNCTIONS", &ROUTINES),
            Some(_) => ("PROCEDURES", &ROUTINES),
            None => return Err(cursor.unexpected()),
        };
    let mut names = Vec::new();
    for privilege in &privileges {
        let found = known.iter().find(|(name, _)| *name == privilege.name);
        // ALL stands alone, not in a list.
        let in_place = (privilege.name != "ALL" || privileges.len() == 1)
            && (privilege.name != ONLY_GRANTED || verb == Verb::Grant)
            && privilege.columns.is_none();
        match found.filter(|_| in_place) {
            Some((_, name)) => names.push(*name),
            None => return Err(privilege.unknown(kind)),
        }
    }
    let everybody = [Kind::User, Kind::Group, Kind::Role, Kind::Public];
    let grantees = Grantees::expect(&mut cursor, verb, &everybody, true)?;
    let (owner_literals, schema_literals) = (literals(&owners), quote_array(&schemas));
    let mut statements = Vec::new();
    if !schemas.is_empty() {
        statements
            .push(format!("CALL redshift_catalog.rs_expect_create({owner_literals}, {schema_literals})"));
    }
    if kind == "PROCEDURES" {
        statements.extend(verb.render_calls(
            "rs_default_procedures",
            &[owner_literals, schema_literals],
            &grantees,
        ));
    } else {
        let mut prefix = "ALTER DEFAULT PRIVILEGES ".to_owned();
        if !owners.is_empty() {
            prefix += &format!("FOR ROLE {} ", identifiers(&owners));
        }
        if !schemas.is_empty() {
            let schemas: Vec<_> = schemas.iter().map(|name| quote_identifier(name)).collect();
            prefix += &format!("IN SCHEMA {} ", schemas.join(", "));
        }
        let subject = format!("{} ON {kind}", names.join(", "));
        statements.extend(verb.render(&prefix, &subject, &grantees));
    }
    Ok(Translation::block(statements).with_tag("ALTER DEFAULT PRIVILEGES"))
}
