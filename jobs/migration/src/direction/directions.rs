//! `runs/<tenant>/direction.json`: between which places the tenant's runs have moved it so far.

use super::{Allowed, Place, Refusal, Route};
use crate::outcome::FORMAT;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// One way that runs of the tenant took.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Pair {
    /// Where the tenant came from.
    pub source: Place,
    /// Where it went.
    pub target: Place,
}

/// The ways that runs of a tenant took.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Directions {
    /// The version of this document's form.
    pub format: u32,
    /// The tenant.
    pub tenant: String,
    /// Each way once.
    pub pairs: BTreeSet<Pair>,
}

/// `runs/<tenant>/<run-id>/direction.json`: between which places one run moves the tenant. What it has moved and unloaded is of
/// no use between others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunDirection {
    /// The version of this document's form.
    pub format: u32,
    /// The tenant.
    pub tenant: String,
    /// The run.
    pub run_id: String,
    /// The way.
    #[serde(flatten)]
    pub pair: Pair,
}

impl RunDirection {
    /// Of a run that takes this route.
    pub fn of(tenant: &str, run_id: &str, route: &Route<'_>) -> Self {
        Self { format: FORMAT, tenant: tenant.to_owned(), run_id: run_id.to_owned(), pair: route.pair() }
    }

    /// Refuses another route than that of the run's earlier starts.
    ///
    /// # Errors
    /// It is another one.
    pub fn check(&self, route: &Route<'_>) -> Result<(), Box<Refusal>> {
        if self.pair == route.pair() {
            return Ok(());
        }
        Err(Box::new(Refusal::OtherRun {
            source: route.source.clone(),
            target: route.target.clone(),
            known: self.pair.clone(),
        }))
    }
}

impl Directions {
    /// Of a tenant that no run has moved yet.
    pub fn of(tenant: &str) -> Self {
        Self { format: FORMAT, tenant: tenant.to_owned(), pairs: BTreeSet::new() }
    }

    /// Judges a route by the earlier ones. Gives the document that remembers it, or `None` where there is nothing new to
    /// remember: a route that is known, or one against the others, which must be asked for each time.
    ///
    /// # Errors
    /// The route leads back to where the tenant came from, perhaps by way of other places; or one of its places is in no
    /// earlier one. Either can be allowed.
    pub fn judge(&self, route: &Route<'_>, allowed: Allowed) -> Result<Option<Self>, Box<Refusal>> {
        let pair = route.pair();
        if self.pairs.contains(&pair) {
            return Ok(None);
        }
        if let Some(known) = self.opposite(&pair) {
            return if allowed.reverse {
                Ok(None)
            } else {
                Err(Box::new(Refusal::Opposite {
                    source: route.source.clone(),
                    target: route.target.clone(),
                    known: known.clone(),
                }))
            };
        }
        let is_known = |place: &Place| {
            let ends = self.pairs.iter().flat_map(|pair| [&pair.source, &pair.target]);
            ends.into_iter().any(|end| end.namespace == place.namespace)
        };
        let is_new = !(is_known(&pair.source) && is_known(&pair.target));
        if !self.pairs.is_empty() && is_new && !allowed.new_warehouse {
            return Err(Box::new(Refusal::NewWarehouse {
                source: route.source.clone(),
                target: route.target.clone(),
                known: self.pairs.iter().cloned().collect(),
            }));
        }
        let mut more = self.clone();
        more.pairs.insert(pair);
        Ok(Some(more))
    }

    /// The last of earlier routes that lead from this one's target to its source. Between two warehouses their databases
    /// do not count: exchanged secrets may name others.
    fn opposite(&self, pair: &Pair) -> Option<&Pair> {
        let within = pair.source.namespace == pair.target.namespace;
        let same = |one: &Place, other: &Place| {
            if within { one == other } else { one.namespace == other.namespace }
        };
        let mut reached = vec![&pair.target];
        loop {
            let has = |place: &Place| reached.iter().any(|reached| same(reached, place));
            let further = self.pairs.iter().find(|known| has(&known.source) && !has(&known.target))?;
            if same(&further.target, &pair.source) {
                return Some(further);
            }
            reached.push(&further.target);
        }
    }
}
