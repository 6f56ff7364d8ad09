//! The rows that stand in a table of the target before its load.

use super::CopyError;
use migration::outcome::Standing;
use migration::verify::Fingerprint;

/// Who knows whose rows stand in a table of the target. Asked and told while the load's transaction holds the table's lock, so
/// that two loads of one table come to it one after the other.
pub trait OldRows {
    /// Whether so many rows, more than none, may be replaced.
    ///
    /// # Errors
    /// That cannot be found out.
    fn standing(&mut self, rows: u64) -> impl Future<Output = Result<Standing, CopyError>>;

    /// The load left so many rows, which come to this where that was compared, and is about to be committed.
    ///
    /// # Errors
    /// That cannot be written down: then it must not be committed, since the next load could not tell these rows for ours.
    fn committing(
        &mut self,
        rows: u64,
        fingerprint: Option<&Fingerprint>,
    ) -> impl Future<Output = Result<(), CopyError>>;
}
