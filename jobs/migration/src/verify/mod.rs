//! Whether the target holds what it was to hold, and lets nobody do more: a look at it after the changes.
//!
//! What everybody can do in the end is computed from the catalogs of the source and of the target before and after, apart from `plan`,
//! whose errors this is to find ([`judge`]). And what a new plan for the target would still do, or leave out, must be what the first
//! one and its outcome said ([`Verification`]). Before rows move, [`exposed`] looks who would see them.

mod bits;
mod effective;
mod exposure;
mod finding;
mod holders;
mod judge;
mod missing;
mod rows;
mod verification;

pub use exposure::{Exposed, exposed};
pub use finding::{Finding, Power};
pub use judge::{Judged, Judgement, judge};
pub use rows::{Difference, Fingerprint, Verify};
pub use verification::{Added, Lacking, Verification};

#[cfg(test)]
mod tests;
