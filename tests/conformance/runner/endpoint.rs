//! The warehouse and the client, as the environment names them.

use crate::client::Kind as ClientKind;
use anyhow::{Context, Result, bail};
use std::path::PathBuf;

/// The only host whose certificate names it `localhost` is this machine: a warehouse there is redshift-local.
const LOCAL: &str = "localhost";

/// Where to run, and how.
#[derive(Clone)]
pub struct Endpoint {
    /// Host name, as the server's certificate names it.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// Database.
    pub database: String,
    /// A superuser.
    pub user: String,
    /// That user's password. Nothing prints it, and no process gets it as an argument.
    pub password: String,
    /// `provisioned` or `serverless`.
    pub kind: String,
    /// Which client connects.
    pub client: ClientKind,
    /// Authorities to trust, PEM; those that Mozilla trusts, Amazon's among them, without it.
    pub authorities: Option<PathBuf>,
    /// An S3 prefix for UNLOAD and COPY with a role that may read and write there; the records that need them are left
    /// out without.
    pub s3: Option<(String, String)>,
}

impl Endpoint {
    /// Reads the variables; says of a missing one what it is for.
    pub fn from_environment() -> Result<Self> {
        let needed = |name, what| {
            get(name).with_context(|| {
                format!("{name} is not set: it is {what}. Set REDSHIFT_HOST, REDSHIFT_PORT (5439), REDSHIFT_DATABASE, \
                     REDSHIFT_USER and REDSHIFT_PASSWORD of a warehouse to test; REDSHIFT_KIND where the host's name does \
                     not tell; REDSHIFT_S3 (s3://bucket/prefix) with REDSHIFT_IAM_ROLE for UNLOAD and COPY")
            })
        };
        let host = needed("REDSHIFT_HOST", "the endpoint's host name")?;
        let kind = match get("REDSHIFT_KIND") {
            Some(kind) if ["provisioned", "serverless"].contains(&kind.as_str()) => kind,
            Some(kind) => bail!("REDSHIFT_KIND is {kind}: it must be provisioned or serverless"),
            // Management Guide: connecting-using-workbench's endpoints of clusters and workgroups.
            None if host.contains(".redshift-serverless.") => "serverless".to_owned(),
            None if host.contains(".redshift.") => "provisioned".to_owned(),
            None => {
                needed("REDSHIFT_KIND", "provisioned or serverless, which the host's name does not tell")?
            }
        };
        Ok(Self {
            kind,
            port: get("REDSHIFT_PORT")
                .map_or(Ok(5439), |port| port.parse())
                .context("REDSHIFT_PORT is no port")?,
            database: needed("REDSHIFT_DATABASE", "a database for schemas that are dropped at the end")?,
            user: needed("REDSHIFT_USER", "a superuser's name")?,
            password: needed("REDSHIFT_PASSWORD", "that user's password")?,
            client: ClientKind::named(&get("CONFORMANCE_CLIENT").unwrap_or_default())?,
            authorities: get("SSL_CERT_FILE").map(PathBuf::from),
            s3: get("REDSHIFT_S3").map(|prefix| own_prefix(&prefix)).zip(get("REDSHIFT_IAM_ROLE")),
            host,
        })
    }

    /// What the conditions of a file's records (`onlyif`, `skipif`) hold of; the client's name besides.
    pub fn labels(&self) -> Vec<&str> {
        let mut labels = vec![self.kind.as_str()];
        labels.extend((self.host == LOCAL).then_some("redshift-local"));
        labels.extend(self.s3.as_ref().map(|_| "s3"));
        labels
    }
}

/// A prefix that no other run uses: UNLOAD refuses one that is not empty.
fn own_prefix(prefix: &str) -> String {
    let since = std::time::UNIX_EPOCH.elapsed().map_or(0, |elapsed| elapsed.as_nanos());
    format!("{}/{since}", prefix.trim_end_matches('/'))
}

/// An empty value is none.
fn get(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
