//! Where a warehouse listens: the forms in which people and consoles write it, and which ports there are.
//!
//! Sources: Redshift Management Guide, pages `connecting-to-cluster` (`host:port/database`), `jdbc20-obtain-url` (JDBC URLs),
//! `serverless-connecting` and `managing-clusters-console` (ports).

use std::ops::RangeInclusive;

/// What stands before the host of a JDBC URL; `iam` asks for temporary credentials.
const JDBC: &str = "jdbc:redshift://";
const JDBC_IAM: &str = "jdbc:redshift:iam://";

/// The ports of a workgroup.
const SERVERLESS_PORTS: [RangeInclusive<u16>; 2] = [5431..=5455, 8191..=8215];

/// The ports of a cluster: those of every node type; RA3 nodes have a workgroup's.
const CLUSTER_PORTS: [RangeInclusive<u16>; 1] = [1150..=65535];

/// An address as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address {
    /// The host name.
    pub(super) host: String,
    /// The port, where it is part of the text.
    pub(super) port: Option<u16>,
    /// The database, where it is part of the text.
    pub(super) database: Option<String>,
    /// Whether a JDBC URL asks for temporary credentials.
    pub(super) temporary_credentials: bool,
}

impl Address {
    /// Reads `host`, `host:port`, `host:port/database` or a JDBC URL of these. The error says what is wrong with it, and
    /// what to do.
    pub(super) fn parse(text: &str) -> Result<Self, (&'static str, &'static str)> {
        let lower = text.to_ascii_lowercase();
        let (rest, temporary_credentials) = if lower.starts_with(JDBC_IAM) {
            (&text[JDBC_IAM.len()..], true)
        } else if lower.starts_with(JDBC) {
            (&text[JDBC.len()..], false)
        } else if lower.contains("://") {
            return Err(("is a URL of another kind", "give jdbc:redshift://host:port/database"));
        } else {
            (text, false)
        };
        if rest.contains(['?', ';']) {
            return Err((
                "holds properties of a driver",
                "give jdbc:redshift://host:port/database alone; what else is needed has fields of its own",
            ));
        }
        let (place, database) = match rest.split_once('/') {
            Some((place, database)) => (place, Some(database).filter(|name| !name.is_empty())),
            None => (rest, None),
        };
        let (host, port) = match place.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (place, None),
        };
        let port = port.map(str::parse::<u16>).transpose().map_err(|_| {
            (
                "has something else than a port number after the host's name",
                "give the endpoint as the console shows it, host:port/database, and not cluster:region",
            )
        })?;
        if host.is_empty()
            || host.contains(char::is_whitespace)
            || database.is_some_and(|name| name.contains('/'))
        {
            return Err(("is no host name", "give the name alone, host:port/database, or a JDBC URL"));
        }
        Ok(Self { host: host.to_owned(), port, database: database.map(str::to_owned), temporary_credentials })
    }
}

/// Whether AWS has this port at such a host. Any other host may be a tunnel or a stand-in, with any port.
pub(super) fn is_port_of(host: &str, port: u16) -> bool {
    let ends = |service: &str| {
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        let domains = ["amazonaws.com", "amazonaws.com.cn"];
        domains.iter().any(|domain| host.ends_with(&format!(".{service}.{domain}")))
    };
    let ports: &[RangeInclusive<u16>] = if ends("redshift-serverless") {
        &SERVERLESS_PORTS
    } else if ends("redshift") {
        &CLUSTER_PORTS
    } else {
        return port != 0;
    };
    ports.iter().any(|range| range.contains(&port))
}

#[cfg(test)]
mod tests {
    use super::{Address, is_port_of};

    fn address(host: &str, port: Option<u16>, database: Option<&str>, iam: bool) -> Address {
        let (host, database) = (host.to_owned(), database.map(str::to_owned));
        Address { host, port, database, temporary_credentials: iam }
    }

    #[test]
    fn every_form_of_an_endpoint_is_read() {
        let host = "wg.123456789012.eu-west-1.redshift-serverless.amazonaws.com";
        for (text, expected) in [
            (host.to_owned(), address(host, None, None, false)),
            (format!("{host}:5440"), address(host, Some(5440), None, false)),
            (format!("{host}:5439/dev"), address(host, Some(5439), Some("dev"), false)),
            (format!("jdbc:redshift://{host}:5439/Dev"), address(host, Some(5439), Some("Dev"), false)),
            (format!("JDBC:redshift:IAM://{host}:5439/dev"), address(host, Some(5439), Some("dev"), true)),
            (format!("jdbc:redshift:iam://{host}/"), address(host, None, None, true)),
        ] {
            assert_eq!(Address::parse(&text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_endpoint_is_refused() {
        for text in [
            "",
            "a b",
            "host:x/dev",
            "host:70000",
            "host:5439/a/b",
            "postgresql://host:5439/dev",
            "jdbc:redshift://host:5439/dev?ssl=true",
            "jdbc:redshift:iam://cluster:eu-west-1/dev",
        ] {
            assert!(Address::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn ports_are_those_that_aws_has() {
        let workgroup = "wg.123456789012.eu-west-1.redshift-serverless.amazonaws.com";
        let cluster = "dwh.cx1a.cn-north-1.redshift.amazonaws.com.cn";
        let of = |host| [0, 80, 1150, 5430, 5431, 5455, 5456, 8190, 8215].map(|port| is_port_of(host, port));
        assert_eq!(of(workgroup), [false, false, false, false, true, true, false, false, true]);
        assert_eq!(of(cluster), [false, false, true, true, true, true, true, true, true]);
        assert_eq!(of("localhost"), [false, true, true, true, true, true, true, true, true]);
    }
}
