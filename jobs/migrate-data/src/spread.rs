//! What came of runs of this job that the launcher spread over Spark's executors (`--FAN_OUT`), one for each item of tables.json.
//!
//! The launcher tells how they ended; what that means for all of them together is the job's to say.

use job::{JobError, Verdict};
use migration::outcome::ErrorKind;
use migration::words::number_of;
use serde::Deserialize;
use std::io::Read;

/// How the run of one item ended.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct End {
    /// The item: the run's `--TABLES`.
    tables: String,
    /// Its exit status; past 128 a signal ended it.
    status: u8,
    /// The last line of its standard error.
    line: String,
}

/// Judges by the ends, which are JSON: as one run for all items would have ended.
///
/// # Errors
/// No item's run succeeded, for a reason that may pass or that only its arguments can change; or these are no ends.
pub fn judge(ends: impl Read) -> Result<Verdict, JobError> {
    let ends: Vec<End> = serde_json::from_reader(ends).map_err(|error| {
        let remedy = "the launcher asks with it how all ended; to move tables, give --TABLES";
        JobError::of(ErrorKind::Arguments, format_args!("--FAN_OUT: {remedy}"), error)
    })?;
    let failed: Vec<&End> = ends.iter().filter(|end| end.status != 0).collect();
    for End { tables, status, line } in &failed {
        log::warn!("{tables}: exit status {status}: {line}");
    }
    let Some(End { tables, status, line }) = failed.first() else { return Ok(Verdict::Finished) };
    if failed.len() < ends.len() {
        let all = number_of(ends.len(), "list");
        return Ok(Verdict::Partial(format!(
            "{} of {all} failed; the first, {tables}: {line}",
            failed.len()
        )));
    }
    let message = format!("{tables}: {line}");
    match status {
        2 => Err(JobError { kind: ErrorKind::Configuration, message }),
        3 => Err(JobError { kind: ErrorKind::Unreachable, message }),
        _ => Ok(Verdict::Failed(message)),
    }
}

#[cfg(test)]
mod tests {
    use super::judge;
    use job::Verdict;
    use migration::outcome::ErrorKind;
    use serde_json::{Value, json};

    fn judged(statuses: &[u8]) -> Result<Verdict, (u8, String)> {
        let ends: Vec<Value> = statuses
            .iter()
            .enumerate()
            .map(|(number, status)| json!({"tables": format!("s3://b/{number}"), "status": status, "line": "cause"}))
            .collect();
        judge(Value::from(ends).to_string().as_bytes())
            .map_err(|error| (error.kind.exit_status(), error.message))
    }

    #[test]
    fn all_are_judged_as_one_run_for_all_would_end() {
        assert_eq!(judged(&[]), Ok(Verdict::Finished));
        assert_eq!(judged(&[0, 0]), Ok(Verdict::Finished));
        let partial = "2 of 3 lists failed; the first, s3://b/1: cause".to_owned();
        assert_eq!(judged(&[0, 3, 1]), Ok(Verdict::Partial(partial)));
        let first = || "s3://b/0: cause".to_owned();
        assert_eq!(judged(&[1, 3]), Ok(Verdict::Failed(first())));
        assert_eq!(judged(&[2, 1]), Err((2, first())));
        assert_eq!(judged(&[3, 1]), Err((3, first())));
        assert_eq!(judged(&[137]), Ok(Verdict::Failed(first())));
    }

    #[test]
    fn what_holds_no_ends_is_refused() {
        for text in ["", "{}", r#"[{"tables": "s3://b/0"}]"#] {
            let error = judge(text.as_bytes()).unwrap_err();
            assert_eq!(error.kind, ErrorKind::Arguments);
            assert!(error.message.starts_with("--FAN_OUT: "), "{error}");
        }
    }
}
