//! Default privileges.

use super::privileges::{grantee, unexpected};
use super::{Answers, ReadError, each_row};
use crate::session::{DecodeError, Row};
use migration::catalog::{Catalog, DefaultPrivileges, Grant, NewObject, Privilege};

pub(super) fn decode(answers: &Answers, catalog: &mut Catalog) -> Result<(), ReadError> {
    each_row(&answers.default_privileges, "default_privileges", catalog, decode_default)?;
    each_row(&answers.default_functions, "default_functions", catalog, |row, catalog| {
        // An entry without a right: even Redshift's own default was revoked.
        let owner = row.identifier("owner_name")?;
        let key = DefaultPrivileges { owner, schema: None, on: NewObject::Functions };
        catalog.default_privileges.entry(key).or_default();
        Ok(())
    })
}

fn decode_default(row: &Row, catalog: &mut Catalog) -> Result<(), DecodeError> {
    let on = match row.text("object_type")?.trim() {
        "RELATION" => NewObject::Tables,
        "FUNCTION" => NewObject::Functions,
        "PROCEDURE" => NewObject::Procedures,
        other => return Err(unexpected("object_type", other, "RELATION, FUNCTION or PROCEDURE")),
    };
    let key = DefaultPrivileges {
        owner: row.identifier("owner_name")?,
        schema: row.optional_identifier("schema_name")?,
        on,
    };
    let grant = Grant {
        grantee: grantee(row, "grantee")?,
        privilege: Privilege::parse(row.text("privilege_type")?),
        grantable: row.boolean("admin_option")?,
    };
    catalog.default_privileges.entry(key).or_default().insert(grant);
    Ok(())
}
