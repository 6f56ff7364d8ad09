//! What stops a run before its first change, beyond what the parts of the plan find on their way: an object that the target
//! cannot hold as it is, and objects of kinds that are not moved.
//!
//! What the target has already is no matter.

mod case;
mod masks;
mod other_kinds;
mod sort_keys;
mod streams;
mod types;

use super::{Context, Draft};

pub(super) fn plan(context: &Context, draft: &mut Draft) {
    case::plan(context, draft);
    masks::plan(context, draft);
    other_kinds::plan(context, draft);
    sort_keys::plan(context, draft);
    streams::plan(context, draft);
    types::plan(context, draft);
}

#[cfg(test)]
mod tests;
