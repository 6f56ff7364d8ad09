//! What can be wrong with an argument list. Every message is one line: the cause, then the remedy. No message
//! holds a value, since a value may be a password pasted into the wrong field.

use crate::value::ValueError;

/// Why an argument list is refused. The job ends with exit status 2.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ArgumentsError {
    /// No job knows the argument.
    #[error("unknown argument --{name}; {}", unknown_remedy(*.nearest))]
    Unknown {
        /// The name as given.
        name: String,
        /// The known name nearest to it.
        nearest: Option<&'static str>,
    },
    /// Another job takes the argument, this one does not.
    #[error("--{name} is no argument of {job} but of {owners}; leave it out or start that job")]
    OfAnotherJob {
        /// The argument's name.
        name: &'static str,
        /// The job that was started.
        job: &'static str,
        /// The jobs that take it.
        owners: String,
    },
    /// Text that follows no argument name.
    #[error(
        "a value stands where an argument name is expected; write --NAME VALUE, and quote a value that holds spaces"
    )]
    StrayValue,
    /// A name without its value.
    #[error(
        "--{name} has no value; write --{name} VALUE, or --{name}=VALUE where the value begins with a dash"
    )]
    NoValue {
        /// The argument's name.
        name: String,
    },
    /// The same name twice.
    #[error("--{name} is given twice; leave one of the two out")]
    Repeated {
        /// The argument's name.
        name: String,
    },
    /// Required arguments that are not there.
    #[error("{names} not given; add to the job's arguments (--help explains each)")]
    Missing {
        /// The names, with their dashes, separated by commas.
        names: String,
    },
    /// Two arguments of which only one can be.
    #[error("--{0} and --{1} are both given; leave one of the two out")]
    OneOf(&'static str, &'static str),
    /// A value that is not of the argument's type.
    #[error("--{name} {error}")]
    Invalid {
        /// The argument's name.
        name: &'static str,
        /// What is wrong with the value.
        #[source]
        error: ValueError,
    },
    /// Bytes that are no text.
    #[error("an argument is not UTF-8 text; give names and values in UTF-8")]
    NotUtf8,
    /// A refusal of the parser that has no words of its own here.
    #[error("the arguments cannot be read ({reason}); --help explains how they are written")]
    Unreadable {
        /// The parser's name for it.
        reason: String,
    },
}

/// What to do about an unknown argument.
fn unknown_remedy(nearest: Option<&'static str>) -> String {
    match nearest {
        Some(name) => format!("did you mean --{name}? --help lists all"),
        None => "leave it out, or see --help for the names there are".to_owned(),
    }
}
