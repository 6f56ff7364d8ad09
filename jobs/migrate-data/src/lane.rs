//! A session for one table after the other, opened when the first of them comes.

use job::{Connection, JobError, Way};

/// One session, or the way to it.
pub struct Lane {
    way: Way,
    connection: Option<Connection>,
}

impl Lane {
    /// A lane whose session is open.
    pub fn open(way: Way, connection: Connection) -> Self {
        Self { way, connection: Some(connection) }
    }

    /// A lane whose session is opened when it is needed.
    pub fn closed(way: Way) -> Self {
        Self { way, connection: None }
    }

    /// The session.
    pub async fn connection(&mut self) -> Result<&mut Connection, JobError> {
        let connection = match self.connection.take() {
            Some(open) => open,
            None => Connection::open(self.way.clone()).await?,
        };
        Ok(self.connection.insert(connection))
    }

    /// Opens the session anew that is lost.
    pub async fn reopen(&mut self) -> Result<(), JobError> {
        self.connection().await?.reopen().await
    }
}
