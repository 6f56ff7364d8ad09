//! UNLOAD of one table.

use crate::measure::{MeasureError, counts_of_marked, fingerprint_of};
use crate::session::{Batch, DecodeError, Session};
use migration::statement::{self, Unload};
use migration::transfer::marked;
use migration::verify::{Fingerprint, Verify};

/// What an UNLOAD came to.
#[derive(Clone, Debug, PartialEq)]
pub struct UnloadedRows {
    /// How many rows were written, as the warehouse counts them.
    pub rows: u64,
    /// How many of their values have a marker in the files: see [`marked`].
    pub marked: Vec<u64>,
    /// What they came to, where that was asked for.
    pub fingerprint: Option<Fingerprint>,
}

/// Writes a table's rows to S3. Which files hold them is in the manifest, which the caller reads unless there are none.
///
/// It is one message. Outside of a transaction it is one by itself, so that the fingerprint, where one is asked for, is of the very
/// rows that are written; inside the caller's transaction it sees what that sees. The error holds no cell value: Redshift's messages
/// about data may.
pub async fn unload_table<S: Session>(
    session: &mut S,
    unload: &Unload<'_>,
    verify: Verify,
) -> Result<UnloadedRows, MeasureError> {
    let mut statements = vec![statement::unload(unload), statement::last_unload()];
    let marked = marked(unload.columns, unload.format);
    if !marked.is_empty() {
        statements.push(statement::count_marked(unload.table, &marked));
    }
    if verify == Verify::Checksum {
        statements.push(statement::fingerprint(unload.table, unload.columns));
    }
    let answers = session.run(&Batch::of(statements)).await.map_err(|error| error.of_transfer("UNLOAD"))?;
    let mut answers = answers.iter().skip(1);
    let mut next = || answers.next().ok_or(DecodeError::NotOneRow(0));
    let rows = next()?.only_row()?.number("rows")?;
    let marked = if marked.is_empty() { Vec::new() } else { counts_of_marked(next()?, marked.len())? };
    let fingerprint = match verify {
        Verify::Checksum => Some(fingerprint_of(next()?, unload.columns)?),
        Verify::None | Verify::Count => None,
    };
    Ok(UnloadedRows { rows, marked, fingerprint })
}
