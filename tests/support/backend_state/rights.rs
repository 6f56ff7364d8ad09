//! What everybody may do in fact, judged by PostgreSQL's own has_…_privilege behind a warehouse: often enough asked to look after each kill.

use super::{QUERIES, column, connect, rows};
use crate::warehouse::TestWarehouse;
use anyhow::{Result, ensure};
use std::collections::{BTreeMap, BTreeSet};

/// The privileges of each subject on each object, superusers left out.
#[derive(Debug, Default)]
pub struct Rights(BTreeMap<(String, String), BTreeSet<String>>);

impl Rights {
    /// Reads them.
    pub async fn read(warehouse: &TestWarehouse) -> Result<Self> {
        let client = connect(warehouse).await?;
        let superusers = column(&client, "SELECT rolname FROM pg_catalog.pg_roles WHERE rolsuper").await?;
        let mut rights = Self::default();
        for row in rows(&client, QUERIES[4]).await? {
            let [object, text, subject] = row.as_slice() else { continue };
            let privileges = text.strip_prefix(&format!("{subject}: ")).unwrap_or(text);
            if !superusers.contains(subject) {
                let all = privileges.split(", ").map(str::to_owned).collect();
                rights.0.insert((object.clone(), subject.clone()), all);
            }
        }
        ensure!(!rights.0.is_empty(), "nobody may do anything");
        Ok(rights)
    }

    /// What these have that none of the others has, a line each.
    pub fn beyond(&self, others: &[&Self]) -> Vec<String> {
        let mut found = Vec::new();
        for (key @ (object, subject), privileges) in &self.0 {
            let held = |privilege: &&String| {
                others.iter().any(|other| other.0.get(key).is_some_and(|held| held.contains(*privilege)))
            };
            let more: Vec<_> = privileges.iter().filter(|privilege| !held(privilege)).cloned().collect();
            if !more.is_empty() {
                found.push(format!("{object}: {subject} may {}", more.join(", ")));
            }
        }
        found
    }

    /// How many privileges they are.
    pub fn count(&self) -> usize {
        self.0.values().map(BTreeSet::len).sum()
    }
}
