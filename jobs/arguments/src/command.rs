//! The clap command of a job, built from the table: its parser and its `--help`.

use clap::{Arg, ArgAction, Command};

use crate::glue::{GLUE_ARGUMENTS, GlueValue};
use crate::{ARGUMENTS, Argument, ArgumentType, Job};

/// What `--help` says after the arguments.
const AFTER_HELP: &str = "\
A secret is JSON with the keys host, port, dbname, username and password, and cluster_identifier or workgroup
where the host name does not tell which cluster or workgroup it is.
Arguments of AWS Glue itself, such as --JOB_NAME and --TempDir, are accepted and ignored.
On Glue each argument is a key with its dashes and a value: {\"--SCHEMAS\": \"sales,ops\", \"--STRICT\": \"true\"}.

Exit status:
  0  finished; the records in the bucket tell what failed, if anything
  1  what was asked for as a whole failed, or, with --STRICT, anything at all
  2  an argument or a setting is wrong
  3  a warehouse or AWS could not be reached, was busy, or refused the login
The last line on standard error names the cause and what to do.";

/// Builds the command of a job: its arguments, then Glue's own, hidden.
pub(crate) fn command(job: Job) -> Command {
    Command::new(job.name())
        .version(env!("CARGO_PKG_VERSION"))
        .about(job.about())
        .after_help(AFTER_HELP)
        // All arguments in one usage line would help nobody.
        .override_usage(format!("{} --NAME VALUE …", job.name()))
        .next_line_help(true)
        .args(ARGUMENTS.iter().filter(|argument| argument.is_of(job)).map(|argument| ours(argument)))
        .args(GLUE_ARGUMENTS.iter().map(|&(name, value)| of_glue(name, value)))
}

/// An argument of ours. What is required is not said to clap: the caller reports all that is missing in one
/// line.
fn ours(argument: &Argument) -> Arg {
    let required = if argument.required { " [required]" } else { "" };
    let default = argument.default.map(|value| format!(" [default: {value}]")).unwrap_or_default();
    let arg = Arg::new(argument.name)
        .long(argument.name)
        .help(format!("{}{required}{default}", argument.meaning))
        .help_heading(argument.heading.text())
        .action(ArgAction::Set)
        .value_name(argument.kind.placeholder());
    match argument.kind {
        ArgumentType::Boolean => arg.num_args(0..=1).default_missing_value("true"),
        ArgumentType::Text => arg.num_args(1).allow_hyphen_values(true),
        _ => arg.num_args(1),
    }
}

/// An argument of Glue's: any number of times, and never shown.
fn of_glue(name: &'static str, value: GlueValue) -> Arg {
    let arg = Arg::new(name).long(name).hide(true).action(ArgAction::Append);
    match value {
        GlueValue::Optional => arg.num_args(0..=1),
        GlueValue::Dashed => arg.num_args(1).allow_hyphen_values(true),
    }
}

#[cfg(test)]
mod tests {
    use super::command;
    use crate::{ARGUMENTS, Job};

    /// A terminal's usual width, with room for a long host name before it.
    const LONGEST_LINE: usize = 132;

    #[test]
    fn clap_finds_no_fault() {
        for job in Job::ALL {
            command(job).debug_assert();
        }
    }

    #[test]
    fn help_reads_well() {
        for job in Job::ALL {
            insta::assert_snapshot!(job.name(), command(job).render_help().to_string());
        }
    }

    #[test]
    fn help_fits_a_terminal_and_names_every_argument_of_the_job() {
        for job in Job::ALL {
            let help = command(job).render_help().to_string();
            assert!(help.lines().all(|line| line.chars().count() <= LONGEST_LINE), "{help}");
            for argument in ARGUMENTS {
                assert_eq!(
                    help.contains(&format!("--{} ", argument.name)),
                    argument.is_of(job),
                    "{}",
                    argument.name
                );
            }
        }
    }
}
