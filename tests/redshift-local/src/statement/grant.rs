//! GRANT and REVOKE (`r_GRANT`, `r_REVOKE`) on relations, columns, schemas, routines, languages and the database; scoped
//! permissions (`t_scoped-permissions`); system permissions of roles. External objects, datashares and models are refused.

use super::cursor::Cursor;
use super::names::{quote_array, quote_identifier};
use super::principal::{Kind, literals};
use super::privilege::{Grantees, Place, Privilege, Scope, Verb};
use super::signature::expect_signature;
use super::{StatementError, Translation, assume_role, grant_role};
use crate::lexer::Token;

/// Redshift's privileges and what keeps each: PostgreSQL's privilege of that name, or `sql/permissions.sql` where there
/// is none. DROP and ALTER on relations are kept as TRIGGER and MAINTAIN, which Redshift lacks, and listed by their own
/// names (`sql/identities.sql`).
type Privileges = &'static [(&'static str, Option<&'static str>)];
const RELATION: Privileges = &[
    ("SELECT", Some("SELECT")),
    ("INSERT", Some("INSERT")),
    ("UPDATE", Some("UPDATE")),
    ("DELETE", Some("DELETE")),
    ("REFERENCES", Some("REFERENCES")),
    ("TRUNCATE", Some("TRUNCATE")),
    ("DROP", Some("TRIGGER")),
    ("ALTER", Some("MAINTAIN")),
];
const COLUMN: Privileges = &[("SELECT", Some("SELECT")), ("UPDATE", Some("UPDATE"))];
const SCHEMA: Privileges =
    &[("CREATE", Some("CREATE")), ("USAGE", Some("USAGE")), ("ALTER", None), ("DROP", None)];
const ROUTINE: Privileges = &[("EXECUTE", Some("EXECUTE"))];
const LANGUAGE: Privileges = &[("USAGE", Some("USAGE"))];
/// Without PostgreSQL's CONNECT, which ALL must leave alone.
const DATABASE: Privileges = &[
    ("CREATE", Some("CREATE")),
    ("TEMPORARY", Some("TEMPORARY")),
    ("TEMP", Some("TEMPORARY")),
    ("ALTER", None),
];
const COPY_JOB: Privileges = &[("CREATE", None), ("ALTER", None), ("DROP", None)];

/// Privileges that exist on tables and on their columns.
const BOTH_LEVELS: [&str; 2] = ["SELECT", "UPDATE"];

/// What scoped permissions are for: the words after FOR, the permissions, and whether a schema can be their scope.
const SCOPES: [(&str, &str, Privileges, bool); 6] = [
    ("schemas", "SCHEMAS", SCHEMA, false),
    ("tables", "TABLES", RELATION, true),
    ("functions", "FUNCTIONS", ROUTINE, true),
    ("procedures", "PROCEDURES", ROUTINE, true),
    ("languages", "LANGUAGES", LANGUAGE, false),
    ("copy", "COPY JOBS", COPY_JOB, false),
];

const EVERYBODY: [Kind; 4] = [Kind::User, Kind::Group, Kind::Role, Kind::Public];

/// What a statement is about.
struct Objects {
    /// For PostgreSQL, behind ON.
    kind: &'static str,
    /// Each object's name or signature, quoted.
    names: Vec<String>,
    /// The names of schemas and databases as they are.
    plain: Vec<String>,
    privileges: Privileges,
}

impl Objects {
    fn tables(cursor: &mut Cursor<'_, '_>, privileges: Privileges) -> Result<Self, StatementError> {
        cursor.take_word("table");
        let names = cursor.expect_separated(Cursor::expect_qualified_name)?;
        Ok(Self { kind: "TABLE", names, plain: Vec::new(), privileges })
    }
}

/// GRANT and REVOKE of anything.
pub fn translate(tokens: &[Token<'_>]) -> Result<Translation, StatementError> {
    let mut cursor = Cursor::new(tokens);
    if grant_role::is_one(&cursor) {
        return grant_role::translate(cursor);
    }
    let verb = Verb::expect(&mut cursor)?;
    if cursor.take_word("assumerole") {
        return assume_role::translate(cursor, verb);
    }
    let privileges = Privilege::expect_list(&mut cursor)?;
    if cursor.take_word("on") {
        on_objects(cursor, verb, &privileges)
    } else if cursor.take_word("for") {
        scoped(cursor, verb, &privileges)
    } else {
        system(cursor, verb, &privileges)
    }
}

fn on_objects(
    mut cursor: Cursor<'_, '_>,
    verb: Verb,
    privileges: &[Privilege],
) -> Result<Translation, StatementError> {
    let by_column = privileges.iter().any(|privilege| privilege.columns.is_some());
    let objects = expect_objects(&mut cursor, by_column)?;
    let whole = privileges.iter().any(|privilege| privilege.columns.is_none());
    if by_column && (whole || verb == Verb::RevokeOption) {
        return Err(StatementError::new(
            "42601",
            "syntax error: privileges on columns have no grant option, and name their columns each",
        ));
    }
    let grantees = Grantees::expect(&mut cursor, verb, &EVERYBODY, !by_column)?;
    let (native, kept) = chosen(privileges, objects.privileges, objects.kind, verb)?;
    let mut statements = Vec::new();
    let both: Vec<_> = BOTH_LEVELS
        .into_iter()
        .filter(|name| privileges.iter().any(|privilege| privilege.name == "ALL" || privilege.name == *name))
        .collect();
    if objects.kind == "TABLE" && !both.is_empty() && (verb == Verb::Grant) != by_column {
        statements.push(expect_other_level(&objects, &both, &grantees, by_column));
    }
    if !native.is_empty() {
        let subject = format!("{} ON {} {}", native.join(", "), objects.kind, objects.names.join(", "));
        statements.extend(verb.render("", &subject, &grantees));
    }
    if !kept.is_empty() {
        for name in objects.plain {
            let place = match objects.kind {
                "SCHEMA" => Place::Schema { schema: name, database: None },
                _ => Place::Database(name),
            };
            let scope = Scope { name: objects.kind, place, iam_roles: Vec::new() };
            statements.extend(verb.permit(&scope, &kept, &grantees));
        }
    }
    Ok(verb.translation(statements))
}

/// Nobody holds the same privilege on a table and on one of its columns (`r_GRANT-usage-notes`).
fn expect_other_level(
    objects: &Objects,
    privileges: &[&str],
    grantees: &Grantees,
    by_column: bool,
) -> String {
    let privileges: Vec<_> = privileges.iter().copied().map(str::to_owned).collect();
    format!(
        "CALL redshift_catalog.rs_expect_level({}, {}, {}, {by_column})",
        quote_array(&objects.names),
        quote_array(&privileges),
        literals(grantees.all()),
    )
}

/// The privileges that PostgreSQL keeps, rendered, and those that it does not.
fn chosen<'p>(
    privileges: &'p [Privilege],
    known: Privileges,
    on: &str,
    verb: Verb,
) -> Result<(Vec<String>, Vec<&'p str>), StatementError> {
    let (mut native, mut kept): (Vec<String>, Vec<&str>) = (Vec::new(), Vec::new());
    for privilege in privileges {
        if privilege.name == "ALL" && on != "LANGUAGE" {
            let mut names: Vec<_> = known.iter().filter_map(|(_, native)| *native).collect();
            names.dedup();
            native.extend(names.into_iter().map(|name| privilege.render(name)));
            // r_GRANT-examples: schema privileges are CREATE and USAGE. So ALL grants these, and takes away all.
            if verb != Verb::Grant {
                kept.extend(known.iter().filter(|(_, native)| native.is_none()).map(|(name, _)| *name));
            }
            continue;
        }
        match known.iter().find(|(name, _)| *name == privilege.name) {
            Some((_, Some(name))) => native.push(privilege.render(name)),
            Some((name, None)) => kept.push(name),
            None => return Err(privilege.unknown(on)),
        }
    }
    Ok((native, kept))
}

fn expect_objects(cursor: &mut Cursor<'_, '_>, by_column: bool) -> Result<Objects, StatementError> {
    if by_column {
        return Objects::tables(cursor, COLUMN);
    }
    let all = cursor.take_word("all");
    let (kind, privileges) = match cursor.clone().take_keyword().as_deref() {
        Some("tables") if all => ("ALL TABLES IN SCHEMA", RELATION),
        Some("functions") if all => ("ALL FUNCTIONS IN SCHEMA", ROUTINE),
        Some("procedures") if all => ("ALL PROCEDURES IN SCHEMA", ROUTINE),
        _ if all => return Err(cursor.unexpected()),
        Some("schema") => ("SCHEMA", SCHEMA),
        Some("database") => ("DATABASE", DATABASE),
        Some("language") => ("LANGUAGE", LANGUAGE),
        Some("function") => ("FUNCTION", ROUTINE),
        Some("procedure") => ("PROCEDURE", ROUTINE),
        Some(word @ ("external" | "datashare" | "model" | "copy" | "template")) => {
            return Err(StatementError::unsupported(format!("GRANT or REVOKE ON {}", word.to_uppercase())));
        }
        _ => return Objects::tables(cursor, RELATION),
    };
    cursor.next();
    if all {
        cursor.expect_words(&["in", "schema"])?;
    }
    if matches!(kind, "FUNCTION" | "PROCEDURE") {
        let names = cursor.expect_separated(expect_signature)?;
        return Ok(Objects { kind, names, plain: Vec::new(), privileges });
    }
    let plain = cursor.expect_separated(Cursor::expect_identifier)?;
    let names = plain.iter().map(|name| quote_identifier(name)).collect();
    Ok(Objects { kind, names, plain, privileges })
}

/// `FOR kind IN { SCHEMA name [ DATABASE name ] | DATABASE name }`: for all objects of a kind, those to come, too. To users
/// and roles (`t_scoped-permissions-considerations`).
fn scoped(
    mut cursor: Cursor<'_, '_>,
    verb: Verb,
    privileges: &[Privilege],
) -> Result<Translation, StatementError> {
    let scope = SCOPES.iter().find(|(word, ..)| cursor.take_word(word));
    let Some((word, name, known, in_schema)) = scope else { return Err(cursor.unexpected()) };
    if *word == "copy" {
        cursor.expect_word("jobs")?;
    }
    cursor.expect_word("in")?;
    let place = if *in_schema && cursor.take_word("schema") {
        let schema = cursor.expect_identifier()?;
        let database = if cursor.take_word("database") { Some(cursor.expect_identifier()?) } else { None };
        Place::Schema { schema, database }
    } else {
        cursor.expect_word("database")?;
        Place::Database(cursor.expect_identifier()?)
    };
    let scope = Scope { name, place, iam_roles: Vec::new() };
    let mut names = Vec::new();
    for privilege in privileges {
        if privilege.name == "ALL" && *word != "languages" && privilege.columns.is_none() {
            names.extend(known.iter().map(|(name, _)| *name));
        } else if privilege.columns.is_none() && known.iter().any(|(name, _)| *name == privilege.name) {
            names.push(&privilege.name);
        } else {
            return Err(privilege.unknown(name));
        }
    }
    let grantees = Grantees::expect(&mut cursor, verb, &[Kind::User, Kind::Role], true)?;
    Ok(verb.translation(verb.permit(&scope, &names, &grantees)))
}

/// System permissions, to roles. Which there are, says `sql/system_permissions.sql`.
fn system(
    mut cursor: Cursor<'_, '_>,
    verb: Verb,
    privileges: &[Privilege],
) -> Result<Translation, StatementError> {
    if verb == Verb::RevokeOption || privileges.iter().any(|privilege| privilege.columns.is_some()) {
        return Err(cursor.unexpected());
    }
    let grantees = Grantees::expect(&mut cursor, verb, &[Kind::Role], false)?;
    let scope = Scope { name: "SYSTEM", place: Place::None, iam_roles: Vec::new() };
    let names: Vec<_> = privileges.iter().map(|privilege| privilege.name.as_str()).collect();
    Ok(verb.translation(verb.permit(&scope, &names, &grantees)))
}
