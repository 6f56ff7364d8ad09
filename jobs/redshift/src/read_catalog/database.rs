//! The database that the session is connected to, whom it acts for, and how text compares in it.

use crate::session::{DecodeError, ResultSet, Row};
use migration::catalog::{Catalog, Collation};

pub(super) fn decode(answer: &ResultSet, catalog: &mut Catalog) -> Result<(), DecodeError> {
    let row = answer.only_row()?;
    catalog.database = Some(row.identifier("database_name")?);
    catalog.login = Some(row.identifier("login")?);
    catalog.collation = decode_collation(&row)?;
    Ok(())
}

fn decode_collation(row: &Row) -> Result<Collation, DecodeError> {
    match row.text("database_collation")?.trim().to_ascii_lowercase().as_str() {
        "case_sensitive" => Ok(Collation::CaseSensitive),
        "case_insensitive" => Ok(Collation::CaseInsensitive),
        other => Err(DecodeError::Malformed {
            column: "database_collation".into(),
            value: other.to_owned(),
            expected: "case_sensitive or case_insensitive",
        }),
    }
}
