//! Whether a login may do what the jobs do.

use crate::measure::MeasureError;
use crate::session::{ResultSet, Session};
use migration::statement::Sql;

/// Whether the session's user is a superuser. Anybody else reads only a part of the catalog, and rows through row-level
/// security: what is not seen would be lost in silence (`c_visibility-of-data`).
pub async fn is_superuser<S: Session>(session: &mut S) -> Result<bool, MeasureError> {
    let query = Sql::constant(include_str!("../../../sql/catalog/login.sql"));
    let answers = session.run(&query.into()).await?;
    let superuser = answers.iter().flat_map(ResultSet::rows).map(|row| row.boolean("usesuper")).next();
    Ok(superuser.transpose()?.unwrap_or(false))
}
