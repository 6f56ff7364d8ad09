//! The arguments of the job `migrate-data`.

use std::ffi::OsString;

use crate::raw::{Invocation, RawArguments};
use crate::value::TableName;
use crate::{ArgumentsError, Common, Job, table};

/// The arguments of the job `migrate-data`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MigrateData {
    /// What every job takes.
    pub common: Common,
    /// `--TABLE_NAME`: the table whose rows move.
    pub table: TableName,
}

impl MigrateData {
    /// Reads an argument list, the program's name first, as `std::env::args_os` gives it.
    ///
    /// # Errors
    /// The first thing that is wrong with the list; see [`ArgumentsError`].
    pub fn parse(argv: impl IntoIterator<Item = OsString>) -> Result<Invocation<Self>, ArgumentsError> {
        RawArguments::parse(Job::MigrateData, argv)?.and_then(|raw| {
            Ok(Self { common: Common::try_from(&raw)?, table: raw.required(&table::TABLE_NAME, str::parse)? })
        })
    }
}
