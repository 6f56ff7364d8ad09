//! Why a tenant may not move from one place to another.

use super::{KnownWarehouse, Pair, Place, Role, Side, Site};
use std::fmt;

/// Why a route is refused; nothing was changed then. The text names both warehouses and what would allow it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Source and target are one database.
    OnePlace {
        /// The source.
        source: Site,
        /// The target.
        target: Site,
    },
    /// Source and target are two databases of one warehouse.
    OneWarehouse {
        /// The source.
        source: Site,
        /// The target.
        target: Site,
    },
    /// The environment does not list a warehouse.
    Unlisted {
        /// The warehouse.
        site: Site,
        /// What it was to be.
        side: Side,
        /// Those that are listed.
        known: Vec<KnownWarehouse>,
    },
    /// The environment lists a warehouse in another role.
    WrongRole {
        /// The source.
        source: Site,
        /// The target.
        target: Site,
        /// What the environment calls the warehouse in the wrong role.
        name: String,
        /// What it was to be.
        side: Side,
    },
    /// Earlier runs of the tenant went the other way.
    Opposite {
        /// The source.
        source: Site,
        /// The target.
        target: Site,
        /// One of these runs' ways.
        known: Pair,
    },
    /// No earlier run of the tenant knows one of the warehouses.
    NewWarehouse {
        /// The source.
        source: Site,
        /// The target.
        target: Site,
        /// The ways of earlier runs.
        known: Vec<Pair>,
    },
    /// The run began between other places.
    OtherRun {
        /// The source.
        source: Site,
        /// The target.
        target: Site,
        /// Its way.
        known: Pair,
    },
    /// A session that was opened again reached another place.
    Moved {
        /// What it had reached before.
        before: Site,
        /// What it reaches now.
        now: Site,
    },
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OnePlace { source, target } => write!(
                f,
                "source {source} and target {target} are one database; correct --SOURCE_SECRET_ARN or --TARGET_SECRET_ARN"
            ),
            Self::OneWarehouse { source, target } => write!(
                f,
                "source {source} and target {target} are two databases of one warehouse; correct the secrets, or allow it \
                 with --SAME_WAREHOUSE true"
            ),
            Self::Unlisted { site, side, known } => write!(
                f,
                "the {side} {site} is no warehouse of this environment, which lists {}; correct the secret, or add the warehouse \
                 to the environment's file and deploy",
                listed(known)
            ),
            Self::WrongRole { source, target, name, side } => write!(
                f,
                "the warehouse {name} may not be a {side}: source {source}, target {target}; exchange --SOURCE_SECRET_ARN and \
                 --TARGET_SECRET_ARN, or change the role of {name} in the environment's file and deploy"
            ),
            Self::Opposite { source, target, known } => write!(
                f,
                "source {source}, target {target}: earlier runs of this tenant went the other way, {}; exchange \
                 --SOURCE_SECRET_ARN and --TARGET_SECRET_ARN, or allow it with --REVERSE true; if those runs were the \
                 mistake, remove the tenant's direction.json from the ledger",
                way(known)
            ),
            Self::NewWarehouse { source, target, known } => write!(
                f,
                "source {source}, target {target}: earlier runs of this tenant know only the way {}; correct the secrets, \
                 or allow it with --NEW_WAREHOUSE true",
                known.iter().map(way).collect::<Vec<_>>().join(", ")
            ),
            Self::OtherRun { source, target, known } => write!(
                f,
                "source {source}, target {target}: this run began {}; give the secrets that it began with, or start a run \
                 under a new --RUN_ID",
                way(known)
            ),
            Self::Moved { before, now } => write!(
                f,
                "the host {} led to the namespace {} when the job began, and leads to the namespace {} now; do not move \
                 its name while a job runs, and start the job again",
                now.host, before.place.namespace, now.place.namespace
            ),
        }
    }
}

impl std::error::Error for Refusal {}

/// `from 86b5…/dev to 13b8…/dev`.
fn way(pair: &Pair) -> String {
    let place = |place: &Place| format!("{}/{}", place.namespace, place.database);
    format!("from {} to {}", place(&pair.source), place(&pair.target))
}

fn listed(known: &[KnownWarehouse]) -> String {
    let one = |known: &KnownWarehouse| {
        let role = match known.role {
            Role::Source => "source",
            Role::Target => "target",
            Role::Both => "source and target",
        };
        format!("{} ({role}, namespace {})", known.name, known.namespace)
    };
    known.iter().map(one).collect::<Vec<_>>().join(", ")
}
