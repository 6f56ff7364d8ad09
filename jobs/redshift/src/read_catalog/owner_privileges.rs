//! What owners took from themselves, from the access control lists.

use super::privileges::unexpected;
use super::{Answers, ReadError, each_row};
use crate::session::{DecodeError, Row};
use migration::catalog::{Catalog, Privilege, RoutineName, Securable};
use migration::name::QualifiedName;
use std::collections::BTreeSet;

/// What can be taken from oneself, by its letter in a list; TRUNCATE, ALTER and DROP cannot (`r_Privileges`).
const OF_RELATIONS: &[(char, Privilege)] = &[
    ('r', Privilege::Select),
    ('a', Privilege::Insert),
    ('w', Privilege::Update),
    ('d', Privilege::Delete),
    ('x', Privilege::References),
];
const OF_SCHEMAS: &[(char, Privilege)] = &[('U', Privilege::Usage), ('C', Privilege::Create)];
const OF_ROUTINES: &[(char, Privilege)] = &[('X', Privilege::Execute)];

pub(super) fn decode(answers: &Answers, catalog: &mut Catalog) -> Result<(), ReadError> {
    each_row(&answers.owner_privileges, "owner_privileges", catalog, decode_list)
}

fn decode_list(row: &Row, catalog: &mut Catalog) -> Result<(), DecodeError> {
    let name = QualifiedName::new(row.identifier("nspname")?, row.identifier("object_name")?);
    if catalog.is_behind_materialized_view(&name) {
        return Ok(());
    }
    let (securable, all) = match row.text("object_type")? {
        "relation" => (Securable::Relation(name), OF_RELATIONS),
        "schema" => (Securable::Schema(name.name), OF_SCHEMAS),
        "routine" => {
            let argument_types = row.text("argument_types")?.to_owned();
            (Securable::Routine(RoutineName { name, argument_types }), OF_ROUTINES)
        }
        other => return Err(unexpected("object_type", other, "relation, schema or routine")),
    };
    // Not of a kind that is read.
    if catalog.owner(&securable).is_none() {
        return Ok(());
    }
    // An owner that took all from itself may have left a list without any entry.
    let acl = row.optional("acl")?.unwrap_or_default();
    let held = held_by(row.identifier("owner")?.as_str(), acl)
        .map_err(|entry| unexpected("acl", entry, "entries like grantee=letters/grantor"))?;
    let revoked: BTreeSet<Privilege> = all
        .iter()
        .filter(|(letter, _)| !held.contains(letter))
        .map(|(_, privilege)| privilege.clone())
        .collect();
    if !revoked.is_empty() {
        catalog.revoked_from_owners.insert(securable, revoked);
    }
    Ok(())
}

/// The letters that a list has for a user, or the entry that cannot be read: a list that is not understood must not pass for one that
/// gives nothing.
///
/// Its entries are `grantee=letters/grantor`, with `group` before the name of a group, and nothing for PUBLIC; a name of other signs than
/// letters, digits and underscores stands in quotes, which are doubled in it, or the whole entry does (`r_PG_DEFAULT_ACL`).
fn held_by<'a>(user: &str, acl: &'a str) -> Result<BTreeSet<char>, &'a str> {
    let mut letters = BTreeSet::new();
    for entry in split(acl, ',').filter(|entry| !entry.is_empty()) {
        let whole = unquoted(entry);
        let inner = if split(entry, '=').count() == 1 { whole.as_str() } else { entry };
        let mut parts = split(inner, '=');
        let (Some(grantee), Some(rest)) = (parts.next(), parts.next()) else { return Err(entry) };
        if unquoted(grantee.trim()) == user {
            letters.extend(rest.chars().take_while(|letter| *letter != '/'));
        }
    }
    Ok(letters)
}

/// The parts of a text between signs that stand outside of quotes.
fn split(text: &str, sign: char) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    text.split(move |found| {
        quoted ^= found == '"';
        found == sign && !quoted
    })
}

fn unquoted(name: &str) -> String {
    let inner = name.strip_prefix('"').and_then(|name| name.strip_suffix('"'));
    inner.map_or_else(|| name.to_owned(), |inner| inner.replace("\"\"", "\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_held(user: &str, acl: &str, letters: &str) {
        assert_eq!(held_by(user, acl), Ok(letters.chars().collect()), "{user} of {acl}");
    }

    #[test]
    fn a_list_has_letters_for_each_of_its_names() {
        let acl = r#"own=r*w/own,=r/own,group own=ad/own,"IAM:a,b=""c"""=dx/own,own=a/other"#;
        assert_held("own", acl, "rw*a");
        assert_held(r#"IAM:a,b="c""#, acl, "dx");
        assert_held("low", acl, "");
        assert_held("own", "", "");
        assert_held("group", r#""group"=r/own"#, "r");
        assert_held("own", r#""group g=a/own","own=arwdRxt/own""#, "arwdRxt");
        assert_eq!(held_by("own", "own"), Err("own"));
    }
}
