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
    /// `--TABLE_NAME`, `--TABLES` or `--FAN_OUT`: the tables whose rows move.
    pub wanted: Wanted,
    /// What is to be done about them.
    pub task: Task,
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
    /// `--TABLES` or `--FAN_OUT`: those that a document lists, by its key below `--S3_BUCKET`.
    Listed(String),
}

/// What a run is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    /// To move the tables.
    Move,
    /// `--FAN_OUT`: to judge how runs ended that have moved them; standard input tells of these.
    Judge,
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
            let spread = raw.optional(&table::FAN_OUT, |uri| common.run.bucket.below(uri))?;
            let (wanted, task) = match (named, listed, spread) {
                (Some(named), None, None) => (Wanted::Named(named), Task::Move),
                (None, Some(list), None) => (Wanted::Listed(list), Task::Move),
                (None, None, Some(list)) => (Wanted::Listed(list), Task::Judge),
                (Some(_), Some(_), _) => {
                    return Err(ArgumentsError::OneOf(table::TABLE_NAME.name, table::TABLES.name));
                }
                (Some(_), None, Some(_)) => {
                    return Err(ArgumentsError::OneOf(table::TABLE_NAME.name, table::FAN_OUT.name));
                }
                (None, Some(_), Some(_)) => {
                    return Err(ArgumentsError::OneOf(table::TABLES.name, table::FAN_OUT.name));
                }
                (None, None, None) => {
                    return Err(ArgumentsError::Missing { names: "--TABLE_NAME or --TABLES".to_owned() });
                }
            };
            Ok(Self {
                wanted,
                task,
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
