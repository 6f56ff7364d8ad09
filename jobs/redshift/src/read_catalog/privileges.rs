//! Rights on objects, system permissions, ASSUMEROLE.

use super::{Answers, ReadError, each_row};
use crate::session::{DecodeError, Row};
use migration::catalog::{
    AssumeRole, Catalog, Grant, Grantee, ObjectKind, Privilege, Routine, RoutineKind, RoutineName, Securable,
    SystemPrivilege,
};
use migration::name::{Identifier, QualifiedName};

pub(super) fn decode(answers: &Answers, catalog: &mut Catalog) -> Result<(), ReadError> {
    each_row(&answers.privileges, "privileges", catalog, decode_right)?;
    each_row(&answers.warehouse_privileges, "warehouse_privileges", catalog, decode_warehouse_right)?;
    add_default_rights(catalog);
    Ok(())
}

fn decode_right(row: &Row, catalog: &mut Catalog) -> Result<(), DecodeError> {
    let relation = || -> Result<QualifiedName, DecodeError> {
        Ok(QualifiedName::new(row.identifier("namespace_name")?, row.identifier("object_name")?))
    };
    let securable = match row.text("object_type")? {
        "database" => scoped(row, "DATABASE", Securable::Database, Securable::EveryInDatabase)?,
        "language" => (Securable::Language(row.identifier("object_name")?), None),
        "schema" => {
            let schema = row.identifier("object_name")?;
            let every = |kind| Securable::EveryInSchema(kind, schema.clone());
            scoped(row, "SCHEMA", Securable::Schema(schema.clone()), every)?
        }
        "relation" => (Securable::Relation(relation()?), None),
        "column" => (Securable::Column(relation()?, row.identifier("detail")?), None),
        "routine" => {
            let argument_types = row.optional("detail")?.unwrap_or_default().to_owned();
            (Securable::Routine(RoutineName { name: relation()?, argument_types }), None)
        }
        other => return Err(unexpected("object_type", other, "a kind of object")),
    };
    let (securable, unknown) = securable;
    if !is_internal(catalog, &securable) {
        let privilege = Privilege::parse(row.text("privilege_type")?);
        let privilege = match unknown {
            Some(scope) => Privilege::Unknown(format!("{privilege} FOR {scope}")),
            None => privilege,
        };
        add(
            catalog,
            securable,
            Grant { grantee: grantee(row, "identity")?, privilege, grantable: row.boolean("admin_option")? },
        );
    }
    Ok(())
}

/// A right on the object itself or, by its `privilege_scope`, on every object of a kind in it. A kind that this version does not
/// know comes second: granting such a right as one on the object would be a guess.
fn scoped(
    row: &Row,
    itself: &str,
    object: Securable,
    every: impl Fn(ObjectKind) -> Securable,
) -> Result<(Securable, Option<String>), DecodeError> {
    let scope = row.text("privilege_scope")?.trim().to_ascii_uppercase();
    Ok(match ObjectKind::parse(&scope) {
        _ if scope == itself => (object, None),
        Some(kind) => (every(kind), None),
        None => (object, Some(scope)),
    })
}

/// Whether it is behind a materialized view: its rights are the view's.
fn is_internal(catalog: &Catalog, securable: &Securable) -> bool {
    match securable {
        Securable::Relation(name)
        | Securable::Column(name, _)
        | Securable::Routine(RoutineName { name, .. }) => catalog.is_behind_materialized_view(name),
        Securable::Database
        | Securable::Language(_)
        | Securable::EveryInDatabase(_)
        | Securable::Schema(_)
        | Securable::EveryInSchema(..) => false,
    }
}

fn decode_warehouse_right(row: &Row, catalog: &mut Catalog) -> Result<(), DecodeError> {
    let (grantee, name) = (grantee(row, "identity")?, row.text("privilege")?);
    match row.text("row_type")? {
        "system" => {
            catalog.system_privileges.entry(grantee).or_default().insert(SystemPrivilege::parse(name));
        }
        "iam" => {
            let iam_role = row.text("iam_role")?.to_owned();
            catalog.assume_role.insert(AssumeRole { grantee, iam_role, command: name.trim().to_owned() });
        }
        other => return Err(unexpected("row_type", other, "system or iam")),
    }
    Ok(())
}

/// Who holds a right, from the columns `…_type` and `…_name`.
pub(super) fn grantee(row: &Row, columns: &str) -> Result<Grantee, DecodeError> {
    let (column, name) = (format!("{columns}_type"), || row.identifier(&format!("{columns}_name")));
    Ok(match row.text(&column)?.trim() {
        "public" => Grantee::Public,
        "user" => Grantee::User(name()?),
        "group" => Grantee::Group(name()?),
        "role" => Grantee::Role(name()?),
        other => return Err(unexpected(&column, other, "user, role, group or public")),
    })
}

pub(super) fn unexpected(column: &str, value: &str, expected: &'static str) -> DecodeError {
    DecodeError::Malformed { column: column.to_owned(), value: value.to_owned(), expected }
}

/// An owner holds every right without a grant.
fn add(catalog: &mut Catalog, securable: Securable, grant: Grant) {
    let owner: Option<Identifier> = catalog.owner(&securable).cloned();
    if owner.map(Grantee::User).as_ref() != Some(&grant.grantee) {
        catalog.grants.entry(securable).or_default().insert(grant);
    }
}

/// The SVV views list explicit grants; a new function gives EXECUTE to everybody without one (`r_GRANT`).
fn add_default_rights(catalog: &mut Catalog) {
    let untouched = |routine: &Routine| routine.kind == RoutineKind::Function && routine.default_privileges;
    let functions: Vec<RoutineName> = catalog
        .routines
        .iter()
        .filter(|(_, routine)| untouched(routine))
        .map(|(name, _)| name.clone())
        .collect();
    for name in functions {
        let grant = Grant { grantee: Grantee::Public, privilege: Privilege::Execute, grantable: false };
        catalog.grants.entry(Securable::Routine(name)).or_default().insert(grant);
    }
}
