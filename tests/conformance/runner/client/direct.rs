//! tokio-postgres over the simple protocol: a record is one message, whatever number of statements it holds.

use super::{Answer, Refusal};
use crate::endpoint::Endpoint;
use std::error::Error;
use std::sync::Arc;
use tokio_postgres::config::SslMode;
use tokio_postgres::{Client, Config, SimpleQueryMessage};
use tokio_postgres_rustls::MakeRustlsConnect;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// The client's name.
pub const NAME: &str = "tokio-postgres";

/// An open session.
pub struct Session(Client);

/// Connects with verification of chain and host name.
pub async fn connect(endpoint: &Endpoint) -> Result<Session, Refusal> {
    let broken = |error: &dyn Error| Refusal::Connection(error.to_string());
    let mut roots = RootCertStore::empty();
    match &endpoint.authorities {
        Some(file) => {
            for certificate in CertificateDer::pem_file_iter(file).map_err(|error| broken(&error))? {
                let certificate = certificate.map_err(|error| broken(&error))?;
                roots.add(certificate).map_err(|error| broken(&error))?;
            }
        }
        None => {
            roots.add_parsable_certificates(webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().cloned());
        }
    }
    let tls = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| broken(&error))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let mut config = Config::new();
    config
        .host(&endpoint.host)
        .port(endpoint.port)
        .dbname(&endpoint.database)
        .user(&endpoint.user)
        .password(&endpoint.password)
        .application_name("conformance")
        .ssl_mode(SslMode::Require);
    let (client, connection) =
        config.connect(MakeRustlsConnect::new(tls)).await.map_err(|error| refusal(&error))?;
    tokio::spawn(connection);
    Ok(Session(client))
}

impl Session {
    /// Sends one message.
    pub async fn run(&mut self, sql: &str) -> Result<Answer, Refusal> {
        let mut answer = Answer::default();
        for message in self.0.simple_query(sql).await.map_err(|error| refusal(&error))? {
            match message {
                SimpleQueryMessage::RowDescription(columns) => answer.columns = columns.len(),
                SimpleQueryMessage::Row(row) => {
                    answer.rows.push((0..row.len()).map(|at| row.get(at).map(str::to_owned)).collect());
                }
                _ => {}
            }
        }
        Ok(answer)
    }
}

fn refusal(error: &tokio_postgres::Error) -> Refusal {
    match error.as_db_error() {
        Some(error) => Refusal::Warehouse {
            sqlstate: error.code().code().to_owned(),
            message: error.message().to_owned(),
        },
        None => Refusal::Connection(error.to_string()),
    }
}
