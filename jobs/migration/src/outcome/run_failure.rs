//! `failures/<list>.json`: why a run of the data job failed as a whole. The state machine writes it, since what could not
//! start, or was killed, writes nothing itself.

use serde::{Deserialize, Serialize};

/// Why a run of the data job failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunFailure {
    /// The version of this document's form.
    pub format: u32,
    /// The list of tables that it was to move: an item's `tables`.
    pub tables: String,
    /// What Glue or Step Functions says, or the job's last line.
    pub cause: String,
}
