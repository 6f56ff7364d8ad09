//! Where a COPY failed, by what the warehouse keeps of it (`SYS_LOAD_ERROR_DETAIL`).

use crate::measure::MeasureError;
use crate::session::{ResultSet, Session};
use migration::statement::Sql;
use migration::transfer::LoadError;

/// How much of a file's name the warehouse keeps: `file_name` is a CHAR(256).
const NAME_BYTES: usize = 256;

/// The first error in a file of this folder, which is the UNLOAD's own: no other load has read it. A COPY that is refused before it
/// loads, such as for its role, has none. Ids would not do: the page of `PG_LAST_COPY_ID` says that a load which fails gets one, and
/// that a rollback takes it back.
pub async fn find_load_error<S: Session>(
    session: &mut S,
    folder: &str,
) -> Result<Option<LoadError>, MeasureError> {
    if folder.len() >= NAME_BYTES {
        return Ok(None);
    }
    let query = Sql::constant(include_str!("../../../../sql/diagnose/load_errors.sql"));
    let answers = session.run(&query.into()).await?;
    for row in answers.iter().flat_map(ResultSet::rows) {
        let file = row.text("file_name")?;
        if file.starts_with(folder) {
            let column = row.optional("column_name")?.filter(|name| !name.is_empty());
            return Ok(Some(LoadError {
                code: row.number("error_code")?,
                column: column.map(str::to_owned),
                line: row.number("line_number")?,
                file: file.to_owned(),
            }));
        }
    }
    Ok(None)
}
