//! Whether a login may do what the jobs do, and where it arrived.

use crate::measure::MeasureError;
use crate::session::{Batch, DecodeError, Session};
use migration::direction::Place;
use migration::name::Identifier;
use migration::statement::Sql;

/// Who is logged in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedIn {
    /// The database user: for temporary credentials not always the name that logged in.
    pub user: Identifier,
    /// Whether it is a superuser. Anybody else reads only a part of the catalog, and rows through row-level security: what
    /// is not seen would be lost in silence (`c_visibility-of-data`).
    pub superuser: bool,
    /// The session's process.
    pub session_id: i32,
    /// Which warehouse and database answer.
    pub place: Place,
}

/// Asks the warehouse who is logged in.
pub async fn logged_in<S: Session>(session: &mut S) -> Result<LoggedIn, MeasureError> {
    let queries = [
        Sql::constant(include_str!("../../../sql/catalog/login.sql")),
        Sql::constant(include_str!("../../../sql/catalog/place.sql")),
    ];
    let answers = session.run(&Batch::of(queries)).await?;
    let [login, place] = &answers[..] else {
        return Err(DecodeError::NotOneRow(answers.len()).into());
    };
    let (row, place) = (login.only_row()?, place.only_row()?);
    Ok(LoggedIn {
        user: row.identifier("usename")?,
        superuser: row.boolean("usesuper")?,
        session_id: row.number("session_id")?,
        place: Place {
            namespace: place.text("namespace_id")?.trim_end().to_owned(),
            database: place.text("database_name")?.trim_end().to_owned(),
        },
    })
}
