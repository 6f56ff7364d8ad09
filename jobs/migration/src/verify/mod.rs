//! Whether the target holds what it was to hold, and gives nobody more: a look at it after the changes.
//!
//! Effective rights are computed from both catalogs and compared, apart from `plan`, whose errors this is to find: what principals may do in
//! the end, by themselves, by groups, by roles, by PUBLIC, as owners and as superusers, not grants one by one. And what a new plan for the
//! target would still do, or leave out, must be what the first one and its outcome said.

mod bits;
mod equivalence;
mod holders;
mod rows;
mod verification;

pub use equivalence::{Equivalence, Finding, compare_rights};
pub use rows::{Fingerprint, Verify};
pub use verification::{Added, Lacking, Verification};

#[cfg(test)]
mod tests;
