//! A session for one table after the other, opened when the first of them comes.

use job::{Connection, Effects, JobError, Way};

/// One session, or the way to it.
pub struct Lane<E: Effects> {
    way: Way<E>,
    connection: Option<Connection<E>>,
}

impl<E: Effects> Lane<E> {
    /// A lane whose session is open.
    pub fn open(way: Way<E>, connection: Connection<E>) -> Self {
        Self { way, connection: Some(connection) }
    }

    /// A lane whose session is opened when it is needed.
    pub fn closed(way: Way<E>) -> Self {
        Self { way, connection: None }
    }

    /// The session.
    pub async fn connection(&mut self) -> Result<&mut Connection<E>, JobError> {
        let connection = match self.connection.take() {
            Some(open) => open,
            None => Connection::open(self.way.clone()).await?,
        };
        Ok(self.connection.insert(connection))
    }

    /// Opens a session in place of one that is lost.
    pub async fn reopen(&mut self) -> Result<(), JobError> {
        self.connection().await?.reopen().await
    }
}
