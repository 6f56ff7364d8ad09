//! What a warehouse is started with.

use std::path::PathBuf;

/// The two kinds of Redshift, which have different system relations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A cluster.
    Provisioned,
    /// A workgroup.
    Serverless,
}

/// What an UNLOAD of no rows leaves in S3. r_UNLOAD says of CSV that empty objects may be written, and nothing of Parquet and of the
/// manifest; AWS's connector for Spark meets prefixes without anything (spark-redshift-community, issue 40).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum EmptyUnload {
    /// Nothing at all.
    #[default]
    Nothing,
    /// Empty objects of CSV, and no manifest.
    Objects,
    /// A manifest without entries.
    Manifest,
    /// Empty objects of CSV, and a manifest that lists them.
    Files,
}

impl EmptyUnload {
    /// Whether objects of data are written.
    pub fn writes_objects(self) -> bool {
        matches!(self, Self::Objects | Self::Files)
    }

    /// Whether a manifest is written, where one is asked for.
    pub fn writes_manifest(self) -> bool {
        matches!(self, Self::Manifest | Self::Files)
    }
}

/// Everything a warehouse needs to know.
#[derive(Clone)]
pub struct Options {
    /// Cluster or workgroup.
    pub kind: Kind,
    /// Holds the data, the socket and the log; created if missing. A warehouse that was stopped goes on with what is there.
    pub directory: PathBuf,
    /// TCP port on 127.0.0.1; 0 takes any free one.
    pub port: u16,
    /// Holds PostgreSQL's `bin`, `lib` and `share`.
    pub postgres: PathBuf,
    /// The server's certificate chain, PEM.
    pub certificate: PathBuf,
    /// Its private key, PEM (PKCS #8).
    pub key: PathBuf,
    /// The superuser that clients log in as first.
    pub user: String,
    /// That user's password.
    pub password: String,
    /// The one database.
    pub database: String,
    /// The namespace's id, which `CURRENT_NAMESPACE` gives; `None` for one that the warehouse makes at its first start and
    /// keeps.
    pub namespace: Option<String>,
    /// Where S3 and the APIs of Redshift answer; `None` for AWS itself.
    pub aws_endpoint: Option<String>,
    /// The cluster's identifier or the workgroup's name at that endpoint: COPY and UNLOAD may use the IAM roles that are
    /// associated with it. `None` if the endpoint does not know the warehouse: then any role passes.
    pub identifier: Option<String>,
    /// How many slices a parallel UNLOAD has, each of which writes files of its own; at least 1.
    pub slices: usize,
    /// What an UNLOAD of no rows leaves in S3.
    pub empty_unload: EmptyUnload,
    /// The warehouse's region.
    pub region: String,
    /// Redshift's patch level: what is new or gone with a patch goes by it.
    pub patch: u16,
}

/// The patch level of warehouses today (Management Guide, cluster-versions).
pub const CURRENT_PATCH: u16 = 202;
