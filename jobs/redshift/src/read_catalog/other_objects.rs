//! Objects of kinds that are not moved.

use super::{Answers, ReadError, each_row};
use migration::catalog::{Catalog, OtherKind, OtherObject};

/// Reads them all, but for those of other databases: the catalog's own database must have been read.
pub(super) fn decode(answers: &Answers, catalog: &mut Catalog) -> Result<(), ReadError> {
    for (kind, query, answer) in [
        (OtherKind::Model, "models", &answers.models),
        (OtherKind::Datashare, "datashares", &answers.datashares),
        (OtherKind::CopyJob, "copy_jobs", &answers.copy_jobs),
        (OtherKind::Integration, "integrations", &answers.integrations),
        (OtherKind::Template, "templates", &answers.templates),
    ] {
        each_row(answer, query, catalog, |row, catalog| {
            let in_database = row.optional("in_database")?.unwrap_or_default();
            let ours = catalog.database.as_ref().is_none_or(|database| database.as_str() == in_database);
            if in_database.is_empty() || ours {
                let place = row.optional("place")?.unwrap_or_default().to_owned();
                catalog.others.insert(OtherObject { kind, place, name: row.text("name")?.to_owned() });
            }
            Ok(())
        })?;
    }
    each_row(&answers.libraries, "libraries", catalog, |row, catalog| {
        let (place, name) = (String::new(), row.text("name")?.to_owned());
        catalog.others.insert(OtherObject { kind: OtherKind::Library, place, name });
        Ok(())
    })
}
