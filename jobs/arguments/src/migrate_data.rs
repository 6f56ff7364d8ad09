//! The arguments of the job `migrate-data`.

use std::ffi::OsString;
use std::num::NonZeroU32;

use migration::verify::Verify;

use crate::raw::{Invocation, RawArguments};
use crate::value::{
    Replace, TableName, Vacuum, parse_boolean, parse_tables, parse_threads, parse_vacuum, parse_verify,
};
use crate::{ArgumentsError, Common, Job, table};

/// The arguments of the job `migrate-data`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MigrateData {
    /// What every job takes.
    pub common: Common,
    /// `--TABLE_NAME` or `--TABLES`: the tables whose rows move.
    pub wanted: Wanted,
    /// `--LOAD_THREADS`: how many tables are unloaded, and how many loaded, at a time.
    pub threads: NonZeroU32,
    /// `--VERIFY`: how it is proven that the rows arrived.
    pub verify: Verify,
    /// `--CONSISTENT`: all tables show one moment of the source.
    pub consistent: bool,
    /// `--FORCE`: what this run has done already is done again.
    pub force: bool,
    /// `--KEEP_UNLOADED`: the files stay when they are loaded.
    pub keep_unloaded: bool,
    /// `--VACUUM`: when tables whose rows were replaced are vacuumed.
    pub vacuum: Vacuum,
    /// `--REPLACE`: whose rows on the target may be replaced although no run of the tenant loaded them.
    pub replace: Replace,
}

/// Which tables are to move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// `--TABLE_NAME`: these, at least one.
    Named(Vec<TableName>),
    /// `--TABLES`: those that a document lists, by its key below `--S3_BUCKET`.
    Listed(String),
}

impl MigrateData {
    /// Reads an argument list, the program's name first, as `std::env::args_os` gives it.
    ///
    /// # Errors
    /// The first thing that is wrong with the list; see [`ArgumentsError`].
    pub fn parse(argv: impl IntoIterator<Item = OsString>) -> Result<Invocation<Self>, ArgumentsError> {
        RawArguments::parse(Job::MigrateData, argv)?.and_then(|raw| {
            let common = Common::try_from(&raw)?;
            let named = raw.optional(&table::TABLE_NAME, parse_tables)?;
            let listed = raw.optional(&table::TABLES, |uri| common.run.bucket.below(uri))?;
            Ok(Self {
                wanted: match (named, listed) {
                    (Some(named), None) => Wanted::Named(named),
                    (None, Some(listed)) => Wanted::Listed(listed),
                    (Some(_), Some(_)) => {
                        return Err(ArgumentsError::OneOf(table::TABLE_NAME.name, table::TABLES.name));
                    }
                    (None, None) => {
                        return Err(ArgumentsError::Missing { names: "--TABLE_NAME or --TABLES".to_owned() });
                    }
                },
                threads: raw.required(&table::LOAD_THREADS, parse_threads)?,
                verify: raw.required(&table::VERIFY, parse_verify)?,
                consistent: raw.required(&table::CONSISTENT, parse_boolean)?,
                force: raw.required(&table::FORCE, parse_boolean)?,
                keep_unloaded: raw.required(&table::KEEP_UNLOADED, parse_boolean)?,
                vacuum: raw.required(&table::VACUUM, parse_vacuum)?,
                replace: raw.optional(&table::REPLACE, str::parse)?.unwrap_or_default(),
                common,
            })
        })
    }
}
