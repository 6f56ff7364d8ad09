//! What a run prints.

use super::questions::question::{Answer, Question, Reading, Verdict};
use super::session::Asked;
use crate::endpoint::Endpoint;
use std::fmt::{self, Write as _};

/// How much of an answer is shown.
const SHOWN: usize = 200;

/// Counts what came of a run's questions, and prints each as it comes.
#[derive(Debug, Default)]
pub struct Summary {
    as_assumed: usize,
    otherwise: usize,
    not_asked: usize,
    left: usize,
}

impl Summary {
    /// A question that was asked.
    pub fn asked(&mut self, question: &Question, asked: &Asked, verdict: &Verdict) {
        *if matches!(verdict, Verdict::AsAssumed) { &mut self.as_assumed } else { &mut self.otherwise } += 1;
        print(&described(question, asked, verdict));
    }

    /// A question that takes what is not there.
    pub fn not_asked(&mut self, question: &Question) {
        self.not_asked += 1;
        print(&format!("{}\n  not asked: set REDSHIFT_S3 and REDSHIFT_IAM_ROLE\n", headed(question)));
    }

    /// What could not be dropped.
    pub fn left(&mut self, left: Vec<String>) {
        self.left += left.len();
        for object in left {
            print(&format!("left behind: {object}\n"));
        }
    }

    /// The last lines.
    pub fn print(&self, endpoint: &Endpoint) {
        if let Some((prefix, _)) = &endpoint.s3 {
            print(&format!("files lie below {prefix}/: delete them when you have seen what you want"));
        }
        print(&self.to_string());
    }

    /// Whether nothing needs anybody's attention.
    pub fn is_as_assumed(&self) -> bool {
        self.otherwise == 0 && self.left == 0
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { as_assumed, otherwise, not_asked, left } = self;
        write!(
            formatter,
            "first hour: {as_assumed} as assumed, {otherwise} otherwise, {not_asked} not asked"
        )?;
        if *left > 0 {
            write!(formatter, ", {left} left behind")?;
        }
        Ok(())
    }
}

/// The last line of a run that was interrupted; `left` is none where tidying was interrupted, too.
pub fn interrupted(left: Option<&[String]>) {
    for object in left.unwrap_or_default() {
        print(&format!("left behind: {object}"));
    }
    print(match left {
        Some([]) => "first hour: interrupted; what the questions made is dropped",
        Some(_) | None => "first hour: interrupted; the next run drops what the questions made",
    });
}

fn headed(question: &Question) -> String {
    let Question { id, asks, page, assumed, .. } = question;
    format!("{id}: {asks} ({page})\n  assumed:   {}", assumed.means)
}

/// A question with its answer.
fn described(question: &Question, asked: &Asked, verdict: &Verdict) -> String {
    let mut text = headed(question);
    let answers: Vec<String> = match asked.each.as_slice() {
        [] => vec![shown(&asked.answer)],
        each => each
            .iter()
            .enumerate()
            .map(|(at, answer)| format!("session {}: {}", at + 1, shown(answer)))
            .collect(),
    };
    let refused_before =
        asked.before.as_ref().map(|statement| format!(", before it could be asked, to: {statement}"));
    let _ = writeln!(text, "\n  answered:  {}{}", answers.join("; "), refused_before.unwrap_or_default());
    match verdict {
        Verdict::AsAssumed => text += "  as assumed; changes nothing\n",
        Verdict::Otherwise(otherwise) => {
            let Reading { means, .. } = otherwise.reading;
            let change = &otherwise.changes;
            let _ = writeln!(text, "  OTHERWISE: {means}\n  changes:   {}: {}", change.place, change.to_do);
        }
        Verdict::Unforeseen => {
            let mut places: Vec<&str> =
                question.otherwise.iter().map(|otherwise| otherwise.changes.place).collect();
            places.dedup();
            let _ = writeln!(
                text,
                "  OTHERWISE: not foreseen\n  changes:   not known; what leans on it: {}",
                places.join(", ")
            );
        }
    }
    text
}

/// An answer on one line.
fn shown(answer: &Answer) -> String {
    let whole = match answer {
        Answer::Rows(rows) if rows.is_empty() => "done, no rows".to_owned(),
        Answer::Rows(rows) => {
            let value = |value: &Option<String>| match value.as_deref() {
                None => "NULL".to_owned(),
                Some("") => "(empty)".to_owned(),
                Some(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
            };
            let row = |row: &Vec<Option<String>>| row.iter().map(value).collect::<Vec<_>>().join(", ");
            rows.iter().map(row).collect::<Vec<_>>().join("; ")
        }
        Answer::Refused { sqlstate, message } => format!("{sqlstate}: {message}"),
        Answer::Lost(cause) => format!("nothing: {cause}"),
    };
    match whole.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", &whole[..at]),
        None => whole,
    }
}

/// At once, so that a run that takes an hour shows how far it is.
#[allow(clippy::print_stdout, reason = "the answers are what the program is for")]
fn print(text: &str) {
    println!("{text}");
}
