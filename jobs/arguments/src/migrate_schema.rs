//! The arguments of the job `migrate-schema`.

use std::ffi::OsString;

use crate::raw::{Invocation, RawArguments};
use crate::value::parse_boolean;
use crate::{ArgumentsError, Common, Job, table};

/// The arguments of the job `migrate-schema`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MigrateSchema {
    /// What every job takes.
    pub common: Common,
    /// `--DRY_RUN`: plan, and change nothing.
    pub dry_run: bool,
}

impl MigrateSchema {
    /// Reads an argument list, the program's name first, as `std::env::args_os` gives it.
    ///
    /// # Errors
    /// The first thing that is wrong with the list; see [`ArgumentsError`].
    pub fn parse(argv: impl IntoIterator<Item = OsString>) -> Result<Invocation<Self>, ArgumentsError> {
        RawArguments::parse(Job::MigrateSchema, argv)?.and_then(|raw| {
            Ok(Self {
                common: Common::try_from(&raw)?,
                dry_run: raw.required(&table::DRY_RUN, parse_boolean)?,
            })
        })
    }
}
