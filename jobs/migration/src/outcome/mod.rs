//! What the ledger says of a run: error kinds, and the documents that the jobs write.

mod error_kind;

pub use error_kind::{ErrorKind, Retry};
