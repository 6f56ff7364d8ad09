//! A warehouse from start to stop: PostgreSQL, the compatibility catalog in it, and the listener in front.

use std::net::Ipv4Addr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};

use crate::counters::{Counters, SessionCounts};
use crate::faults::Faults;
use crate::options::{Kind, Options};
use crate::postgres::{Identity, Postgres, SUPERUSER};
use crate::reference;
use crate::session::{self, Backend, Server, certificate, password};
use crate::statement::{Names, quote_identifier, quote_literal};
use crate::transfer::Transfers;

/// The compatibility catalog, in the order in which it is loaded.
const CATALOG: [(&str, &str); 34] = [
    ("schema.sql", include_str!("../sql/schema.sql")),
    ("types.sql", include_str!("../sql/types.sql")),
    ("operators.sql", include_str!("../sql/operators.sql")),
    ("functions.sql", include_str!("../sql/functions.sql")),
    ("json.sql", include_str!("../sql/json.sql")),
    ("dates.sql", include_str!("../sql/dates.sql")),
    ("attributes.sql", include_str!("../sql/attributes.sql")),
    ("guard_tables.sql", include_str!("../sql/guard_tables.sql")),
    ("identities.sql", include_str!("../sql/identities.sql")),
    ("access_lists.sql", include_str!("../sql/access_lists.sql")),
    ("catalog_functions.sql", include_str!("../sql/catalog_functions.sql")),
    ("keys.sql", include_str!("../sql/keys.sql")),
    ("table_attributes.sql", include_str!("../sql/table_attributes.sql")),
    ("alter_table.sql", include_str!("../sql/alter_table.sql")),
    ("append.sql", include_str!("../sql/append.sql")),
    ("late_binding_views.sql", include_str!("../sql/late_binding_views.sql")),
    ("materialized_views.sql", include_str!("../sql/materialized_views.sql")),
    ("principals.sql", include_str!("../sql/principals.sql")),
    ("system_permissions.sql", include_str!("../sql/system_permissions.sql")),
    ("relations.sql", include_str!("../sql/relations.sql")),
    ("routines.sql", include_str!("../sql/routines.sql")),
    ("privileges.sql", include_str!("../sql/privileges.sql")),
    ("show.sql", include_str!("../sql/show.sql")),
    ("comments.sql", include_str!("../sql/comments.sql")),
    ("schemas.sql", include_str!("../sql/schemas.sql")),
    ("policies.sql", include_str!("../sql/policies.sql")),
    ("guarded_readers.sql", include_str!("../sql/guarded_readers.sql")),
    ("guards.sql", include_str!("../sql/guards.sql")),
    ("svv.sql", include_str!("../sql/svv.sql")),
    ("other_objects.sql", include_str!("../sql/other_objects.sql")),
    ("sessions.sql", include_str!("../sql/sessions.sql")),
    ("permissions.sql", include_str!("../sql/permissions.sql")),
    ("default_privileges.sql", include_str!("../sql/default_privileges.sql")),
    ("transfers.sql", include_str!("../sql/transfers.sql")),
];

/// What PostgreSQL has and Redshift has otherwise.
const POSTGRESQL_RELATIONS: (&str, &str) =
    ("postgresql_relations.sql", include_str!("../sql/postgresql_relations.sql"));

/// What only a provisioned cluster has.
const PROVISIONED: (&str, &str) = ("provisioned.sql", include_str!("../sql/provisioned.sql"));

/// Loaded last: lengths of values, what watches statements, and grants of what is there by then.
const LAST: [(&str, &str); 3] = [
    ("lengths.sql", include_str!("../sql/lengths.sql")),
    ("event_triggers.sql", include_str!("../sql/event_triggers.sql")),
    ("grants.sql", include_str!("../sql/grants.sql")),
];

/// The database that initdb makes, until it gets its name.
const INITIAL_DATABASE: &str = "postgres";

/// The database to connect to while there may be no other.
const MAINTENANCE_DATABASE: &str = "template1";

/// A running warehouse. Dropping it ends it at once; [`Warehouse::stop`] is the orderly way.
#[derive(Debug)]
pub struct Warehouse {
    port: u16,
    postgres: Postgres,
    server: Arc<Server>,
    listening: JoinHandle<()>,
}

impl Warehouse {
    /// Starts PostgreSQL, creates the database and its catalog unless an earlier run did, and accepts clients.
    pub async fn start(options: Options) -> Result<Self> {
        let tls = certificate::server_config(&options.certificate, &options.key)?;
        let identity =
            Identity { patch: options.patch, slices: options.slices, namespace: options.namespace.clone() };
        let postgres = Postgres::start(&options.postgres, &options.directory, &identity).await?;
        create_database(&postgres, &options).await?;
        let mut database = postgres.connect(&options.database).await?;
        let names = names(&mut database, options.kind).await?;
        let guards = database.query("SELECT 1 FROM redshift_catalog.rs_guard LIMIT 1").await?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port))
            .await
            .with_context(|| format!("cannot listen on 127.0.0.1:{}", options.port))?;
        let port = listener.local_addr()?.port();
        let socket_directory = postgres.socket_directory().to_owned();
        let faults = Arc::new(Faults::default());
        let transfers = Transfers::new(&options, socket_directory.clone(), Arc::clone(&faults)).await;
        let server = Arc::new(Server {
            tls,
            socket_directory,
            database: options.database,
            identifier: options.identifier,
            names,
            transfers,
            faults,
            counters: Counters::default(),
            vacuums: session::Vacuums::default(),
            guarded: AtomicBool::new(!guards.is_empty()),
        });
        let listening = tokio::spawn(listen(listener, Arc::clone(&server)));
        Ok(Self { port, postgres, server, listening })
    }

    /// The TCP port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The namespace's id, which `CURRENT_NAMESPACE` gives.
    pub fn namespace(&self) -> &str {
        self.postgres.namespace()
    }

    /// The directory of PostgreSQL's unix socket, where user `rdsdb` is trusted: for checks that bypass the proxy.
    pub fn backend_socket(&self) -> &Path {
        self.postgres.socket_directory()
    }

    /// What every client session so far has done, in the order in which they came.
    pub fn sessions(&self) -> Vec<SessionCounts> {
        self.server.counters.sessions()
    }

    /// How many connections clients have opened so far, refused logins included.
    pub fn connections(&self) -> u64 {
        self.server.counters.connections()
    }

    /// What a test breaks things with.
    pub fn faults(&self) -> &Faults {
        &self.server.faults
    }

    /// Drops every client and stops PostgreSQL.
    pub async fn stop(self) -> Result<()> {
        self.listening.abort();
        self.postgres.stop().await
    }
}

/// Accepts clients until it is aborted, which ends their sessions, too.
async fn listen(listener: TcpListener, server: Arc<Server>) {
    let mut sessions = JoinSet::new();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                server.counters.count_connection();
                let server = Arc::clone(&server);
                sessions.spawn(async move {
                    if let Err(error) = session::serve(stream, &server).await {
                        log::debug!("a session ended: {error}");
                    }
                });
            }
            Err(error) => log::warn!("cannot accept a connection: {error}"),
        }
        while sessions.try_join_next().is_some() {}
    }
}

/// Creates the database with its catalog and the first superuser, unless an earlier start did. The database gets its
/// name last, so that a start cut short is not taken for a whole one. It is the one that initdb made: creating another
/// would take longer than everything else here.
async fn create_database(postgres: &Postgres, options: &Options) -> Result<()> {
    let mut admin = postgres.connect(MAINTENANCE_DATABASE).await?;
    let exists = format!("SELECT 1 FROM pg_database WHERE datname = {}", quote_literal(&options.database));
    if !admin.query(&exists).await?.is_empty() {
        return Ok(());
    }
    ensure!(
        options.user != SUPERUSER && !options.user.contains(' '),
        "the superuser cannot be named \"{}\": choose another name",
        options.user
    );
    let mut database = postgres.connect(INITIAL_DATABASE).await.with_context(|| {
        format!("{} holds a warehouse with another database: remove it first", options.directory.display())
    })?;
    create_catalog(&mut database, options).await?;
    drop(database);
    let name = quote_identifier(&options.database);
    // The backend of the connection just dropped may need a moment to go.
    loop {
        match admin.query(&format!("ALTER DATABASE {INITIAL_DATABASE} RENAME TO {name}")).await {
            Err(error) if error.sqlstate == "55006" => tokio::time::sleep(Duration::from_millis(1)).await,
            result => return result.map(drop).context("cannot name the database"),
        }
    }
}

/// All of it in one transaction: it is there as a whole or not at all.
async fn create_catalog(database: &mut Backend, options: &Options) -> Result<()> {
    let exists = "SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = 'redshift_catalog'";
    if !database.query(exists).await?.is_empty() {
        return Ok(());
    }
    database.query("BEGIN").await?;
    for (file, sql) in CATALOG {
        load(database, file, sql).await?;
    }
    if options.kind == Kind::Provisioned {
        load(database, PROVISIONED.0, PROVISIONED.1).await?;
    }
    database.query(&listed_columns()).await?;
    load(database, POSTGRESQL_RELATIONS.0, POSTGRESQL_RELATIONS.1).await?;
    for (file, sql) in LAST {
        load(database, file, sql).await?;
    }
    let user = quote_identifier(&options.user);
    let hash = quote_literal(&password::stored_hash(&options.password, &options.user));
    database.query(&format!("CREATE ROLE {user} SUPERUSER CREATEDB LOGIN PASSWORD {hash}")).await?;
    database.query("COMMIT").await?;
    Ok(())
}

/// A temporary table of the columns of Redshift's relations, for [`POSTGRESQL_RELATIONS`].
fn listed_columns() -> String {
    let rows: Vec<_> = reference::columns()
        .map(|column| format!("({}, {})", quote_literal(column.relation), quote_literal(column.name)))
        .collect();
    format!(
        "CREATE TEMPORARY TABLE rs_listed_column (relation text, column_name text); INSERT INTO rs_listed_column VALUES {}",
        rows.join(", ")
    )
}

async fn load(database: &mut Backend, file: &str, sql: &str) -> Result<()> {
    database.query(sql).await.map(drop).with_context(|| format!("cannot load {file}"))
}

/// What stands in the compatibility catalog, and PostgreSQL's own functions with what only its grammar knows (class C).
async fn names(database: &mut Backend, kind: Kind) -> Result<Names> {
    let shadowed = column(
        database,
        "SELECT relname FROM pg_catalog.pg_class WHERE relnamespace = 'redshift_catalog'::regnamespace \
         UNION SELECT proname FROM pg_catalog.pg_proc WHERE pronamespace = 'redshift_catalog'::regnamespace",
    )
    .await?;
    let postgres = column(
        database,
        "SELECT proname FROM pg_catalog.pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace \
         UNION SELECT word FROM pg_catalog.pg_get_keywords() WHERE catcode = 'C'",
    )
    .await?;
    Ok(Names::new(kind, shadowed.into_iter().filter(|name| !name.starts_with("rs_")), postgres))
}

/// The values of a query's one column.
async fn column(database: &mut Backend, query: &str) -> Result<Vec<String>> {
    Ok(database.query(query).await?.into_iter().flatten().flatten().collect())
}
