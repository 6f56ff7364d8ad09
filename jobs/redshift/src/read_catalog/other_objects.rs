//! Objects of kinds that are not moved.

use super::{Answers, ReadError, in_query};
use crate::session::{DecodeError, ResultSet, Row};
use migration::catalog::{Catalog, OtherKind, OtherObject};

/// Reads them all, but for those of other databases: the catalog's own database must have been read.
pub(super) fn decode(answers: &Answers, catalog: &mut Catalog) -> Result<(), ReadError> {
    decode_objects(&answers.other_objects, catalog).map_err(in_query("other_objects"))?;
    for row in answers.libraries.rows() {
        let name = row.text("name").map_err(in_query("libraries"))?.to_owned();
        catalog.others.insert(OtherObject { kind: OtherKind::Library, place: String::new(), name });
    }
    Ok(())
}

fn decode_objects(answer: &ResultSet, catalog: &mut Catalog) -> Result<(), DecodeError> {
    for row in answer.rows() {
        let in_database = row.optional("in_database")?.unwrap_or_default();
        let ours = catalog.database.as_ref().is_none_or(|database| database.as_str() == in_database);
        if in_database.is_empty() || ours {
            catalog.others.insert(OtherObject {
                kind: decode_kind(&row)?,
                place: row.optional("place")?.unwrap_or_default().to_owned(),
                name: row.text("name")?.to_owned(),
            });
        }
    }
    Ok(())
}

fn decode_kind(row: &Row) -> Result<OtherKind, DecodeError> {
    let name = row.text("kind")?;
    OtherKind::ALL.into_iter().find(|kind| kind.name() == name).ok_or_else(|| DecodeError::Malformed {
        column: "kind".into(),
        value: name.to_owned(),
        expected: "a kind of object",
    })
}
