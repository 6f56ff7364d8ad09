//! Which cluster or workgroup a warehouse is: a pure reading of its host name and its secret.
//!
//! Source: Redshift Management Guide, pages `connecting-to-cluster` (cluster endpoints) and
//! `serverless-connecting` (workgroup endpoints).

use arguments::Region;
use migration::catalog::WarehouseKind;

use crate::{AwsError, WarehouseSecret};

/// The ends of host names: of AWS's Regions in general, and of those in China.
const DOMAINS: [&str; 2] = [".amazonaws.com", ".amazonaws.com.cn"];

/// A cluster or a workgroup, and the Region it is in where the host name tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Warehouse {
    /// A provisioned cluster.
    Cluster {
        /// Its identifier.
        identifier: String,
        /// Its Region; `None` for the job's own.
        region: Option<Region>,
    },
    /// A workgroup of Redshift Serverless.
    Workgroup {
        /// Its name.
        name: String,
        /// Its Region; `None` for the job's own.
        region: Option<Region>,
    },
}

impl Warehouse {
    /// Finds out which warehouse a secret speaks of. A field `cluster_identifier` or `workgroup` wins over
    /// the host name: the host name of a VPC endpoint has the form of a cluster's, yet its first part is the
    /// endpoint's name.
    ///
    /// # Errors
    /// Both fields are there, or none is and the host name does not tell.
    pub fn of(secret: &WarehouseSecret) -> Result<Self, AwsError> {
        let from_host = Self::from_host(&secret.host);
        let region = from_host.as_ref().and_then(|warehouse| warehouse.region().cloned());
        match (&secret.cluster_identifier, &secret.workgroup) {
            (Some(_), Some(_)) => Err(AwsError::configuration(format!(
                "the secret {} has both cluster_identifier and workgroup; keep the one that the warehouse is",
                secret.arn
            ))),
            (Some(identifier), None) => Ok(Self::Cluster { identifier: identifier.clone(), region }),
            (None, Some(name)) => Ok(Self::Workgroup { name: name.clone(), region }),
            (None, None) => from_host.ok_or_else(|| {
                AwsError::configuration(format!(
                    "the host name in the secret {} does not tell which cluster or workgroup it is; add \
                     cluster_identifier or workgroup to the secret",
                    secret.arn
                ))
            }),
        }
    }

    /// Which of the two kinds it is.
    pub fn kind(&self) -> WarehouseKind {
        match self {
            Self::Cluster { .. } => WarehouseKind::Provisioned,
            Self::Workgroup { .. } => WarehouseKind::Serverless,
        }
    }

    /// The Region of the warehouse, where the host name tells.
    pub fn region(&self) -> Option<&Region> {
        match self {
            Self::Cluster { region, .. } | Self::Workgroup { region, .. } => region.as_ref(),
        }
    }

    /// Reads `<cluster>.<hash>.<region>.redshift.<domain>` or
    /// `<workgroup>.<account>.<region>.redshift-serverless.<domain>`.
    fn from_host(host: &str) -> Option<Self> {
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        let name = DOMAINS.iter().find_map(|domain| host.strip_suffix(domain))?;
        let labels: Vec<&str> = name.split('.').collect();
        let &[first, second, region, service] = labels.as_slice() else { return None };
        let region = Some(region.parse().ok()?);
        let is_account = || second.len() == 12 && second.bytes().all(|byte| byte.is_ascii_digit());
        match service {
            _ if first.is_empty() || second.is_empty() => None,
            "redshift" => Some(Self::Cluster { identifier: first.to_owned(), region }),
            "redshift-serverless" if is_account() => Some(Self::Workgroup { name: first.to_owned(), region }),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use arguments::Region;
    use migration::outcome::ErrorKind;

    use super::Warehouse;
    use crate::{Credentials, SslMode, WarehouseSecret};

    fn secret(host: &str, cluster_identifier: Option<&str>, workgroup: Option<&str>) -> WarehouseSecret {
        WarehouseSecret {
            arn: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:source-AbCdEf".parse().unwrap(),
            host: host.to_owned(),
            port: 5439,
            database: "dev".to_owned(),
            credentials: Credentials::Temporary { user: None },
            ssl_mode: SslMode::VerifyFull,
            cluster_identifier: cluster_identifier.map(str::to_owned),
            workgroup: workgroup.map(str::to_owned),
            ignored_keys: Vec::new(),
        }
    }

    fn cluster(identifier: &str, region: Option<&str>) -> Warehouse {
        Warehouse::Cluster {
            identifier: identifier.to_owned(),
            region: region.map(|code| code.parse().unwrap()),
        }
    }

    fn workgroup(name: &str, region: Option<&str>) -> Warehouse {
        Warehouse::Workgroup { name: name.to_owned(), region: region.map(|code| code.parse().unwrap()) }
    }

    #[test]
    fn a_host_name_tells() {
        let of = |host| Warehouse::of(&secret(host, None, None)).unwrap();
        assert_eq!(of("dwh.cx1a.eu-central-1.redshift.amazonaws.com"), cluster("dwh", Some("eu-central-1")));
        assert_eq!(of("DWH.cx1a.cn-north-1.redshift.amazonaws.com.cn"), cluster("dwh", Some("cn-north-1")));
        assert_eq!(
            of("wg.123456789012.us-east-1.redshift-serverless.amazonaws.com"),
            workgroup("wg", Some("us-east-1"))
        );
    }

    #[test]
    fn a_field_of_the_secret_wins() {
        let host = "my-endpoint.cx1a.eu-west-1.redshift.amazonaws.com";
        assert_eq!(
            Warehouse::of(&secret(host, Some("dwh"), None)).unwrap(),
            cluster("dwh", Some("eu-west-1"))
        );
        assert_eq!(Warehouse::of(&secret("127.0.0.1", Some("dwh"), None)).unwrap(), cluster("dwh", None));
        let found = Warehouse::of(&secret("dwh.example.com", None, Some("wg"))).unwrap();
        assert_eq!(found.region().map(Region::as_str), None);
        assert_eq!(found, workgroup("wg", None));
    }

    #[test]
    fn a_host_name_that_does_not_tell_is_a_matter_of_configuration() {
        for host in [
            "localhost",
            "127.0.0.1",
            "dwh.example.com",
            "redshift.amazonaws.com",
            "a.b.c.eu-central-1.redshift.amazonaws.com",
            "wg.12.us-east-1.redshift-serverless.amazonaws.com",
            "db.abc.eu-central-1.rds.amazonaws.com",
            ".cx1a.eu-central-1.redshift.amazonaws.com",
        ] {
            assert_eq!(
                Warehouse::of(&secret(host, None, None)).unwrap_err().kind,
                ErrorKind::Configuration,
                "{host}"
            );
        }
        assert!(Warehouse::of(&secret("localhost", Some("a"), Some("b"))).is_err());
    }
}
