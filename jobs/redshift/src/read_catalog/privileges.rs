//! Rights on schemas, relations and routines.

use super::{Answers, ReadError, behind_materialized_view, in_query};
use crate::session::{DecodeError, Row};
use migration::catalog::{Catalog, Grant, Grantee, Privilege, Routine, RoutineKind, RoutineName, Securable};
use migration::name::QualifiedName;

pub(super) fn decode(answers: &Answers, catalog: &mut Catalog) -> Result<(), ReadError> {
    for row in answers.schema_privileges.rows() {
        decode_schema_grant(&row, catalog).map_err(in_query("schema_privileges"))?;
    }
    for row in answers.relation_privileges.rows() {
        decode_relation_grant(&row, catalog).map_err(in_query("relation_privileges"))?;
    }
    for row in answers.routine_privileges.rows() {
        decode_routine_grant(&row, catalog).map_err(in_query("routine_privileges"))?;
    }
    add_default_rights(catalog);
    Ok(())
}

fn decode_schema_grant(row: &Row, catalog: &mut Catalog) -> Result<(), DecodeError> {
    let securable = Securable::Schema(row.identifier("namespace_name")?);
    let grant = decode_grant(row)?;
    // A scoped grant is a right on what lies in the schema, not on the schema: granting it as such would be a guess.
    let scope = row.text("privilege_scope")?.trim().to_ascii_uppercase();
    let privilege = match scope.as_str() {
        "SCHEMA" => grant.privilege,
        scope => Privilege::Unknown(format!("{} FOR {scope} IN SCHEMA", grant.privilege)),
    };
    add(catalog, securable, Grant { privilege, ..grant });
    Ok(())
}

fn decode_relation_grant(row: &Row, catalog: &mut Catalog) -> Result<(), DecodeError> {
    let name = QualifiedName::new(row.identifier("namespace_name")?, row.identifier("relation_name")?);
    if !behind_materialized_view(catalog, &name.schema, &name.name) {
        let grant = decode_grant(row)?;
        add(catalog, Securable::Relation(name), grant);
    }
    Ok(())
}

fn decode_routine_grant(row: &Row, catalog: &mut Catalog) -> Result<(), DecodeError> {
    let name = QualifiedName::new(row.identifier("namespace_name")?, row.identifier("function_name")?);
    if !behind_materialized_view(catalog, &name.schema, &name.name) {
        let argument_types = row.optional("argument_types")?.unwrap_or_default().to_owned();
        let grant = decode_grant(row)?;
        add(catalog, Securable::Routine(RoutineName { name, argument_types }), grant);
    }
    Ok(())
}

fn decode_grant(row: &Row) -> Result<Grant, DecodeError> {
    let name = || row.identifier("identity_name");
    let grantee = match row.text("identity_type")?.trim() {
        "public" => Grantee::Public,
        "user" => Grantee::User(name()?),
        "group" => Grantee::Group(name()?),
        "role" => Grantee::Role(name()?),
        other => {
            return Err(DecodeError::Malformed {
                column: "identity_type".into(),
                value: other.to_owned(),
                expected: "user, role, group or public",
            });
        }
    };
    let privilege = Privilege::parse(row.text("privilege_type")?);
    Ok(Grant { grantee, privilege, grantable: row.boolean("admin_option")? })
}

/// An owner holds every right without a grant.
fn add(catalog: &mut Catalog, securable: Securable, grant: Grant) {
    let owner = catalog.owner(&securable).cloned().map(Grantee::User);
    if owner.as_ref() != Some(&grant.grantee) {
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
