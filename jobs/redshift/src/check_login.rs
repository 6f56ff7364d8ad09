//! Whether a login may do what the jobs do.

use crate::measure::MeasureError;
use crate::session::{DecodeError, Session};
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
}

/// Asks the warehouse who is logged in.
pub async fn logged_in<S: Session>(session: &mut S) -> Result<LoggedIn, MeasureError> {
    let query = Sql::constant(include_str!("../../../sql/catalog/login.sql"));
    let answers = session.run(&query.into()).await?;
    let answer = answers.first().ok_or(DecodeError::NotOneRow(0))?;
    let row = answer.only_row()?;
    Ok(LoggedIn {
        user: row.identifier("usename")?,
        superuser: row.boolean("usesuper")?,
        session_id: row.number("session_id")?,
    })
}
