//! The fields of a secret, found under any of their names in any letter case.

use arguments::SecretArn;
use serde_json::{Map, Value};

use crate::AwsError;

/// The fields of one secret.
pub(super) struct Fields {
    /// Names the secret in errors.
    arn: String,
    /// Keys in lower case; a key may be there more than once, in several letter cases.
    fields: Vec<(String, Value)>,
}

impl Fields {
    /// Takes a secret apart.
    pub(super) fn new(arn: &SecretArn, object: Map<String, Value>) -> Self {
        let fields = object.into_iter().map(|(key, value)| (key.to_lowercase(), value)).collect();
        Self { arn: arn.to_string(), fields }
    }

    /// The value under one of several names; an empty text and `null` count as no value.
    ///
    /// # Errors
    /// Two names are there with different values: which one is meant cannot be known.
    pub(super) fn value(&self, names: &[&'static str]) -> Result<Option<&Value>, AwsError> {
        let is_set = |value: &Value| !value.is_null() && value.as_str() != Some("");
        let mut found =
            self.fields.iter().filter(|(key, value)| names.contains(&key.as_str()) && is_set(value));
        let Some((_, first)) = found.next() else { return Ok(None) };
        if found.any(|(_, other)| other != first) {
            return Err(self.wrong(
                names[0],
                "is there more than once, with different values",
                "keep one of them",
            ));
        }
        Ok(Some(first))
    }

    /// The text under one of several names, if there is one.
    ///
    /// # Errors
    /// As [`Fields::value`], or it is not text.
    pub(super) fn text(&self, names: &[&'static str]) -> Result<Option<String>, AwsError> {
        match self.value(names)? {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(self.wrong(names[0], "is not text", "put it in double quotes")),
        }
    }

    /// The text under one of several names.
    ///
    /// # Errors
    /// As [`Fields::text`], or it is missing.
    pub(super) fn required(&self, names: &[&'static str]) -> Result<String, AwsError> {
        self.text(names)?.ok_or_else(|| self.wrong(names[0], "is missing", "add it"))
    }

    /// The error for a field: what is wrong with it, and what to do.
    pub(super) fn wrong(&self, field: &str, problem: &str, remedy: &str) -> AwsError {
        AwsError::configuration(format!("in the secret {} the field {field} {problem}; {remedy}", self.arn))
    }
}
