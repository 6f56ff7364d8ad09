//! Whether a tenant may move from one place to another: source and target exchanged, or one warehouse in both roles, is a
//! mistake that would replace the tenant's own rows.
//!
//! A warehouse says itself which one it is ([`Place`]): a host name may be an alias of another. Three things decide, in this
//! order: both places must differ; the environment gives each warehouse its role ([`KnownWarehouse`]); and the tenant's
//! earlier runs went one way ([`Directions`], the document `direction.json`).

mod directions;
mod refusal;

pub use directions::{Directions, Pair, RunDirection};
pub use refusal::Refusal;

use serde::{Deserialize, Serialize};

/// One of the two warehouses of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Where the tenant is.
    Source,
    /// Where it goes.
    Target,
}

impl Side {
    /// How messages and names of sessions call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Target => "target",
        }
    }
}

impl std::fmt::Display for Side {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// A database of a warehouse, as the warehouse itself names both.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// The unique id of the warehouse: `CURRENT_NAMESPACE` (`r_CURRENT_NAMESPACE`).
    pub namespace: String,
    /// The database: `current_database()` (`r_CURRENT_DATABASE`).
    pub database: String,
}

/// A place and the host by which it was reached, for messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// The host name in the secret.
    pub host: String,
    /// What answers there.
    pub place: Place,
}

impl std::fmt::Display for Site {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { host, place: Place { namespace, database } } = self;
        write!(f, "{host}/{database} (namespace {namespace})")
    }
}

/// What a warehouse of an environment may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Tenants leave it; nothing in it is changed.
    Source,
    /// Tenants arrive in it.
    Target,
    /// Either.
    Both,
}

/// A warehouse that the environment lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownWarehouse {
    /// Its name in the environment's file.
    pub name: String,
    /// What it may be.
    pub role: Role,
    /// Its namespace's id, in lower case.
    pub namespace: String,
}

/// Which unusual directions the caller means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Allowed {
    /// `--REVERSE`: against the direction of the tenant's earlier runs.
    pub reverse: bool,
    /// `--NEW_WAREHOUSE`: a warehouse that no earlier run of the tenant knows.
    pub new_warehouse: bool,
    /// `--SAME_WAREHOUSE`: two databases of one warehouse.
    pub same_warehouse: bool,
}

/// What is to move where.
#[derive(Clone, Copy, Debug)]
pub struct Route<'a> {
    /// Where the tenant is.
    pub source: &'a Site,
    /// Where it goes.
    pub target: &'a Site,
}

impl Route<'_> {
    /// The same for the ledger.
    pub fn pair(&self) -> Pair {
        Pair { source: self.source.place.clone(), target: self.target.place.clone() }
    }

    /// Whether both are databases of one warehouse.
    pub fn stays_in_warehouse(&self) -> bool {
        self.source.place.namespace == self.target.place.namespace
    }
}

/// Refuses a route that the two places themselves, or the environment's `known` warehouses, rule out. Without a list of
/// these any warehouse may be either.
///
/// # Errors
/// One place in both roles; two databases of one warehouse, unless that is allowed; a warehouse that the environment does
/// not list, or lists in another role.
pub fn check_route(
    route: &Route<'_>,
    known: Option<&[KnownWarehouse]>,
    allowed: Allowed,
) -> Result<(), Box<Refusal>> {
    let Route { source, target } = *route;
    if source.place == target.place {
        return Err(Box::new(Refusal::OnePlace { source: source.clone(), target: target.clone() }));
    }
    if route.stays_in_warehouse() && !allowed.same_warehouse {
        return Err(Box::new(Refusal::OneWarehouse { source: source.clone(), target: target.clone() }));
    }
    let Some(known) = known else { return Ok(()) };
    for (site, side) in [(source, Side::Source), (target, Side::Target)] {
        let namespace = site.place.namespace.to_ascii_lowercase();
        let Some(warehouse) = known.iter().find(|known| known.namespace == namespace) else {
            return Err(Box::new(Refusal::Unlisted { site: site.clone(), side, known: known.to_vec() }));
        };
        let fits = match warehouse.role {
            Role::Source => side == Side::Source,
            Role::Target => side == Side::Target,
            Role::Both => true,
        };
        if !fits {
            return Err(Box::new(Refusal::WrongRole {
                source: source.clone(),
                target: target.clone(),
                name: warehouse.name.clone(),
                side,
            }));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
