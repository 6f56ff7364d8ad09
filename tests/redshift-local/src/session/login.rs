//! From a fresh connection to a session: TLS, then the password, then a backend of its own.

use std::io;
use std::sync::Arc;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::backend::Backend;
use super::client::Client;
use super::extended_query::Prepared;
use super::password::{Challenge, Stored};
use super::temporary_login::TemporaryLogin;
use super::{Server, Session, errors};
use crate::counters::SessionInfo;
use crate::postgres::{SUPERUSER, connect_as_superuser};
use crate::protocol::message::malformed;
use crate::protocol::startup::Startup;
use crate::protocol::{Fields, Message};
use crate::statement::{CASE_SENSITIVE_SETTING, StatementError, quote_literal};

/// Start-up parameters that are passed on.
const PASSED_ON: [&str; 7] = [
    "user",
    "database",
    "application_name",
    "client_encoding",
    "datestyle",
    "extra_float_digits",
    "timezone",
];

/// What Amazon's own drivers tell of themselves at start-up, which nothing here depends on.
const DRIVER_PARAMETERS: [&str; 10] = [
    "client_protocol_version",
    "driver_version",
    "driver_discovery_version",
    "os_version",
    "plugin_name",
    "idp_type",
    "provider_name",
    "token_type",
    "identity_namespace",
    "idc_client_display_name",
];

/// What Redshift reports at login that PostgreSQL does not.
const REDSHIFT_PARAMETERS: [(&str, &str); 6] = [
    ("server_version", "8.0.2"),
    ("server_protocol_version", "0"),
    ("padb_version", "1.0.63269"),
    ("padb_revision", "0"),
    ("max_numeric_precision", "38"),
    ("max_varchar_size", "65535"),
];

/// What PostgreSQL reports and Redshift does not, or says otherwise.
pub(super) const HIDDEN_PARAMETERS: [&str; 7] = [
    "server_version",
    "standard_conforming_strings",
    "default_transaction_read_only",
    "in_hot_standby",
    "scram_iterations",
    "search_path",
    "IntervalStyle",
];

/// Logs a client in. Gives nothing when the client was refused, or only wanted a statement cancelled.
pub async fn login(mut stream: TcpStream, server: &Server) -> io::Result<Option<Session<'_>>> {
    loop {
        match Startup::read(&mut stream).await? {
            Startup::Tls => break,
            Startup::Gss => stream.write_all(b"N").await?,
            Startup::Cancel(key) => {
                Backend::cancel(&server.socket_directory, &key).await?;
                return Ok(None);
            }
            Startup::Parameters(parameters) => {
                refuse_plaintext(&mut stream, &parameters).await?;
                return Ok(None);
            }
        }
    }
    stream.write_all(b"S").await?;
    let acceptor = TlsAcceptor::from(Arc::clone(&server.tls));
    let mut stream = acceptor.accept(stream).await.map_err(io::Error::other)?;
    let parameters = match Startup::read(&mut stream).await? {
        Startup::Parameters(parameters) => parameters,
        Startup::Cancel(key) => {
            Backend::cancel(&server.socket_directory, &key).await?;
            return Ok(None);
        }
        Startup::Tls | Startup::Gss => return Err(malformed("encryption asked for twice")),
    };
    authenticate(stream, parameters, server).await
}

/// Redshift with `require_ssl` (Management Guide, connecting-ssl-support) answers as PostgreSQL does.
async fn refuse_plaintext(stream: &mut TcpStream, parameters: &[(String, String)]) -> io::Result<()> {
    let value = |name| parameters.iter().find(|(found, _)| found == name).map_or("", |(_, value)| value);
    let error = StatementError::new(
        "28000",
        format!(
            "no pg_hba.conf entry for host \"127.0.0.1\", user \"{}\", database \"{}\", SSL off",
            value("user"),
            value("database")
        ),
    )
    .with_hint("redshift-local: connect with TLS, for instance sslmode=verify-full");
    Fields::of_error("FATAL", &error).encode(b'E').write_to(stream).await?;
    stream.shutdown().await
}

async fn authenticate(
    stream: TlsStream<TcpStream>,
    parameters: Vec<(String, String)>,
    server: &Server,
) -> io::Result<Option<Session<'_>>> {
    let mut client = Client::new(stream);
    let refusal = match check(&mut client, &parameters, server).await? {
        Ok(passed_on) => match open(client, passed_on, server).await? {
            Ok(session) => return Ok(Some(session)),
            Err((mut client, fields)) => {
                client.send(&errors::translate(fields.encode(b'E'), &server.names, "")?).await?;
                return client.flush().await.map(|()| None);
            }
        },
        Err(refusal) => refusal,
    };
    client.send(&Fields::of_error("FATAL", &refusal).encode(b'E')).await?;
    client.flush().await.map(|()| None)
}

/// Checks the parameters and the password. The inner error is what the client is refused with.
async fn check(
    client: &mut Client,
    parameters: &[(String, String)],
    server: &Server,
) -> io::Result<Result<Vec<(String, String)>, StatementError>> {
    let mut passed_on = Vec::new();
    for (name, value) in parameters {
        let lower = name.to_ascii_lowercase();
        let ignored = DRIVER_PARAMETERS.contains(&lower.as_str())
            || lower.starts_with("_pq_.")
            || (lower == "options" && value.is_empty());
        if PASSED_ON.contains(&lower.as_str()) {
            passed_on.push((lower, value.clone()));
        } else if !ignored {
            return Ok(Err(StatementError::unsupported(format!("start-up parameter \"{name}\""))));
        }
    }
    let get = |name: &str| passed_on.iter().find(|(found, _)| found == name).map(|(_, value)| value.clone());
    let Some(user) = get("user") else {
        return Ok(Err(StatementError::new("28000", "no user name specified in startup packet")));
    };
    let database = get("database").unwrap_or_else(|| user.clone());
    let temporary = TemporaryLogin::of(&user, server.identifier.as_deref());
    if let Err(refusal) = check_password(client, &user, temporary.as_ref(), server).await? {
        return Ok(Err(refusal));
    }
    if let Some(login) = temporary {
        // The session is the database user's, whose rights it has.
        for (_, value) in passed_on.iter_mut().filter(|(name, _)| name == "user") {
            login.role.clone_into(value);
        }
    }
    if database != server.database {
        return Ok(Err(StatementError::new("3D000", format!("database \"{database}\" does not exist"))));
    }
    Ok(Ok(passed_on))
}

/// Asks for the password in the way that it is kept in.
async fn check_password(
    client: &mut Client,
    user: &str,
    temporary: Option<&TemporaryLogin<'_>>,
    server: &Server,
) -> io::Result<Result<(), StatementError>> {
    let stored = match temporary {
        Some(login) => Some(Stored::Md5(login.stored.clone())),
        None if user == SUPERUSER => None,
        None => stored_password(user, server).await?,
    };
    let challenge = Challenge::of(stored);
    client.send(&Message::new(b'R', challenge.request())).await?;
    client.flush().await?;
    match client.next().await? {
        Some(answer) if answer.tag == challenge.answered_by() && challenge.is_met_by(answer.body.clone()) => {
            Ok(Ok(()))
        }
        Some(Message { tag: b'p' | b'd', .. }) => Ok(Err(StatementError::new(
            "28P01",
            format!("password authentication failed for user \"{user}\""),
        ))),
        _ => Err(malformed("no answer to the request for a password")),
    }
}

/// What is kept of a user's password; nothing if there is no such user, it has none, or it is no longer valid.
async fn stored_password(user: &str, server: &Server) -> io::Result<Option<Stored>> {
    let sql = format!(
        "SELECT a.rolpassword, p.digest, p.salt FROM pg_catalog.pg_authid a \
         LEFT JOIN redshift_catalog.rs_password p ON p.role = a.oid WHERE a.rolname = {} AND a.rolcanlogin \
         AND (a.rolvaliduntil IS NULL OR a.rolvaliduntil > now())",
        quote_literal(user)
    );
    let mut admin =
        connect_as_superuser(&server.socket_directory, &server.database).await.map_err(io::Error::other)?;
    let row = admin.query(&sql).await.map_err(io::Error::other)?.into_iter().next();
    Ok(row.and_then(|row| Stored::of_row(&row)))
}

/// Opens the session's backend and greets the client. The inner error is PostgreSQL's refusal.
async fn open(
    mut client: Client,
    parameters: Vec<(String, String)>,
    server: &Server,
) -> io::Result<Result<Session<'_>, (Client, Fields)>> {
    let borrowed: Vec<_> = parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let (mut backend, greeting) = match Backend::connect(&server.socket_directory, &borrowed).await? {
        Ok(connected) => connected,
        Err(fields) => return Ok(Err((client, fields))),
    };
    let setting = format!("SELECT pg_catalog.current_setting('rs.{CASE_SENSITIVE_SETTING}', true)");
    let rows = backend.query(&setting).await.map_err(io::Error::other)?;
    let case_sensitive = rows.into_iter().flatten().next().flatten().as_deref() == Some("on");
    let get =
        |name| borrowed.iter().find(|(found, _)| *found == name).map_or("", |(_, value)| value).to_owned();
    let info = SessionInfo { application_name: get("application_name"), user: get("user") };
    client.send(&Message::new(b'R', &[0u8; 4][..])).await?;
    for (name, value) in REDSHIFT_PARAMETERS {
        client.send(&Message::parameter_status(name, value)).await?;
    }
    let mut session = Session {
        server,
        client,
        backend,
        counter: server.counters.open(info),
        case_sensitive,
        case_sensitive_before: case_sensitive,
        case_sensitive_by_default: case_sensitive,
        prepared: Prepared::default(),
        statement: String::new(),
    };
    for message in greeting {
        match message.tag {
            b'S' => session.relay_parameter(message).await?,
            b'K' => session.client.send(&message).await?,
            _ => {}
        }
    }
    session.ready().await?;
    Ok(Ok(session))
}
