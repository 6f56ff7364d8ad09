//! The arguments of the job `refresh-views`.

use std::ffi::OsString;

use migration::plan::Owners;

use crate::raw::{Invocation, RawArguments};
use crate::value::parse_owners;
use crate::{ArgumentsError, Common, Job, table};

/// The arguments of the job `refresh-views`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefreshViews {
    /// What every job takes.
    pub common: Common,
    /// `--OWNERS`: whom objects belong to.
    pub owners: Owners,
}

impl RefreshViews {
    /// Reads an argument list, the program's name first, as `std::env::args_os` gives it.
    ///
    /// # Errors
    /// The first thing that is wrong with the list; see [`ArgumentsError`].
    pub fn parse(argv: impl IntoIterator<Item = OsString>) -> Result<Invocation<Self>, ArgumentsError> {
        RawArguments::parse(Job::RefreshViews, argv)?.and_then(|raw| {
            let owners = raw.required(&table::OWNERS, parse_owners)?;
            Ok(Self { common: Common::try_from(&raw)?, owners })
        })
    }
}
