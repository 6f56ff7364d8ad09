//! UNLOAD of one table.

use crate::measure::{MeasureError, fingerprint_of};
use crate::session::{Batch, Session};
use migration::statement::{self, Unload};
use migration::verify::{Fingerprint, Verify};

/// Writes a table's rows to S3. What was written is in the manifest, which the caller reads.
///
/// It is one message. Outside of a transaction it is one by itself, so that the fingerprint, where one is asked for, is of the very
/// rows that are written; inside the caller's transaction it sees what that sees. The error holds no cell value: Redshift's messages
/// about data may.
pub async fn unload_table<S: Session>(
    session: &mut S,
    unload: &Unload<'_>,
    verify: Verify,
) -> Result<Option<Fingerprint>, MeasureError> {
    let mut statements = vec![statement::unload(unload)];
    if verify == Verify::Checksum {
        statements.push(statement::fingerprint(unload.table, unload.columns));
    }
    let answers = session.run(&Batch::of(statements)).await.map_err(|error| error.of_transfer("UNLOAD"))?;
    match (verify, answers.last()) {
        (Verify::Checksum, Some(answer)) => Ok(Some(fingerprint_of(answer, unload.columns)?)),
        (Verify::None | Verify::Count | Verify::Checksum, _) => Ok(None),
    }
}
