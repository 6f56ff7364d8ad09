//! One file: its records in order, on sessions of its own. A difference ends nothing: the next record runs.

use crate::client::{self, NAMES};
use crate::endpoint::Endpoint;
use sqllogictest::parser::{Condition, ExpectedError, QueryExpect, Record, StatementExpect, parse_file};
use sqllogictest::{DefaultColumnType, RecordOutput, Runner};
use std::path::Path;

/// What `onlyif` and `skipif` may name. A condition on anything else would leave its record out in silence.
const LABELS: [&str; 4] = ["provisioned", "serverless", "redshift-local", "s3"];

/// What came of some files.
#[derive(Debug, Default)]
pub struct Outcome {
    /// How many files there were.
    pub files: usize,
    /// How many records ran.
    pub records: usize,
    /// How many of them hold the warehouse to a refusal.
    pub refusals: usize,
    /// Where the warehouse differs: file and line, statement, expected, got.
    pub differences: Vec<String>,
}

impl Outcome {
    /// Counts another's besides.
    pub fn add(&mut self, other: Self) {
        self.files += other.files;
        self.records += other.records;
        self.refusals += other.refusals;
        self.differences.extend(other.differences);
    }
}

/// Runs a file.
pub async fn run(file: &Path, endpoint: &Endpoint) -> Outcome {
    let mut outcome = Outcome { files: 1, records: 0, refusals: 0, differences: Vec::new() };
    let records = match parse_file::<DefaultColumnType>(file) {
        Ok(records) => records,
        Err(error) => {
            outcome.differences.push(error.to_string());
            return outcome;
        }
    };
    let mut runner = Runner::new(|| client::connect(endpoint));
    runner.with_column_validator(|actual, expected| actual.len() == expected.len());
    endpoint.labels().iter().for_each(|label| runner.add_label(label));
    // Records that are left out are substituted, too.
    let (prefix, role) = endpoint.s3.clone().unwrap_or_default();
    runner.set_var("S3".to_owned(), prefix);
    runner.set_var("IAM_ROLE".to_owned(), role);
    for record in records {
        if let Err(complaint) = acceptable(&record) {
            outcome.differences.push(format!("{}: {complaint}", place(&record)));
            continue;
        }
        let refuses = matches!(
            record,
            Record::Statement { expected: StatementExpect::Error(_), .. }
                | Record::Query { expected: QueryExpect::Error(_), .. }
        );
        match runner.run_async(record).await {
            Ok(RecordOutput::Nothing) => continue,
            Ok(_) => {}
            Err(error) => outcome.differences.push(format!("{}: {}", error.location(), error.kind())),
        }
        outcome.records += 1;
        outcome.refusals += usize::from(refuses);
    }
    runner.shutdown_async().await;
    outcome
}

/// Refuses records that could not fail: a condition that nothing fulfils, an error that any error would do for.
fn acceptable(record: &Record<DefaultColumnType>) -> Result<(), String> {
    if let Record::Condition(Condition::OnlyIf { label } | Condition::SkipIf { label }) = record
        && !LABELS.contains(&label.as_str())
        && !NAMES.contains(&label.as_str())
    {
        return Err(format!("nothing is called {label}"));
    }
    match record {
        Record::Statement { expected: StatementExpect::Error(ExpectedError::Empty), .. }
        | Record::Query { expected: QueryExpect::Error(ExpectedError::Empty), .. } => {
            Err("say which error: SQLSTATE: message".to_owned())
        }
        _ => Ok(()),
    }
}

fn place(record: &Record<DefaultColumnType>) -> String {
    match record {
        Record::Statement { loc, .. } | Record::Query { loc, .. } => loc.to_string(),
        other => format!("at \"{other}\""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sqllogictest::parse;

    fn complaint(text: &str) -> Option<String> {
        let records = parse(text).expect("a file's text");
        records.iter().find_map(|record| acceptable(record).err())
    }

    #[test]
    fn a_record_that_cannot_fail_is_refused() {
        assert_eq!(
            complaint("onlyif serverles\nstatement ok\nSELECT 1"),
            Some("nothing is called serverles".into())
        );
        assert!(
            complaint("statement error\nSELECT 1").is_some_and(|text| text.starts_with("say which error"))
        );
        assert_eq!(complaint("skipif psql\nstatement error 42601: syntax error\nSELECT"), None);
    }
}
