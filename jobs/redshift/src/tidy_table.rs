//! What a table whose rows were replaced needs afterwards.

use crate::session::{Session, SqlError};
use migration::name::QualifiedName;
use migration::statement;

/// How many may run at once, each on a table of its own: the more there are, the longer all take, and the page advises to begin with
/// two (`r_VACUUM_command`).
pub const AT_ONCE: usize = 2;

/// Takes back the space of a table's deleted rows and sorts the new ones (`r_VACUUM_command`): DELETE only marks rows, and COPY adds to
/// what is not sorted. Not for a table that was empty, which loads sorted.
///
/// The rows are committed by now: an error here is to be told and changes nothing about them.
pub async fn tidy_table<S: Session>(session: &mut S, table: &QualifiedName) -> Result<(), SqlError> {
    session.run(&statement::vacuum(table).into()).await.map(drop)
}
