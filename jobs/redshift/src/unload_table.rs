//! UNLOAD of one table.

use crate::session::{Session, SqlError};
use migration::statement::{self, Unload};

/// Writes a table's rows to S3. What was written is in the manifest, which the caller reads.
///
/// The error holds no cell value: Redshift's messages about data may.
pub async fn unload_table<S: Session>(session: &mut S, unload: &Unload<'_>) -> Result<(), SqlError> {
    let answers = session.run(&statement::unload(unload).into()).await;
    answers.map(drop).map_err(|error| error.without_values("UNLOAD"))
}
