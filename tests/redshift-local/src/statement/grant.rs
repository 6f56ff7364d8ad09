//! GRANT and REVOKE (`r_GRANT`, `r_REVOKE`) of privileges on relations, columns, schemas, routines, languages and the
//! database, to users, groups and PUBLIC. Roles, scoped permissions and external objects are refused so far.

use super::cursor::Cursor;
use super::principal::{Kind, expect_principal};
use super::routine::expect_signature;
use super::{StatementError, Translation};
use crate::lexer::Token;

/// Redshift's privileges on relations and PostgreSQL's that keep them: DROP and ALTER, which PostgreSQL lacks, are kept as
/// TRIGGER and MAINTAIN, which Redshift lacks, and listed by their own names (`sql/catalog_functions.sql`).
const RELATION: [(&str, &str); 8] = [
    ("select", "SELECT"),
    ("insert", "INSERT"),
    ("update", "UPDATE"),
    ("delete", "DELETE"),
    ("references", "REFERENCES"),
    ("truncate", "TRUNCATE"),
    ("drop", "TRIGGER"),
    ("alter", "MAINTAIN"),
];
const COLUMN: [(&str, &str); 2] = [("select", "SELECT"), ("update", "UPDATE")];
const SCHEMA: [(&str, &str); 2] = [("create", "CREATE"), ("usage", "USAGE")];
const ROUTINE: [(&str, &str); 1] = [("execute", "EXECUTE")];
const LANGUAGE: [(&str, &str); 1] = [("usage", "USAGE")];
const DATABASE: [(&str, &str); 3] = [("create", "CREATE"), ("temporary", "TEMPORARY"), ("temp", "TEMPORARY")];

/// A privilege as it was written: its word, and its columns if it names some.
struct Privilege {
    word: String,
    columns: Option<Vec<String>>,
}

/// What a statement is about: the SQL behind ON, and what may be granted there.
struct Objects {
    sql: String,
    privileges: &'static [(&'static str, &'static str)],
}

/// One GRANT for those who may not grant further, one for those who may.
pub fn grant(tokens: &[Token<'_>]) -> Result<Translation, StatementError> {
    let mut cursor = Cursor::new(tokens);
    cursor.expect_word("grant")?;
    let (privileges, objects) = expect_subject(&mut cursor)?;
    cursor.expect_word("to")?;
    let (mut plain, mut granting) = (Vec::new(), Vec::new());
    loop {
        let (grantee, is_user) = expect_grantee(&mut cursor)?;
        if cursor.take_words(&["with", "grant", "option"]) {
            if !is_user {
                return Err(StatementError::new("42601", "grant option can be granted to users only"));
            }
            granting.push(grantee);
        } else {
            plain.push(grantee);
        }
        if !cursor.take_operator(",") {
            break;
        }
    }
    cursor.expect_end()?;
    let render = |grantees: &[String], option| {
        format!("GRANT {privileges} ON {objects} TO {}{option}", grantees.join(", "))
    };
    let mut statements = Vec::new();
    if !plain.is_empty() {
        statements.push(render(&plain, ""));
    }
    if !granting.is_empty() {
        statements.push(render(&granting, " WITH GRANT OPTION"));
    }
    let first = statements.remove(0);
    Ok(Translation::of(first).then(statements))
}

/// REVOKE [ GRANT OPTION FOR ] … FROM … [ CASCADE | RESTRICT ].
pub fn revoke(tokens: &[Token<'_>]) -> Result<Translation, StatementError> {
    let mut cursor = Cursor::new(tokens);
    cursor.expect_word("revoke")?;
    let option = if cursor.take_words(&["grant", "option", "for"]) { "GRANT OPTION FOR " } else { "" };
    let (privileges, objects) = expect_subject(&mut cursor)?;
    cursor.expect_word("from")?;
    let mut grantees = vec![expect_grantee(&mut cursor)?.0];
    while cursor.take_operator(",") {
        grantees.push(expect_grantee(&mut cursor)?.0);
    }
    let behaviour = cursor.take_any_word(&["cascade", "restrict"]).unwrap_or_default();
    cursor.expect_end()?;
    let sql = format!("REVOKE {option}{privileges} ON {objects} FROM {} {behaviour}", grantees.join(", "));
    Ok(Translation::of(sql.trim_end()))
}

/// Takes privileges, ON and objects, and gives the SQL of both.
fn expect_subject(cursor: &mut Cursor<'_, '_>) -> Result<(String, String), StatementError> {
    if ["role", "assumerole"].iter().any(|word| cursor.at_word(word)) {
        let word = cursor.take_keyword().unwrap_or_default().to_uppercase();
        return Err(StatementError::unsupported(format!("GRANT or REVOKE of {word}")));
    }
    let mut privileges = vec![expect_privilege(cursor)?];
    while cursor.take_operator(",") {
        privileges.push(expect_privilege(cursor)?);
    }
    if !cursor.take_word("on") {
        return Err(StatementError::unsupported("GRANT or REVOKE of a system privilege or a role"));
    }
    let by_column = privileges.iter().any(|privilege| privilege.columns.is_some());
    let objects = expect_objects(cursor, by_column)?;
    let rendered: Result<Vec<_>, _> =
        privileges.iter().map(|privilege| render_privilege(privilege, &objects)).collect();
    Ok((rendered?.join(", "), objects.sql))
}

fn expect_privilege(cursor: &mut Cursor<'_, '_>) -> Result<Privilege, StatementError> {
    let Some(word) = cursor.take_keyword() else { return Err(cursor.unexpected()) };
    if word == "all" {
        cursor.take_word("privileges");
    }
    let columns = if cursor.at_operator("(") { Some(cursor.expect_name_list()?) } else { None };
    Ok(Privilege { word, columns })
}

fn render_privilege(privilege: &Privilege, objects: &Objects) -> Result<String, StatementError> {
    let name = if privilege.word == "all" {
        "ALL"
    } else {
        let known = objects.privileges.iter().find(|(word, _)| *word == privilege.word);
        known.map(|(_, name)| *name).ok_or_else(|| {
            StatementError::unsupported(format!(
                "privilege {} on {}",
                privilege.word.to_uppercase(),
                objects.sql.split(' ').next().unwrap_or_default()
            ))
        })?
    };
    Ok(match &privilege.columns {
        Some(columns) => format!("{name} ({})", super::foreign_key::name_list(columns)),
        None => name.to_owned(),
    })
}

fn expect_objects(cursor: &mut Cursor<'_, '_>, by_column: bool) -> Result<Objects, StatementError> {
    if by_column {
        cursor.take_word("table");
        return Ok(Objects { sql: format!("TABLE {}", expect_names(cursor)?), privileges: &COLUMN });
    }
    let all = cursor.take_word("all");
    let kind = match cursor.clone().take_keyword().as_deref() {
        Some("tables") if all => ("ALL TABLES IN SCHEMA", &RELATION[..]),
        Some("functions") if all => ("ALL FUNCTIONS IN SCHEMA", &ROUTINE[..]),
        Some("procedures") if all => ("ALL PROCEDURES IN SCHEMA", &ROUTINE[..]),
        _ if all => return Err(cursor.unexpected()),
        Some("schema") => ("SCHEMA", &SCHEMA[..]),
        Some("database") => ("DATABASE", &DATABASE[..]),
        Some("language") => ("LANGUAGE", &LANGUAGE[..]),
        Some("function") => ("FUNCTION", &ROUTINE[..]),
        Some("procedure") => ("PROCEDURE", &ROUTINE[..]),
        Some(word @ ("external" | "datashare" | "model")) => {
            return Err(StatementError::unsupported(format!("GRANT or REVOKE ON {}", word.to_uppercase())));
        }
        _ => {
            cursor.take_word("table");
            return Ok(Objects { sql: format!("TABLE {}", expect_names(cursor)?), privileges: &RELATION });
        }
    };
    cursor.next();
    if all {
        cursor.expect_word("in")?;
        cursor.expect_word("schema")?;
    }
    let names = if matches!(kind.0, "FUNCTION" | "PROCEDURE") {
        let mut signatures = vec![expect_signature(cursor)?];
        while cursor.take_operator(",") {
            signatures.push(expect_signature(cursor)?);
        }
        signatures.join(", ")
    } else {
        expect_names(cursor)?
    };
    Ok(Objects { sql: format!("{} {names}", kind.0), privileges: kind.1 })
}

fn expect_names(cursor: &mut Cursor<'_, '_>) -> Result<String, StatementError> {
    let mut names = vec![cursor.expect_qualified_name()?];
    while cursor.take_operator(",") {
        names.push(cursor.expect_qualified_name()?);
    }
    Ok(names.join(", "))
}

/// Takes a grantee; tells whether it is a user.
fn expect_grantee(cursor: &mut Cursor<'_, '_>) -> Result<(String, bool), StatementError> {
    let grantee = expect_principal(cursor)?;
    Ok((grantee.identifier(), grantee.kind == Kind::User))
}
