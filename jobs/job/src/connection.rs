//! A session with a warehouse that can be opened anew when it is lost.

use crate::tries::Tries;
use crate::{Effects, JobError};
use arguments::SecretArn;
use aws::{Credentials, Warehouse, WarehouseSecret, read_warehouse_secret};
use migration::catalog::Catalog;
use migration::direction::{Refusal, Site};
use migration::name::QualifiedName;
use migration::outcome::ErrorKind;
use migration::words::number_of;
use redshift::check_login::{LoggedIn, logged_in};
use redshift::end_stale_sessions::end_stale_sessions;
use redshift::session::{Batch, Login, ResultSet, Session, SqlError, SslMode};
use redshift::tidy_table::tidy_table;
use std::num::NonZeroU32;

/// What it takes to open a session: kept, so that a lost one is opened anew from its secret.
#[derive(Clone, Debug)]
pub struct Way<E> {
    /// `source` or `target`.
    pub(crate) warehouse: &'static str,
    /// Where the login is.
    pub(crate) secret: SecretArn,
    /// What it is opened with.
    pub(crate) effects: E,
    /// What the warehouse lists the session as.
    pub(crate) application_name: String,
    /// Names of sessions that an earlier start may have left running, to be ended first.
    pub(crate) former: Vec<String>,
    /// Attempts to connect, and to read.
    pub(crate) attempts: NonZeroU32,
    /// What answered before; another session must reach the same place.
    pub(crate) site: Option<Site>,
}

/// A session with a warehouse, and the way to another one.
pub struct Connection<E: Effects> {
    session: E::Session,
    secret: WarehouseSecret,
    site: Site,
    way: Way<E>,
}

/// A session that was just opened.
struct Opened<S> {
    session: S,
    secret: WarehouseSecret,
    site: Site,
}

impl<E: Effects> Connection<E> {
    /// Opens a session, and tries again what may pass.
    pub async fn open(mut way: Way<E>) -> Result<Self, JobError> {
        let mut tries = Tries::of(way.attempts, way.effects.random());
        loop {
            match way.walk().await {
                Ok(Opened { session, secret, site }) => {
                    // From here on only a lost session of its own may be left running.
                    way.former = vec![way.application_name.clone()];
                    way.site = Some(site.clone());
                    return Ok(Self { session, secret, site, way });
                }
                Err(error) if tries.another(error.kind, &error).await => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Opens a session in place of one that is lost, with the secret as it is by now.
    pub async fn reopen(&mut self) -> Result<(), JobError> {
        let Self { session, secret, .. } = Self::open(self.way.clone()).await?;
        (self.session, self.secret) = (session, secret);
        log::info!("{} warehouse: connected again", self.way.warehouse);
        Ok(())
    }

    /// Does something that changes nothing, and tries it again on a new session where that may help.
    pub async fn read<T>(
        &mut self,
        mut work: impl AsyncFnMut(&mut E::Session) -> Result<T, JobError>,
    ) -> Result<T, JobError> {
        let mut tries = Tries::of(self.way.attempts, self.way.effects.random());
        loop {
            match work(&mut self.session).await {
                Ok(read) => return Ok(read),
                Err(error) if tries.another(error.kind, &error).await => {}
                Err(error) => return Err(error),
            }
            self.reopen().await?;
        }
    }

    /// Vacuums a table whose rows were replaced, on another session afterwards where this one is lost. Whether that was done: an error of
    /// VACUUM changes no row, and is a warning in the log.
    ///
    /// # Errors
    /// The session was lost, and cannot be opened any more.
    pub async fn tidy(&mut self, table: &QualifiedName) -> Result<bool, JobError> {
        let Err(error) = tidy_table(self, table).await else { return Ok(true) };
        log::warn!("{}: VACUUM failed, which changes no row: {error}", table.plain());
        if error.ends_session() {
            self.reopen().await?;
        }
        Ok(false)
    }

    /// Puts into a catalog what no query tells of its warehouse.
    pub(crate) fn describe(&self, catalog: &mut Catalog) -> Result<(), JobError> {
        catalog.kind = Some(Warehouse::of(&self.secret)?.kind());
        catalog.case_sensitive = self.session.case_sensitive_by_default();
        Ok(())
    }

    /// What the warehouse's secret says.
    pub fn secret(&self) -> &WarehouseSecret {
        &self.secret
    }

    /// What the session has reached.
    pub fn site(&self) -> &Site {
        &self.site
    }

    /// Random bits of the run.
    pub(crate) fn random(&self) -> [u8; 16] {
        self.way.effects.random()
    }

    /// The way to one more session with the same place, under a name of its own.
    pub(crate) fn way_beside(&self, application_name: String) -> Way<E> {
        Way { application_name, former: Vec::new(), ..self.way.clone() }
    }
}

impl<E: Effects> Session for Connection<E> {
    async fn run(&mut self, batch: &Batch) -> Result<Vec<ResultSet>, SqlError> {
        self.session.run(batch).await
    }

    fn case_sensitive_by_default(&self) -> Option<bool> {
        self.session.case_sensitive_by_default()
    }
}

impl<E: Effects> Way<E> {
    /// Names the keys of a secret that are not understood, and nothing of what they hold.
    fn name_ignored(&self, secret: &WarehouseSecret) {
        if !secret.ignored_keys.is_empty() {
            let keys = secret.ignored_keys.join(", ");
            log::warn!("the {} warehouse's secret has keys that no job reads: {keys}", self.warehouse);
        }
    }

    /// Opens a session once and sees to it that its user sees everything.
    async fn walk(&self) -> Result<Opened<E::Session>, JobError> {
        let secret = read_warehouse_secret(&self.effects.secrets(), &self.secret).await?;
        // At the first connection, not at every one.
        if self.site.is_none() {
            self.name_ignored(&secret);
        }
        let mut session = self.effects.connect(&self.login(&secret).await?).await?;
        let login = logged_in(&mut session).await;
        let login = login.map_err(|error| JobError::measuring(self.warehouse, &error))?;
        let site = Site { host: secret.host.clone(), place: login.place.clone() };
        if let Some(before) = self.site.as_ref().filter(|before| before.place != site.place) {
            return Err(Box::new(Refusal::Moved { before: before.clone(), now: site }).into());
        }
        if login.superuser {
            self.end_former(&mut session, &login).await?;
            return Ok(Opened { session, secret, site });
        }
        // A superuser's password cannot be disabled, as that of a role's user is; a random hash does (r_ALTER_USER).
        let message = format!(
            "{} warehouse {}: {} is no superuser and sees only a part of the catalog; name a superuser in its secret, or \
             ALTER USER {} CREATEUSER, with a PASSWORD where its own is disabled",
            self.warehouse,
            secret.host,
            login.user.as_str(),
            login.user
        );
        Err(JobError { kind: ErrorKind::Configuration, message })
    }

    async fn end_former(&self, session: &mut E::Session, login: &LoggedIn) -> Result<(), JobError> {
        if self.former.is_empty() {
            return Ok(());
        }
        let ended = end_stale_sessions(session, login, &self.former).await;
        let ended = ended.map_err(|error| JobError::measuring(self.warehouse, &error))?;
        if !ended.lists_ourselves {
            log::warn!(
                "{} warehouse: SYS_CONNECTION_LOG does not list this session as \"{}\"; a session of an earlier start that still \
                 runs would not be found: look for one, and end it with PG_TERMINATE_BACKEND",
                self.warehouse,
                self.application_name
            );
        }
        if ended.count > 0 {
            let ended = number_of(ended.count, "session");
            log::warn!("{} warehouse: ended {ended} that this job had left running", self.warehouse);
        }
        Ok(())
    }

    /// Who logs in where; temporary credentials are fetched for this one login, and used just as they come.
    async fn login(&self, secret: &WarehouseSecret) -> Result<Login, JobError> {
        let (user, password) = match &secret.credentials {
            Credentials::Password { user, password } => (user.clone(), password.clone()),
            Credentials::Temporary { user } => {
                let warehouse = Warehouse::of(secret)?;
                let database = secret.database.as_str();
                let user = user.as_deref();
                let fetched = self.effects.temporary_credentials(&warehouse, user, database).await?;
                (fetched.user, fetched.password)
            }
        };
        Ok(Login {
            warehouse: self.warehouse,
            host: secret.host.clone(),
            port: secret.port,
            database: secret.database.clone(),
            user,
            password,
            ssl_mode: match secret.ssl_mode {
                aws::SslMode::VerifyFull => SslMode::VerifyFull,
                aws::SslMode::VerifyCa => SslMode::VerifyCa,
                aws::SslMode::Require => SslMode::Require,
            },
            application_name: self.application_name.clone(),
        })
    }
}
