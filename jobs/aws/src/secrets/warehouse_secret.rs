//! What a warehouse's secret says: a pure function from JSON text to fields.
//!
//! The keys are those of Secrets Manager's Redshift secrets (User Guide, page
//! `reference_secret_json_structure`) and the spellings that DBAs use beside them, in any letter case. Values
//! are taken verbatim. No message here ever holds a value.

use arguments::SecretArn;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use crate::AwsError;

mod address;
mod fields;

use address::{Address, is_port_of};
use fields::{Fields, Members};

/// The port of a Redshift whose secret names none (Redshift Management Guide: clusters and workgroups alike).
const DEFAULT_PORT: u16 = 5439;

/// The names of the cluster: ours, that of Secrets Manager's structure, and that of the Redshift API.
const CLUSTER: [&str; 3] = ["cluster_identifier", "dbclusteridentifier", "clusteridentifier"];

/// The names of the workgroup: ours, and those of the Redshift Serverless API.
const WORKGROUP: [&str; 3] = ["workgroup", "workgroupname", "workgroup_name"];

/// How far TLS checks the warehouse, in the words of libpq and of Redshift's drivers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SslMode {
    /// The certificate is signed by a trusted authority and names the host.
    #[default]
    VerifyFull,
    /// The certificate is signed by a trusted authority.
    VerifyCa,
    /// The connection is encrypted, and nothing is checked.
    Require,
}

/// How to reach a warehouse.
#[derive(Clone)]
pub struct WarehouseSecret {
    /// The secret itself, for messages.
    pub arn: SecretArn,
    /// The host name.
    pub host: String,
    /// The port.
    pub port: u16,
    /// The database.
    pub database: String,
    /// Who logs in.
    pub credentials: Credentials,
    /// How far TLS checks the warehouse; full unless the secret says less.
    pub ssl_mode: SslMode,
    /// The cluster, where the host name does not tell.
    pub cluster_identifier: Option<String>,
    /// The workgroup, where the host name does not tell.
    pub workgroup: Option<String>,
    /// The keys that are not understood: a field may be misspelt.
    pub ignored_keys: Vec<String>,
}

/// Who logs in, and how it is shown.
#[derive(Clone)]
pub enum Credentials {
    /// A user with its password.
    Password {
        /// The user.
        user: String,
        /// Its password.
        password: SecretString,
    },
    /// Credentials that AWS makes for each connection.
    Temporary {
        /// The database user of a cluster that they are for; a workgroup has one for the job's role.
        user: Option<String>,
    },
}

impl std::fmt::Debug for WarehouseSecret {
    /// Shows which secret it is, and nothing of what it holds.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("WarehouseSecret").field("arn", &self.arn).finish_non_exhaustive()
    }
}

impl WarehouseSecret {
    /// Reads a secret's text. `arn` names it in errors.
    ///
    /// # Errors
    /// It is not a JSON object, or a field is missing, of the wrong type, given twice or not to be
    /// understood.
    pub fn parse(arn: &SecretArn, text: &SecretString) -> Result<Self, AwsError> {
        let Ok(members) = serde_json::from_str::<Members>(text.expose_secret()) else {
            return Err(AwsError::configuration(format!(
                "the secret {arn} is not a JSON object; store host, port, dbname, username and password as JSON"
            )));
        };
        let fields = Fields::new(arn, members)?;
        let address = address(&fields)?;
        Ok(Self {
            arn: arn.clone(),
            port: port(&fields, &address)?,
            database: database(&fields, &address)?,
            credentials: credentials(&fields, &address)?,
            host: address.host,
            ssl_mode: ssl_mode(&fields)?,
            cluster_identifier: fields.text(&CLUSTER)?,
            workgroup: fields.text(&WORKGROUP)?,
            // After all that asks for a field.
            ignored_keys: fields.ignored(),
        })
    }
}

/// The address, in any of its forms.
fn address(fields: &Fields) -> Result<Address, AwsError> {
    let text = fields.required(&["host", "hostname", "url", "jdbc_url"])?;
    Address::parse(&text).map_err(|(problem, remedy)| fields.wrong("host", problem, remedy))
}

/// The port: a number or digits in a field of its own, or in the address.
fn port(fields: &Fields, address: &Address) -> Result<u16, AwsError> {
    let field = match fields.value(&["port"])? {
        None => None,
        Some(Value::Number(number)) => Some(number.as_u64().and_then(|number| u16::try_from(number).ok())),
        Some(Value::String(digits)) => Some(digits.parse().ok()),
        Some(_) => Some(None),
    };
    let wrong = |problem, remedy| fields.wrong("port", problem, remedy);
    let not_a_number = || wrong("is not a port number", "give a number such as 5439");
    let port = match (field, address.port) {
        (None, None) => DEFAULT_PORT,
        (None, Some(port)) => port,
        (Some(port), None) => port.ok_or_else(not_a_number)?,
        (Some(port), Some(other)) if port == Some(other) => other,
        (Some(_), Some(_)) => return Err(wrong("is not that of the host's address", "keep one of them")),
    };
    if port == 0 {
        return Err(not_a_number());
    }
    if !is_port_of(&address.host, port) {
        let remedy = "a workgroup listens at 5431 to 5455 or 8191 to 8215, a cluster at 1150 or above";
        return Err(wrong("is none that such a warehouse has", remedy));
    }
    Ok(port)
}

/// The database, in a field of its own or in the address.
fn database(fields: &Fields, address: &Address) -> Result<String, AwsError> {
    let names = ["dbname", "database", "db"];
    match (fields.text(&names)?, &address.database) {
        (Some(name), Some(other)) if name != *other => {
            Err(fields.wrong("dbname", "is not that of the host's address", "keep one of them"))
        }
        (Some(name), _) => Ok(name),
        (None, Some(name)) => Ok(name.clone()),
        (None, None) => fields.required(&names),
    }
}

/// Who logs in: with the password, or without one with credentials that are fetched for each connection.
fn credentials(fields: &Fields, address: &Address) -> Result<Credentials, AwsError> {
    let users = ["username", "user"];
    match fields.text(&["password", "pass"])? {
        None => Ok(Credentials::Temporary { user: fields.text(&users)? }),
        Some(_) if address.temporary_credentials => Err(fields.wrong(
            "password",
            "is there, while the URL asks for temporary credentials",
            "leave the password out, or iam: in the URL",
        )),
        Some(password) => Ok(Credentials::Password {
            user: fields.required(&users)?,
            password: SecretString::from(password),
        }),
    }
}

/// How far TLS checks.
fn ssl_mode(fields: &Fields) -> Result<SslMode, AwsError> {
    match fields.text(&["sslmode"])?.as_deref() {
        None => Ok(SslMode::default()),
        Some("verify-full") => Ok(SslMode::VerifyFull),
        Some("verify-ca") => Ok(SslMode::VerifyCa),
        Some("require") => Ok(SslMode::Require),
        Some(_) => Err(fields.wrong("sslmode", "is not known", "give verify-full, verify-ca or require")),
    }
}

#[cfg(test)]
mod tests;
