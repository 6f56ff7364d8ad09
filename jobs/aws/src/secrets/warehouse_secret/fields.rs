//! The fields of a secret, found under any of their names in any letter case.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt;

use arguments::SecretArn;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;

use crate::AwsError;

/// Keys of AWS's structures that say nothing of how to log in (Secrets Manager User Guide, `reference_secret_json_structure`):
/// what the secret is of, which secret its rotation logs in with, and the namespace that rotation finds a workgroup's network by.
const EXPECTED: [&str; 3] = ["engine", "masterarn", "namespacename"];

/// How the ARN of a secret goes on that Redshift or its query editor manages, whose keys nobody else may change
/// (`service-linked-secrets`, `integrating_how-services-use-secrets_sqlworkbench`).
const MANAGED: [&str; 2] = [":secret:redshift!", ":secret:sqlworkbench!"];

/// As many characters of a key that is not understood are shown: enough for any key that is meant as one.
const MAX_SHOWN: usize = 64;

/// The members of a JSON object in their order, each as often as it is there: a map would keep the last one of a key.
pub(super) struct Members(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OfObject;
        impl<'de> Visitor<'de> for OfObject {
            type Value = Members;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = object.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(OfObject)
    }
}

/// The fields of one secret.
pub(super) struct Fields {
    /// Names the secret in errors.
    arn: String,
    /// The members; a name may be there more than once, in several letter cases.
    members: Vec<(String, Value)>,
    /// The names, in lower case, that somebody asked for.
    asked: RefCell<BTreeSet<&'static str>>,
}

impl Fields {
    /// Takes a secret apart.
    ///
    /// # Errors
    /// A key is there twice: programs differ in which one they take.
    pub(super) fn new(arn: &SecretArn, Members(members): Members) -> Result<Self, AwsError> {
        let fields = Self { arn: arn.to_string(), members, asked: RefCell::default() };
        let mut keys = BTreeSet::new();
        match fields.members.iter().find(|(key, _)| !keys.insert(key)) {
            None => Ok(fields),
            Some((key, _)) => Err(fields.wrong(&shown(key), "is there twice", "keep one of them")),
        }
    }

    /// The value under one of several names; an empty text and `null` count as no value.
    ///
    /// # Errors
    /// Two names are there with different values: which one is meant cannot be known.
    pub(super) fn value(&self, names: &[&'static str]) -> Result<Option<&Value>, AwsError> {
        self.asked.borrow_mut().extend(names);
        let is_set = |value: &Value| !value.is_null() && value.as_str() != Some("");
        let is_meant = |key: &str| names.contains(&key.to_lowercase().as_str());
        let mut found = self.members.iter().filter(|(key, value)| is_meant(key) && is_set(value));
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
        self.text(names)?.ok_or_else(|| self.missing(names[0]))
    }

    /// The error for a field that is missing. What Redshift keeps in a secret of its own no AWS page says; if it is less than
    /// a login needs, the keys cannot be added there.
    pub(super) fn missing(&self, field: &str) -> AwsError {
        if MANAGED.iter().any(|managed| self.arn.contains(managed)) {
            let remedy = "Redshift manages this secret, and nobody else may add to it: create one of your own with host, \
                          port, dbname and the username of a superuser, and no password: the jobs fetch temporary credentials then";
            return self.wrong(field, "is missing", remedy);
        }
        self.wrong(
            field,
            "is missing",
            "add it: a secret is JSON with host, port, dbname, username and password",
        )
    }

    /// The keys that nobody asked for, and that are none of AWS's own either.
    pub(super) fn ignored(&self) -> Vec<String> {
        let asked = self.asked.borrow();
        let is_known = |key: &str| asked.contains(key) || EXPECTED.contains(&key);
        let keys = self.members.iter().map(|(key, _)| key);
        keys.filter(|key| !is_known(&key.to_lowercase())).map(|key| shown(key)).collect()
    }

    /// The error for a field: what is wrong with it, and what to do.
    pub(super) fn wrong(&self, field: &str, problem: &str, remedy: &str) -> AwsError {
        AwsError::configuration(format!("in the secret {} the field {field} {problem}; {remedy}", self.arn))
    }
}

/// A key in one line, and no longer than a key is.
fn shown(key: &str) -> String {
    key.chars().take(MAX_SHOWN).flat_map(char::escape_debug).collect()
}
