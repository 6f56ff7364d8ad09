//! `loaded/…/<table>.json`: what the tenant's runs have left in a table of the target. By it a later load tells rows of its own,
//! which it may replace, from rows of somebody else's.

use super::FORMAT;
use super::table_list::as_table;
use crate::direction::Place;
use crate::name::QualifiedName;
use crate::verify::{Fingerprint, Verify};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// What the tenant's runs have left in a table of the target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoadedTable {
    /// The version of this document's form.
    pub format: u32,
    /// The tenant.
    pub tenant: String,
    /// The warehouse and the database.
    #[serde(flatten)]
    pub place: Place,
    /// The table.
    #[serde(flatten, with = "as_table")]
    pub table: QualifiedName,
    /// What the newest load that is known to be committed left; none where there was none.
    pub held: Option<Held>,
    /// What the load leaves that is about to be committed: put before its COMMIT, since a job may be killed after it.
    pub committing: Option<Held>,
}

/// Rows that a load left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// How many.
    pub rows: u64,
    /// What they come to, where that was compared.
    pub fingerprint: Option<Fingerprint>,
    /// The run that loaded them.
    pub run_id: String,
    /// When.
    #[serde(with = "time::serde::rfc3339")]
    pub loaded: OffsetDateTime,
}

/// Whether rows that stand in a table may be replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// They are what the tenant's newest load left.
    Ours,
    /// They are, if they come to one of these.
    OursIf(Vec<Fingerprint>),
    /// They are not, or nothing proves it.
    Others(Others),
}

/// Why rows are not the tenant's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Others {
    /// No run of the tenant loaded the table.
    NeverLoaded,
    /// The newest load left another number of rows.
    OtherCount {
        /// The number that it left.
        left: u64,
    },
    /// The newest load left as many rows, with other values, or its values were not compared.
    OtherValues,
}

impl LoadedTable {
    /// Of a table that no run of the tenant has loaded.
    pub fn of(tenant: &str, place: &Place, table: &QualifiedName) -> Self {
        Self {
            format: FORMAT,
            tenant: tenant.to_owned(),
            place: place.clone(),
            table: table.clone(),
            held: None,
            committing: None,
        }
    }

    /// Whether `rows` rows that stand in the table, more than none, are what the tenant's newest load left. A load whose
    /// COMMIT nobody heard of counts, too. With [`Verify::Checksum`] their values count, not just their number.
    pub fn standing(&self, rows: u64, verify: Verify) -> Standing {
        let known = || self.held.iter().chain(&self.committing);
        let alike: Vec<&Held> = known().filter(|held| held.rows == rows).collect();
        if alike.is_empty() {
            return Standing::Others(match known().next_back() {
                None => Others::NeverLoaded,
                Some(newest) => Others::OtherCount { left: newest.rows },
            });
        }
        if verify != Verify::Checksum {
            return Standing::Ours;
        }
        let fingerprints: Vec<_> = alike.iter().filter_map(|held| held.fingerprint.clone()).collect();
        if fingerprints.is_empty() {
            Standing::Others(Others::OtherValues)
        } else {
            Standing::OursIf(fingerprints)
        }
    }

    /// Whether a load came after this moment: what was unloaded then is older than what stands in the table.
    pub fn was_loaded_since(&self, moment: OffsetDateTime) -> bool {
        self.held.iter().chain(&self.committing).any(|held| held.loaded > moment)
    }

    /// The document before a load commits that leaves `next`, where so many rows stood under its lock. They are what it goes back
    /// to if it is not committed: those of the load before, of whose COMMIT nobody may have heard yet.
    #[must_use]
    pub fn committing(&self, stood: u64, next: Held) -> Self {
        let held = self.committing.iter().chain(&self.held).find(|held| held.rows == stood).cloned();
        Self { held: held.or_else(|| self.held.clone()), committing: Some(next), ..self.clone() }
    }

    /// The document once it is known whether that load was committed.
    #[must_use]
    pub fn settled(&self, committed: bool) -> Self {
        let held = if committed { self.committing.clone() } else { self.held.clone() };
        Self { held, committing: None, ..self.clone() }
    }
}

impl std::fmt::Display for Others {
    /// A clause that follows what the table holds.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NeverLoaded => f.write_str("no run of this tenant loaded the table"),
            Self::OtherCount { left } => write!(f, "this tenant's newest load left {left}"),
            Self::OtherValues => f.write_str(
                "this tenant's newest load left as many, and nothing proves that they are the same rows",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::Identifier;

    fn held(rows: u64, sum: Option<&str>) -> Held {
        let column = Identifier::new("a").unwrap();
        let fingerprint = sum.map(|sum| Fingerprint { rows: None, columns: vec![(column, sum.to_owned())] });
        Held { rows, fingerprint, run_id: "r".to_owned(), loaded: OffsetDateTime::UNIX_EPOCH }
    }

    fn loaded(of: Option<Held>, committing: Option<Held>) -> LoadedTable {
        let id = |name: &str| Identifier::new(name).unwrap();
        let place = Place { namespace: "n".to_owned(), database: "d".to_owned() };
        let empty = LoadedTable::of("acme", &place, &QualifiedName::new(id("s"), id("t")));
        LoadedTable { held: of, committing, ..empty }
    }

    #[test]
    fn only_the_rows_of_the_newest_load_are_ours() {
        let standing = |of: &LoadedTable, rows| of.standing(rows, Verify::Count);
        let never = loaded(None, None);
        assert_eq!(standing(&never, 1), Standing::Others(Others::NeverLoaded));
        let once = loaded(Some(held(5, None)), None);
        assert_eq!(standing(&once, 5), Standing::Ours);
        for rows in [4, 6] {
            assert_eq!(standing(&once, rows), Standing::Others(Others::OtherCount { left: 5 }));
        }
        assert_eq!(once.standing(5, Verify::None), Standing::Ours);
    }

    #[test]
    fn a_commit_that_nobody_heard_of_counts_until_it_is_settled() {
        let before = loaded(Some(held(5, None)), None);
        let during = before.committing(5, held(7, None));
        for rows in [5, 7] {
            assert_eq!(during.standing(rows, Verify::Count), Standing::Ours, "{rows}");
        }
        assert_eq!(during.standing(6, Verify::Count), Standing::Others(Others::OtherCount { left: 7 }));
        assert_eq!(during.settled(false), before);
        let after = during.settled(true);
        assert_eq!(after.standing(7, Verify::Count), Standing::Ours);
        assert_eq!(after.standing(5, Verify::Count), Standing::Others(Others::OtherCount { left: 7 }));
        // The next load came before that was settled, and is not committed.
        let next = during.committing(7, held(9, None)).settled(false);
        assert_eq!(next.standing(7, Verify::Count), Standing::Ours);
        assert_eq!(next.standing(5, Verify::Count), Standing::Others(Others::OtherCount { left: 7 }));
        // Rows of others were allowed to go, and stay after all.
        let theirs = before.committing(8, held(7, None)).settled(false);
        assert_eq!(theirs, before);
    }

    #[test]
    fn what_was_unloaded_before_a_load_is_older() {
        let moment = OffsetDateTime::UNIX_EPOCH;
        let (before, after) = (moment - time::Duration::SECOND, moment + time::Duration::SECOND);
        let once = loaded(Some(held(5, None)), None);
        assert!(once.was_loaded_since(before) && !once.was_loaded_since(after));
        assert!(loaded(None, Some(held(5, None))).was_loaded_since(before));
        assert!(!loaded(None, None).was_loaded_since(before));
    }

    #[test]
    fn where_values_are_compared_their_number_does_not_do() {
        let of = |of: Held| loaded(Some(of), None).standing(5, Verify::Checksum);
        assert_eq!(of(held(5, None)), Standing::Others(Others::OtherValues));
        let known = held(5, Some("1"));
        assert_eq!(of(known.clone()), Standing::OursIf(vec![known.fingerprint.unwrap()]));
        assert_eq!(of(held(6, Some("1"))), Standing::Others(Others::OtherCount { left: 6 }));
    }
}
