//! What each client session did, counted where its messages arrive: the tests hold the jobs to their promises about
//! round trips and commits with these numbers.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Who a session belongs to; its application name may change while it lasts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionInfo {
    /// `application_name` as last set, empty if never.
    pub application_name: String,
    /// The user who logged in.
    pub user: String,
}

/// One session's figures at the moment they were asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionCounts {
    /// `application_name` as last set, empty if never.
    pub application_name: String,
    /// The user who logged in.
    pub user: String,
    /// Frontend messages after start-up.
    pub messages: u64,
    /// Statements run, one for each statement of a message.
    pub statements: u64,
    /// Transactions committed that a client began or a message implied.
    pub commits: u64,
    /// Bytes of the client's messages, start-up aside.
    pub bytes_received: u64,
    /// Bytes of the messages to the client.
    pub bytes_sent: u64,
}

/// The figures of all sessions since the warehouse started, in the order in which they connected.
#[derive(Debug, Default)]
pub struct Counters {
    connections: AtomicU64,
    sessions: Mutex<Vec<Arc<SessionCounter>>>,
}

impl Counters {
    /// Counts a connection, before anybody has logged in.
    pub fn count_connection(&self) {
        self.connections.fetch_add(1, Ordering::Relaxed);
    }

    /// The connections so far.
    pub fn connections(&self) -> u64 {
        self.connections.load(Ordering::Relaxed)
    }

    /// Begins to count for a session.
    pub fn open(&self, info: SessionInfo) -> Arc<SessionCounter> {
        let counter = Arc::new(SessionCounter {
            info: Mutex::new(info),
            messages: AtomicU64::new(0),
            statements: AtomicU64::new(0),
            commits: AtomicU64::new(0),
            bytes_received: AtomicU64::new(0),
            bytes_sent: AtomicU64::new(0),
        });
        lock(&self.sessions).push(Arc::clone(&counter));
        counter
    }

    /// The figures of every session so far, ended ones included.
    pub fn sessions(&self) -> Vec<SessionCounts> {
        lock(&self.sessions).iter().map(|counter| counter.counts()).collect()
    }
}

/// One session's counter, held by the session.
#[derive(Debug)]
pub struct SessionCounter {
    info: Mutex<SessionInfo>,
    messages: AtomicU64,
    statements: AtomicU64,
    commits: AtomicU64,
    bytes_received: AtomicU64,
    bytes_sent: AtomicU64,
}

impl SessionCounter {
    /// Counts a frontend message.
    pub fn count_message(&self) {
        self.messages.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts a statement.
    pub fn count_statement(&self) {
        self.statements.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts a commit.
    pub fn count_commit(&self) {
        self.commits.fetch_add(1, Ordering::Relaxed);
    }

    /// Notes how many bytes have come and gone so far.
    pub fn set_bytes(&self, received: u64, sent: u64) {
        self.bytes_received.store(received, Ordering::Relaxed);
        self.bytes_sent.store(sent, Ordering::Relaxed);
    }

    /// Notes a new application name.
    pub fn set_application_name(&self, name: &str) {
        name.clone_into(&mut lock(&self.info).application_name);
    }

    /// Who the session belongs to now.
    pub fn info(&self) -> SessionInfo {
        lock(&self.info).clone()
    }

    fn counts(&self) -> SessionCounts {
        let SessionInfo { application_name, user } = self.info();
        SessionCounts {
            application_name,
            user,
            messages: self.messages.load(Ordering::Relaxed),
            statements: self.statements.load(Ordering::Relaxed),
            commits: self.commits.load(Ordering::Relaxed),
            bytes_received: self.bytes_received.load(Ordering::Relaxed),
            bytes_sent: self.bytes_sent.load(Ordering::Relaxed),
        }
    }
}

/// A panic in another thread leaves plain figures behind, which are as good as before.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::{Counters, SessionCounts, SessionInfo};

    #[test]
    fn every_session_has_its_own_figures_and_keeps_them() {
        let counters = Counters::default();
        let info = SessionInfo { application_name: String::new(), user: "admin".to_owned() };
        let first = counters.open(info.clone());
        first.count_message();
        first.count_statement();
        first.count_statement();
        first.count_commit();
        first.set_bytes(70, 900);
        first.set_application_name("migrate-schema");
        drop(first);
        counters.open(info).count_message();
        let [first, second] = &counters.sessions()[..] else { panic!("two sessions") };
        let expected = SessionCounts {
            application_name: "migrate-schema".to_owned(),
            user: "admin".to_owned(),
            messages: 1,
            statements: 2,
            commits: 1,
            bytes_received: 70,
            bytes_sent: 900,
        };
        assert_eq!(*first, expected);
        assert_eq!((second.messages, second.statements, second.bytes_sent), (1, 0, 0));
    }
}
