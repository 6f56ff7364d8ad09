//! Connecting: TLS that verifies whom it talks to, the login, and the settings of every session.

use super::PostgresSession;
use super::digest_login::DigestConnect;
use migration::outcome::ErrorKind;
use native_tls::{Certificate, TlsConnector};
use postgres_native_tls::MakeTlsConnector;
use secrecy::{ExposeSecret, SecretString};
use std::error::Error;
use std::time::Duration;

/// How long one attempt to connect may take: a host that drops packets never answers.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(20);

/// How long a session may take from the first packet to the answer to its first statement. A peer that accepts a connection
/// and says nothing, as a load balancer before a paused warehouse may, would hold up a job until Glue ends it.
const SESSION_TIMEOUT: Duration = Duration::from_mins(1);

/// Redshift's network path drops idle connections while a long COPY runs (`connecting-drop-issues`).
const KEEPALIVE_IDLE: Duration = Duration::from_mins(1);

/// Between probes that nobody answers, and how many of them end a connection: after two minutes in all a job knows that
/// its warehouse is gone, and connects anew.
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(15);
const KEEPALIVE_PROBES: u32 = 4;

/// Who logs in where.
#[derive(Clone, Debug)]
pub struct Login {
    /// Which warehouse, for people to read: `source` or `target`.
    pub warehouse: &'static str,
    /// Host name, as its certificate names it.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// Database.
    pub database: String,
    /// Database user.
    pub user: String,
    /// The user's password.
    pub password: SecretString,
    /// How far the server's certificate is checked.
    pub ssl_mode: SslMode,
    /// What the warehouse lists the session as: job, run and table.
    pub application_name: String,
}

/// How far the server's certificate is checked; names are libpq's. There is no mode without TLS.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SslMode {
    /// Chain and host name.
    #[default]
    VerifyFull,
    /// Chain only.
    VerifyCa,
    /// Neither.
    Require,
}

/// Why there is no session.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ConnectError {
    /// What kind of error.
    pub kind: ErrorKind,
    /// Cause and remedy.
    pub message: String,
}

/// Opens a session and gives it the settings that every session of ours has.
///
/// # Errors
/// The warehouse cannot be reached, is not trusted, refuses the login or the settings, or has not answered after
/// 60 seconds.
pub async fn connect(login: &Login) -> Result<PostgresSession, ConnectError> {
    let opened = tokio::time::timeout(SESSION_TIMEOUT, open(login)).await;
    opened.unwrap_or_else(|_| {
        let Login { warehouse, host, port, .. } = login;
        let seconds = SESSION_TIMEOUT.as_secs();
        Err(ConnectError {
            kind: ErrorKind::Unreachable,
            message: format!(
                "{warehouse} warehouse {host}:{port} accepts connections and has not opened a session after {seconds} s: check \
                 that host and port in its secret are a warehouse's, and that it is available"
            ),
        })
    })
}

async fn open(login: &Login) -> Result<PostgresSession, ConnectError> {
    let tls = tls_connector(login.ssl_mode).map_err(|error| ConnectError {
        kind: ErrorKind::Internal,
        message: format!("cannot set up TLS: {error}"),
    })?;
    let mut config = tokio_postgres::Config::new();
    config
        .host(&login.host)
        .port(login.port)
        .dbname(&login.database)
        .user(&login.user)
        .password(login.password.expose_secret())
        .application_name(&login.application_name)
        .ssl_mode(tokio_postgres::config::SslMode::Require)
        .connect_timeout(CONNECT_TIMEOUT)
        .keepalives_idle(KEEPALIVE_IDLE)
        .keepalives_interval(KEEPALIVE_INTERVAL)
        .keepalives_retries(KEEPALIVE_PROBES);
    let tls = DigestConnect { tls, password: login.password.clone() };
    let (client, connection) = config.connect(tls).await.map_err(|error| explain(login, &error))?;
    // It ends with the connection; what went wrong reaches whoever waits for an answer.
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            log::debug!("a connection ended: {error}");
        }
    });
    let mut session = PostgresSession::new(client);
    session.start().await.map_err(|error| ConnectError {
        kind: error.kind,
        message: format!("{} warehouse {}: cannot start a session: {error}", login.warehouse, login.host),
    })?;
    Ok(session)
}

/// System roots, and Mozilla's, which hold Amazon's: an empty root file system has none of its own.
fn tls_connector(mode: SslMode) -> Result<MakeTlsConnector, native_tls::Error> {
    let mut builder = TlsConnector::builder();
    for root in webpki_root_certs::TLS_SERVER_ROOT_CERTS {
        builder.add_root_certificate(Certificate::from_der(root)?);
    }
    builder.danger_accept_invalid_hostnames(mode != SslMode::VerifyFull);
    builder.danger_accept_invalid_certs(mode == SslMode::Require);
    Ok(MakeTlsConnector::new(builder.build()?))
}

fn explain(login: &Login, error: &tokio_postgres::Error) -> ConnectError {
    let place = format!("{} warehouse {}:{}", login.warehouse, login.host, login.port);
    if let Some(refusal) = error.as_db_error() {
        let code = refusal.code().code();
        let (kind, remedy) = match code.get(..2) {
            Some("28") => (ErrorKind::Denied, "check username and password in its secret"),
            Some("3D") => (ErrorKind::Configuration, "check the database in its secret"),
            Some("53") => (ErrorKind::Unreachable, "try again when it has connections free"),
            _ => (ErrorKind::Unreachable, "check that it is available"),
        };
        let message = format!("{place} refused the login ({}): {remedy}", refusal.message());
        return ConnectError { kind, message };
    }
    let chain = std::iter::successors(error.source(), |cause| (*cause).source());
    let causes = chain.map(ToString::to_string).collect::<Vec<_>>();
    let cause = causes.last().cloned().unwrap_or_else(|| error.to_string());
    let certificate = causes.iter().find(|text| text.contains("certificate"));
    if let Some(text) = certificate {
        let cause = verification_failure(text);
        let message = format!(
            "{place} is not trusted ({cause}): use the host name that its certificate names, signed by a known authority"
        );
        // Another attempt meets the same certificate.
        return ConnectError { kind: ErrorKind::Denied, message };
    }
    let message =
        format!("cannot reach {place} ({cause}): check host and port in its secret, and the network between");
    ConnectError { kind: ErrorKind::Unreachable, message }
}

/// What OpenSSL says of a certificate, without its file names and line numbers: it ends with the reason in brackets, if
/// it has one.
fn verification_failure(text: &str) -> &str {
    let reason = text.strip_suffix(')').and_then(|text| text.rsplit_once('(')).map(|(_, reason)| reason);
    reason.unwrap_or("certificate verify failed")
}

#[cfg(test)]
mod tests {
    use super::{Login, SslMode, connect};
    use migration::outcome::ErrorKind;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    /// Logs in to a peer that accepts the connection, sends this and says nothing more. The clock of the test runs ahead
    /// whenever both sides wait.
    async fn log_in_to_a_silent_peer(first_words: &'static [u8]) -> (ErrorKind, String) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            stream.write_all(first_words).await.unwrap();
            let mut heard = [0; 1024];
            while stream.read(&mut heard).await.unwrap() > 0 {}
        });
        let login = Login {
            warehouse: "source",
            host: "127.0.0.1".to_owned(),
            port,
            database: "dev".to_owned(),
            user: "admin".to_owned(),
            password: "secret".to_owned().into(),
            ssl_mode: SslMode::VerifyFull,
            application_name: "test".to_owned(),
        };
        #[allow(clippy::disallowed_methods, reason = "this is what is tested")]
        let error = connect(&login).await.err().expect("no session");
        (error.kind, error.message)
    }

    #[tokio::test(start_paused = true)]
    async fn a_peer_that_says_nothing_is_out_of_reach() {
        // Nothing at all; consent to TLS, and no handshake.
        for first_words in [&b""[..], b"S"] {
            let (kind, message) = log_in_to_a_silent_peer(first_words).await;
            assert_eq!(kind, ErrorKind::Unreachable, "{message}");
            assert!(message.contains("has not opened a session after 60 s"), "{message}");
        }
    }
}
