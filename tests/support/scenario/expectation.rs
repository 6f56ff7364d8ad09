//! What `expected.json` of a scenario says: README.md of tests/scenarios describes it to those who write one.

use super::Direction;
use anyhow::{Context, Result};
use redshift_local::CURRENT_PATCH;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// How a scenario is to end.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expectation {
    /// `--SCHEMAS`.
    pub schemas: String,
    /// More arguments of both jobs.
    #[serde(default)]
    pub arguments: BTreeMap<String, String>,
    /// `--REPLACE` of the jobs that take it: for rows that the target has.
    pub replace: Option<String>,
    /// The patch level of the source, where it is not today's: for what only an earlier Redshift creates.
    #[serde(default = "current_patch")]
    pub source_patch: u16,
    /// Whether the data job moves every table.
    #[serde(default)]
    pub rows: bool,
    /// The schema job.
    #[serde(default)]
    pub schema: Job,
    /// The refresh job.
    #[serde(default)]
    pub views: Job,
    /// What users see on either warehouse when the jobs have run.
    #[serde(default)]
    pub seen: Vec<Seen>,
    /// How the target differs, by object, each with the reason.
    #[serde(default)]
    pub differences: BTreeMap<String, String>,
    /// Directions that cannot be run, each with the reason.
    #[serde(default)]
    pub skip: BTreeMap<Direction, String>,
}

/// What a user sees.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seen {
    /// The user's name.
    pub user: String,
    /// The query.
    pub query: String,
    /// Its rows, as texts; NULL is `NULL`.
    pub rows: Vec<Vec<String>>,
}

/// How a job is to end.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Job {
    /// Its exit status.
    #[serde(default)]
    pub status: i32,
    /// The lists of its outcome that are not empty: each entry's object (or a step's id), and words of its reason.
    #[serde(flatten)]
    pub lists: BTreeMap<String, Vec<(String, String)>>,
}

fn current_patch() -> u16 {
    CURRENT_PATCH
}

impl Expectation {
    /// Reads `expected.<direction>.json` where a scenario has it, else `expected.json`.
    pub fn read(folder: &Path, direction: Direction) -> Result<Self> {
        let own = folder.join(format!("expected.{direction}.json"));
        let file = if own.exists() { own } else { folder.join("expected.json") };
        let text = std::fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        serde_json::from_str(&text).with_context(|| file.display().to_string())
    }
}

impl Job {
    /// In what an outcome's document differs from this: a line an entry that is missing or that nobody expects.
    pub fn differences(&self, outcome: &Value) -> Vec<String> {
        let mut found = Vec::new();
        let none = Vec::new();
        for (list, entries) in lists(outcome) {
            let mut expected = self.lists.get(list).unwrap_or(&none).clone();
            for (object, reason) in entries {
                let meant = |entry: &(String, String)| entry.0 == object && reason.contains(&entry.1);
                match expected.iter().position(meant) {
                    Some(at) => drop(expected.remove(at)),
                    None => found.push(format!("{list}, not expected: {object}: {reason}")),
                }
            }
            found
                .extend(expected.iter().map(|(object, words)| format!("{list}, missing: {object}: {words}")));
        }
        let known = |list: &&String| lists(outcome).all(|(name, _)| name != *list);
        found.extend(self.lists.keys().filter(known).map(|list| format!("the outcome has no list {list}")));
        found
    }
}

/// The lists of an outcome: each entry's object or id, and its reason.
fn lists(outcome: &Value) -> impl Iterator<Item = (&String, Vec<(String, String)>)> {
    let text = |entry: &Value, names: &[&str]| {
        names.iter().find_map(|name| entry[name].as_str()).unwrap_or_default().to_owned()
    };
    let arrays =
        outcome.as_object().into_iter().flatten().filter_map(|(name, value)| Some((name, value.as_array()?)));
    arrays.map(move |(name, entries)| {
        let pair =
            |entry| (text(entry, &["id", "object", "table"]), text(entry, &["reason", "message", "cause"]));
        (name, entries.iter().map(pair).collect())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_entry_too_many_too_few_or_for_another_reason_is_told() {
        let job: Job =
            serde_json::from_value(json!({"not_carried_over": [["user ann", "password"]]})).unwrap();
        let outcome = |notes: Value| json!({"applied": 3, "not_carried_over": notes, "failed": []});
        let ann = json!({"object": "user ann", "reason": "the password stays"});
        let bob = json!({"object": "user bob", "reason": "the password stays"});
        assert!(job.differences(&outcome(json!([ann]))).is_empty());
        assert_eq!(job.differences(&outcome(json!([]))), ["not_carried_over, missing: user ann: password"]);
        assert_eq!(job.differences(&outcome(json!([ann, bob]))).len(), 1);
        assert_eq!(job.differences(&outcome(json!([{"object": "user ann", "reason": "no"}]))).len(), 2);
        assert_eq!(job.differences(&json!({})), ["the outcome has no list not_carried_over"]);
        let failed = json!({"not_carried_over": [ann], "failed": [{"id": "create view v", "message": "no"}]});
        assert_eq!(job.differences(&failed), ["failed, not expected: create view v: no"]);
    }
}
