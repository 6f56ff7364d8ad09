//! The table as a JSON document: the contract of job arguments, which the CDK app and its tests read.

use serde::Serialize;

use crate::{ARGUMENTS, ArgumentType, Job};

/// The version of the document's form. It changes when a reader of the old form would misread the new one.
const FORMAT: u32 = 1;

/// The document.
#[derive(Serialize)]
struct Document {
    format: u32,
    arguments: Vec<Row>,
}

/// One argument in the document.
#[derive(Serialize)]
struct Row {
    name: String,
    meaning: &'static str,
    r#type: &'static str,
    /// The words of a choice.
    #[serde(skip_serializing_if = "Option::is_none")]
    values: Option<Vec<&'static str>>,
    /// The smallest and the largest value of a whole number.
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<(u32, u32)>,
    default: Option<&'static str>,
    required: bool,
    jobs: Vec<&'static str>,
}

/// The table as pretty-printed JSON with a final newline, in the order of the table. Names carry their
/// leading `--`, as Glue wants them.
pub fn arguments_json() -> String {
    let arguments = ARGUMENTS
        .iter()
        .map(|argument| Row {
            name: format!("--{}", argument.name),
            meaning: argument.meaning,
            r#type: argument.kind.name(),
            values: match argument.kind {
                ArgumentType::Choice(words) => Some(words.split('|').collect()),
                _ => None,
            },
            range: match argument.kind {
                ArgumentType::Integer(least, most) => Some((least, most)),
                _ => None,
            },
            default: argument.default,
            required: argument.required,
            jobs: argument.jobs.iter().copied().map(Job::name).collect(),
        })
        .collect();
    let mut text = serde_json::to_string_pretty(&Document { format: FORMAT, arguments })
        .expect("texts, numbers and lists are always JSON");
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::arguments_json;

    #[test]
    fn the_checked_in_document_is_up_to_date() {
        assert!(
            arguments_json() == include_str!("../arguments.json"),
            "jobs/arguments/arguments.json differs from the table; write it anew with\n  \
             cargo run -p arguments --example arguments-json > jobs/arguments/arguments.json"
        );
    }
}
