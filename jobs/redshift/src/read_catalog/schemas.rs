//! Schemas: local ones with their quotas, external ones with what they show.

use super::{Answers, ReadError, each_row, owner};
use crate::session::{DecodeError, Row};
use migration::catalog::{Catalog, ExternalSchema, ExternalSource, Schema, SchemaKind};
use migration::name::Identifier;
use std::collections::BTreeMap;

pub(super) fn decode(answers: &Answers, catalog: &mut Catalog) -> Result<(), ReadError> {
    each_row(&answers.schemas, "schemas", catalog, |row, catalog| {
        let (name, schema) = decode_schema(row)?;
        catalog.schemas.insert(name, schema);
        Ok(())
    })?;
    each_row(&answers.schema_quotas, "schema_quotas", catalog, add_quota)
}

fn decode_schema(row: &Row) -> Result<(Identifier, Schema), DecodeError> {
    let kind = match row.optional("eskind")? {
        None => SchemaKind::UNLIMITED,
        Some(_) => SchemaKind::External(ExternalSchema {
            source: ExternalSource::from_number(row.number("eskind")?),
            database: row.optional("esdbname")?.filter(|name| !name.is_empty()).map(str::to_owned),
            options: decode_options(row)?,
        }),
    };
    let owner = owner(row.optional_identifier("owner")?);
    Ok((row.identifier("nspname")?, Schema { owner, kind }))
}

fn decode_options(row: &Row) -> Result<BTreeMap<String, String>, DecodeError> {
    let options = row.optional("esoptions")?.unwrap_or_default();
    ExternalSchema::parse_options(options).ok_or_else(|| DecodeError::Malformed {
        column: "esoptions".into(),
        value: options.to_owned(),
        expected: "a JSON object of texts and numbers",
    })
}

/// The view pads its names with blanks.
fn add_quota(row: &Row, catalog: &mut Catalog) -> Result<(), DecodeError> {
    let name = Identifier::new(row.text("schema_name")?.trim_end())
        .map_err(|source| DecodeError::Name { column: "schema_name".into(), source })?;
    if let Some(Schema { kind: SchemaKind::Local { quota_mb }, .. }) = catalog.schemas.get_mut(&name) {
        let quota: i64 = row.number("quota")?;
        *quota_mb = u32::try_from(quota).ok().filter(|quota| *quota > 0);
    }
    Ok(())
}
