//! A session with a warehouse.
//!
//! SQL goes over the simple query protocol as text: the types of the catalogs differ between Redshift and
//! PostgreSQL, and several statements in one message cost one round trip.

mod connect;
mod digest_login;
mod error;
mod postgres;
mod result_set;
#[cfg(any(test, feature = "testing"))]
pub mod testing;

pub use connect::{ConnectError, Login, SslMode, connect};
pub use error::SqlError;
pub use postgres::PostgresSession;
pub use result_set::{DecodeError, ResultSet, Row};

use migration::statement::Sql;
use std::future::Future;

/// Where statements are sent.
pub trait Session: Send {
    /// Sends one message and waits for all of its results, one a statement.
    ///
    /// Outside BEGIN the statements of a message are one transaction: the first that fails undoes and ends it.
    fn run(&mut self, batch: &Batch) -> impl Future<Output = Result<Vec<ResultSet>, SqlError>> + Send;

    /// Whether names in quotes keep their case in a session of this login that does not ask for it; none where the warehouse does
    /// not tell.
    fn case_sensitive_by_default(&self) -> Option<bool>;
}

/// One simple-protocol message, built only from rendered statements.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    statements: Vec<Sql>,
}

impl Batch {
    /// A message of these statements.
    pub fn of(statements: impl IntoIterator<Item = Sql>) -> Self {
        Self { statements: statements.into_iter().collect() }
    }

    /// The statements.
    pub fn statements(&self) -> &[Sql] {
        &self.statements
    }

    /// The message's text.
    pub fn text(&self) -> String {
        let Some((last, before)) = self.statements.split_last() else { return String::new() };
        let before: String = before.iter().map(|statement| statement.terminated() + "\n").collect();
        before + last.as_str()
    }

    /// Whether it asks for a COMMIT: when the connection is lost meanwhile, nobody knows whether it happened.
    pub fn commits(&self) -> bool {
        self.statements.iter().any(|statement| *statement == migration::statement::commit())
    }
}

impl From<Sql> for Batch {
    fn from(statement: Sql) -> Self {
        Self { statements: vec![statement] }
    }
}
