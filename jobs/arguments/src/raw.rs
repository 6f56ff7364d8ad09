//! The first step of parsing: from the argument list to text by name. What the text means is not looked at.

use std::collections::BTreeMap;
use std::ffi::OsString;

use clap::ArgMatches;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::command::command;
use crate::nearest::nearest;
use crate::value::ValueError;
use crate::{ARGUMENTS, Argument, ArgumentsError, Job};

/// What an argument list asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Invocation<T> {
    /// `--help`: the text to print on standard output.
    Help(String),
    /// `--version`: the line to print on standard output.
    Version(String),
    /// A run with these arguments.
    Run(T),
}

impl<T> Invocation<T> {
    /// Turns the arguments of a run into something else.
    ///
    /// # Errors
    /// Those of `step`.
    pub fn and_then<U, E>(self, step: impl FnOnce(T) -> Result<U, E>) -> Result<Invocation<U>, E> {
        Ok(match self {
            Invocation::Help(text) => Invocation::Help(text),
            Invocation::Version(text) => Invocation::Version(text),
            Invocation::Run(arguments) => Invocation::Run(step(arguments)?),
        })
    }
}

/// The text of each argument that was given or has a default. All required ones are there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawArguments {
    values: BTreeMap<&'static str, String>,
}

impl RawArguments {
    /// Reads an argument list, the program's name first, as `std::env::args_os` gives it.
    ///
    /// # Errors
    /// An unknown, misplaced, repeated or missing argument, a name without a value, or bytes that are not
    /// UTF-8.
    pub fn parse(
        job: Job,
        argv: impl IntoIterator<Item = OsString>,
    ) -> Result<Invocation<Self>, ArgumentsError> {
        match command(job).try_get_matches_from(argv) {
            Ok(matches) => Self::from_matches(job, &matches).map(Invocation::Run),
            Err(error) => match error.kind() {
                ErrorKind::DisplayHelp => Ok(Invocation::Help(error.render().to_string())),
                ErrorKind::DisplayVersion => Ok(Invocation::Version(error.render().to_string())),
                _ => Err(explain(job, &error)),
            },
        }
    }

    /// Takes our arguments out of clap's matches, fills in defaults, and sees that nothing is missing.
    fn from_matches(job: Job, matches: &ArgMatches) -> Result<Self, ArgumentsError> {
        let mut values = BTreeMap::new();
        let mut missing = Vec::new();
        for argument in ARGUMENTS.iter().filter(|argument| argument.is_of(job)) {
            let given = matches.get_one::<String>(argument.name).map(String::as_str);
            match given.or(argument.default) {
                Some(value) => drop(values.insert(argument.name, value.to_owned())),
                None if argument.required => missing.push(format!("--{}", argument.name)),
                None => {}
            }
        }
        if missing.is_empty() {
            Ok(Self { values })
        } else {
            Err(ArgumentsError::Missing { names: missing.join(", ") })
        }
    }

    /// The value of an argument, made into its type, or `None` when it was not given and has no default.
    ///
    /// # Errors
    /// [`ArgumentsError::Invalid`] with the argument's name and what `parse` says.
    pub fn optional<T>(
        &self,
        argument: &'static Argument,
        parse: impl FnOnce(&str) -> Result<T, ValueError>,
    ) -> Result<Option<T>, ArgumentsError> {
        let Some(value) = self.values.get(argument.name) else { return Ok(None) };
        parse(value).map(Some).map_err(|error| ArgumentsError::Invalid { name: argument.name, error })
    }

    /// The value of an argument that is required or has a default, made into its type.
    ///
    /// # Errors
    /// [`ArgumentsError::Invalid`] with the argument's name and what `parse` says;
    /// [`ArgumentsError::Missing`] when the job does not take the argument at all.
    pub fn required<T>(
        &self,
        argument: &'static Argument,
        parse: impl FnOnce(&str) -> Result<T, ValueError>,
    ) -> Result<T, ArgumentsError> {
        self.optional(argument, parse)?
            .ok_or_else(|| ArgumentsError::Missing { names: format!("--{}", argument.name) })
    }
}

/// Says in one line what clap says in several, without the value it would quote.
fn explain(job: Job, error: &clap::Error) -> ArgumentsError {
    match error.kind() {
        ErrorKind::UnknownArgument => unknown(job, &argument_in(error)),
        ErrorKind::InvalidValue | ErrorKind::WrongNumberOfValues | ErrorKind::TooFewValues => {
            ArgumentsError::NoValue { name: name_in(error) }
        }
        ErrorKind::ArgumentConflict => ArgumentsError::Repeated { name: name_in(error) },
        ErrorKind::InvalidUtf8 => ArgumentsError::NotUtf8,
        kind => ArgumentsError::Unreadable { reason: format!("{kind:?}") },
    }
}

/// The error for a word that no argument of the job matches.
fn unknown(job: Job, word: &str) -> ArgumentsError {
    let Some(name) = word.strip_prefix("--").filter(|name| !name.is_empty()) else {
        return ArgumentsError::StrayValue;
    };
    if let Some(argument) = ARGUMENTS.iter().find(|argument| argument.name == name) {
        let owners: Vec<&str> = argument.jobs.iter().map(|owner| owner.name()).collect();
        return ArgumentsError::OfAnotherJob {
            name: argument.name,
            job: job.name(),
            owners: owners.join(", "),
        };
    }
    let names = ARGUMENTS.iter().filter(|argument| argument.is_of(job)).map(|argument| argument.name);
    ArgumentsError::Unknown { name: name.to_owned(), nearest: nearest(name, names) }
}

/// The word that clap complains about: `--NAME`, `--NAME <PLACEHOLDER>` or a bare value.
fn argument_in(error: &clap::Error) -> String {
    match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(word)) => word.clone(),
        Some(ContextValue::Strings(words)) => words.first().cloned().unwrap_or_default(),
        _ => String::new(),
    }
}

/// The name that clap complains about, without dashes and placeholder.
fn name_in(error: &clap::Error) -> String {
    let word = argument_in(error);
    let end = word.find([' ', '=', '[']).unwrap_or(word.len());
    word[..end].trim_start_matches('-').to_owned()
}

#[cfg(test)]
mod tests;
