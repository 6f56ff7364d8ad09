//! What a table whose rows were replaced needs afterwards.

use crate::session::{Session, SqlError};
use migration::name::QualifiedName;
use migration::statement;

/// Takes back the space of a table's deleted rows and sorts the new ones (`r_VACUUM_command`): DELETE only marks rows, and COPY adds to
/// what is not sorted. Not for a table that was empty, which loads sorted.
///
/// Several may run at once, each on a table of its own, and the more there are the longer all take: the page advises to begin with two,
/// so that the callers of one job take turns. The rows are committed by now: an error here is to be told and changes nothing about
/// them.
pub async fn tidy_table<S: Session>(session: &mut S, table: &QualifiedName) -> Result<(), SqlError> {
    session.run(&statement::vacuum(table).into()).await.map(drop)
}
