//! What a warehouse's secret says: a pure function from JSON text to fields.
//!
//! The keys are those of Secrets Manager's Redshift secrets (User Guide, page
//! `reference_secret_json_structure`) and the spellings that DBAs use beside them, in any letter case. Values
//! are taken verbatim. No message here ever holds a value.

use arguments::SecretArn;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};

use crate::AwsError;

mod fields;

use fields::Fields;

/// The port of a Redshift whose secret names none (Redshift Management Guide: clusters and workgroups alike).
const DEFAULT_PORT: u16 = 5439;

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
    /// The user.
    pub user: String,
    /// The user's password.
    pub password: SecretString,
    /// How far TLS checks the warehouse; full unless the secret says less.
    pub ssl_mode: SslMode,
    /// The cluster, where the host name does not tell.
    pub cluster_identifier: Option<String>,
    /// The workgroup, where the host name does not tell.
    pub workgroup: Option<String>,
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
        let Ok(object) = serde_json::from_str::<Map<String, Value>>(text.expose_secret()) else {
            return Err(AwsError::configuration(format!(
                "the secret {arn} is not a JSON object; store host, port, dbname, username and password as JSON"
            )));
        };
        let fields = Fields::new(arn, object);
        Ok(Self {
            arn: arn.clone(),
            host: host(&fields)?,
            port: port(&fields)?,
            database: fields.required(&["dbname", "database", "db"])?,
            user: fields.required(&["username", "user"])?,
            password: password(&fields)?,
            ssl_mode: ssl_mode(&fields)?,
            cluster_identifier: fields.text(&["cluster_identifier"])?,
            workgroup: fields.text(&["workgroup"])?,
        })
    }
}

/// The host; the console shows an endpoint as `host:port/database`, which is no host name.
fn host(fields: &Fields) -> Result<String, AwsError> {
    let host = fields.required(&["host", "hostname"])?;
    if host.contains([':', '/']) || host.contains(char::is_whitespace) {
        return Err(fields.wrong(
            "host",
            "is more than a host name",
            "give the name alone, without port and database",
        ));
    }
    Ok(host)
}

/// The port, as a number or as digits.
fn port(fields: &Fields) -> Result<u16, AwsError> {
    let port = match fields.value(&["port"])? {
        None => return Ok(DEFAULT_PORT),
        Some(Value::Number(number)) => number.as_u64().and_then(|number| u16::try_from(number).ok()),
        Some(Value::String(digits)) => digits.parse().ok(),
        Some(_) => None,
    };
    port.filter(|&port| port != 0)
        .ok_or_else(|| fields.wrong("port", "is not a port number", "give a number such as 5439"))
}

/// The password. Without one, temporary credentials would have to be fetched, which this version does not do.
fn password(fields: &Fields) -> Result<SecretString, AwsError> {
    fields.text(&["password", "pass"])?.map(SecretString::from).ok_or_else(|| {
        fields.wrong(
            "password",
            "is missing, and logging in with temporary credentials is not supported yet",
            "add the user's password",
        )
    })
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
