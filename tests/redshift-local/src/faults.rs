//! Faults that a test sets: the connection of a client is dropped at its Nth message, so that a job can be shown to end
//! as if nothing had happened when it is started again.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::counters::SessionInfo;

/// When the connection is dropped, seen from the message that it is dropped at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// The backend never sees the message.
    BeforeForwarding,
    /// The backend has done what the message asks for; the client never hears of it.
    AfterForwarding,
}

/// The fault that is set, if any.
#[derive(Debug, Default)]
pub struct Faults {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
enum State {
    #[default]
    Unset,
    Set(Armed),
    Fired,
}

struct Armed {
    remaining: u64,
    of_sessions: Box<dyn Fn(&SessionInfo) -> bool + Send + Sync>,
    fault: Fault,
}

/// A fault that is due. Dropping the connection without a reply is the session's part.
pub struct Fault {
    when: When,
    then: Box<dyn FnOnce() + Send>,
}

impl Faults {
    /// Sets the fault, in place of any set before: at the `message`th frontend message after start-up (counted from 1,
    /// from now on, over all sessions that `of_sessions` accepts) the connection is dropped without a reply; `then`
    /// runs just before the drop.
    pub fn drop_connection_at(
        &self,
        message: u64,
        of_sessions: impl Fn(&SessionInfo) -> bool + Send + Sync + 'static,
        when: When,
        then: impl FnOnce() + Send + 'static,
    ) {
        *self.lock() = State::Set(Armed {
            remaining: message,
            of_sessions: Box::new(of_sessions),
            fault: Fault { when, then: Box::new(then) },
        });
    }

    /// Takes the fault back and forgets whether one has fired.
    pub fn clear(&self) {
        *self.lock() = State::Unset;
    }

    /// Whether the fault that was set last has come due.
    pub fn fired(&self) -> bool {
        matches!(*self.lock(), State::Fired)
    }

    /// To be called for every frontend message after start-up. Gives the fault if this message is the one to be
    /// dropped at.
    pub fn message_arrived(&self, session: &SessionInfo) -> Option<Fault> {
        let mut state = self.lock();
        let State::Set(armed) = &mut *state else { return None };
        if !(armed.of_sessions)(session) {
            return None;
        }
        armed.remaining = armed.remaining.saturating_sub(1);
        if armed.remaining > 0 {
            return None;
        }
        match std::mem::replace(&mut *state, State::Fired) {
            State::Set(armed) => Some(armed.fault),
            State::Unset | State::Fired => None,
        }
    }

    /// The state is replaced as a whole, so that a panicking test leaves nothing half done.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Fault {
    /// When the connection is to be dropped.
    pub fn when(&self) -> When {
        self.when
    }

    /// Runs what the test asked for. The session calls it just before it drops the connection.
    pub fn fire(self) {
        (self.then)();
    }
}

impl fmt::Debug for Armed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Armed")
            .field("remaining", &self.remaining)
            .field("fault", &self.fault)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Fault").field("when", &self.when).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::{Faults, When};
    use crate::counters::SessionInfo;

    fn session(application_name: &str) -> SessionInfo {
        SessionInfo { application_name: application_name.to_owned(), user: "admin".to_owned() }
    }

    #[test]
    fn fires_once_at_the_nth_message_of_the_sessions_meant() {
        let faults = Faults::default();
        let ran = Arc::new(AtomicBool::new(false));
        let mark = Arc::clone(&ran);
        faults.drop_connection_at(
            2,
            |session| session.application_name == "job",
            When::AfterForwarding,
            move || mark.store(true, Ordering::Relaxed),
        );
        assert!(faults.message_arrived(&session("job")).is_none());
        assert!(faults.message_arrived(&session("other")).is_none());
        assert!(!faults.fired());
        let fault = faults.message_arrived(&session("job")).unwrap();
        assert_eq!(fault.when(), When::AfterForwarding);
        assert!(!ran.load(Ordering::Relaxed));
        fault.fire();
        assert!(ran.load(Ordering::Relaxed) && faults.fired());
        assert!(faults.message_arrived(&session("job")).is_none());
    }

    #[test]
    fn a_fault_taken_back_never_fires() {
        let faults = Faults::default();
        faults.drop_connection_at(1, |_| true, When::BeforeForwarding, || ());
        faults.clear();
        assert!(faults.message_arrived(&session("job")).is_none());
        assert!(!faults.fired());
    }
}
