//! `failures/<execution>-<number>.json`: why a run of the data job failed as a whole. The state machine writes it, since what could not
//! start, or was killed, writes nothing itself.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// Why a run of the data job failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunFailure {
    /// The version of this document's form.
    pub format: u32,
    /// What it was to move, as its argument said: the list of an item of `tables.json`, or the delimited name of a table.
    pub tables: String,
    /// When the state machine began with it, tries included.
    #[serde(with = "time::serde::rfc3339")]
    pub began: OffsetDateTime,
    /// What Glue or Step Functions says, or the job's last line.
    pub cause: String,
}
