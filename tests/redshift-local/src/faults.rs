//! Faults that a test sets, so that a job can be shown to end well whatever breaks under it: a slow network, a connection
//! dropped at a message, a statement that takes long or fails, an S3 that is slow or fails.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::counters::SessionInfo;
use crate::session::serialization_conflict;
use crate::statement::StatementError;

/// When the connection is dropped, seen from the message that it is dropped at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// The backend never sees the message.
    BeforeForwarding,
    /// The backend has done what the message asks for; the client never hears of it.
    AfterForwarding,
}

/// What passes by, and may be struck.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Point {
    /// A frontend message after start-up; its text is the SQL of `Query` and `Parse`, else empty.
    Message,
    /// A statement about to run; its text is its SQL.
    Statement,
    /// A request to S3; its text is the method and the path: `PUT /bucket/key`.
    S3,
}

/// What happens to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// It waits: a message and a request before they go on, a statement while it runs.
    Delay(Duration),
    /// The connection is dropped without a reply.
    Drop(When),
    /// A statement does not run: this one of PostgreSQL's does, and its answer is the client's.
    Answer(Arc<str>),
    /// A statement fails with this error.
    Error(StatementError),
    /// A request to S3 fails with status 503.
    Busy,
}

type Sessions = dyn Fn(&SessionInfo) -> bool + Send + Sync;
type Texts = dyn Fn(&str) -> bool + Send + Sync;
type Then = dyn Fn() + Send + Sync;

/// One fault: what it strikes and how. It strikes all that match, each time, unless [`Fault::at`] picks one.
#[must_use = "a fault strikes once it is set"]
pub struct Fault {
    point: Point,
    effect: Effect,
    of_sessions: Box<Sessions>,
    matching: Box<Texts>,
    /// Counts down to the one that it strikes; 0 when that is over.
    remaining: Option<u64>,
    then: Arc<Then>,
}

impl Fault {
    fn new(point: Point, effect: Effect) -> Self {
        Self {
            point,
            effect,
            of_sessions: Box::new(|_| true),
            matching: Box::new(|_| true),
            remaining: None,
            then: Arc::new(|| ()),
        }
    }

    /// Messages take this much longer to arrive.
    pub fn latency(delay: Duration) -> Self {
        Self::new(Point::Message, Effect::Delay(delay))
    }

    /// The connection is dropped at a message.
    pub fn drop_connection(when: When) -> Self {
        Self::new(Point::Message, Effect::Drop(when))
    }

    /// A statement fails with error 1023 (`c_serial_isolation`).
    pub fn serialization_conflict() -> Self {
        Self::new(Point::Statement, Effect::Error(serialization_conflict()))
    }

    /// A statement fails with this SQLSTATE and message.
    pub fn failing_statement(sqlstate: &str, message: &str) -> Self {
        Self::new(Point::Statement, Effect::Error(StatementError::new(sqlstate, message)))
    }

    /// A statement runs this much longer. The time counts towards `statement_timeout`, and the statement can be cancelled in it.
    pub fn slow_statement(delay: Duration) -> Self {
        Self::new(Point::Statement, Effect::Delay(delay))
    }

    /// A statement does not run: PostgreSQL runs `instead`, and the client gets what that answers, rows or an error. For what documents
    /// leave open, where a real warehouse may answer otherwise.
    pub fn answered_by(instead: &str) -> Self {
        Self::new(Point::Statement, Effect::Answer(instead.into()))
    }

    /// S3 takes this much longer to answer. With [`Fault::then`]: something happens in the middle of a COPY or UNLOAD.
    pub fn slow_s3(delay: Duration) -> Self {
        Self::new(Point::S3, Effect::Delay(delay))
    }

    /// S3 answers with status 503. The warehouse tries a request again, so one failure alone goes unnoticed.
    pub fn failing_s3() -> Self {
        Self::new(Point::S3, Effect::Busy)
    }

    /// Strikes the Nth that matches alone, counted from 1, from when the fault is set.
    pub fn at(self, number: u64) -> Self {
        Self { remaining: Some(number), ..self }
    }

    /// Only what comes from these sessions matches. Requests to S3 come from none.
    pub fn of_sessions(self, sessions: impl Fn(&SessionInfo) -> bool + Send + Sync + 'static) -> Self {
        Self { of_sessions: Box::new(sessions), ..self }
    }

    /// Only what has such a text matches: the SQL of a message or statement, method and path of a request to S3.
    pub fn matching(self, texts: impl Fn(&str) -> bool + Send + Sync + 'static) -> Self {
        Self { matching: Box::new(texts), ..self }
    }

    /// Runs when the fault strikes: before a delay, just before the connection is dropped.
    pub fn then(self, then: impl Fn() + Send + Sync + 'static) -> Self {
        Self { then: Arc::new(then), ..self }
    }

    /// Whether this strikes now.
    fn strikes(&mut self, point: Point, session: Option<&SessionInfo>, text: &str) -> bool {
        if point != self.point || !session.is_none_or(&self.of_sessions) || !(self.matching)(text) {
            return false;
        }
        match &mut self.remaining {
            None => true,
            Some(0) => false,
            Some(remaining) => {
                *remaining -= 1;
                *remaining == 0
            }
        }
    }
}

impl fmt::Debug for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Fault")
            .field("point", &self.point)
            .field("effect", &self.effect)
            .field("remaining", &self.remaining)
            .finish_non_exhaustive()
    }
}

/// A fault that strikes now. What it does to its point is the part of whoever asked.
pub(crate) struct Due {
    /// What happens.
    pub effect: Effect,
    then: Arc<Then>,
}

impl Due {
    /// Runs what the test asked for.
    pub fn fire(&self) {
        (self.then)();
    }
}

/// The faults that are set.
#[derive(Debug, Default)]
pub struct Faults {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    faults: Vec<Fault>,
    fired: u64,
}

impl Faults {
    /// Sets a fault beside those set before.
    pub fn set(&self, fault: Fault) {
        self.lock().faults.push(fault);
    }

    /// Takes all faults back and forgets how often they have struck.
    pub fn clear(&self) {
        *self.lock() = State::default();
    }

    /// How often faults have struck.
    pub fn fired(&self) -> u64 {
        self.lock().fired
    }

    /// The faults that strike what passes by now. Every fault counts it, also when another strikes.
    pub(crate) fn due(&self, point: Point, session: Option<&SessionInfo>, text: &str) -> Vec<Due> {
        let state = &mut *self.lock();
        let strike = state.faults.iter_mut().filter_map(|fault| {
            let due = fault.strikes(point, session, text);
            due.then(|| Due { effect: fault.effect.clone(), then: Arc::clone(&fault.then) })
        });
        let due: Vec<Due> = strike.collect();
        state.fired += due.len() as u64;
        due
    }

    /// The state is changed as a whole, so that a panicking test leaves nothing half done.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(application_name: &str) -> SessionInfo {
        SessionInfo { application_name: application_name.to_owned(), user: "admin".to_owned() }
    }

    fn strikes(faults: &Faults, name: &str, text: &str) -> bool {
        !faults.due(Point::Message, Some(&session(name)), text).is_empty()
    }

    #[test]
    fn strikes_once_at_the_nth_that_matches() {
        let faults = Faults::default();
        let fault = Fault::drop_connection(When::AfterForwarding).at(2);
        faults.set(
            fault.of_sessions(|session| session.application_name == "job").matching(|sql| sql == "COMMIT"),
        );
        let passing =
            [("job", "COMMIT"), ("psql", "COMMIT"), ("job", "BEGIN"), ("job", "COMMIT"), ("job", "COMMIT")];
        assert_eq!(
            passing.map(|(name, text)| strikes(&faults, name, text)),
            [false, false, false, true, false]
        );
        assert_eq!(faults.fired(), 1);
    }

    #[test]
    fn strikes_each_time_without_a_number_until_it_is_taken_back() {
        let faults = Faults::default();
        faults.set(Fault::latency(Duration::from_millis(1)));
        assert_eq!([strikes(&faults, "", ""), strikes(&faults, "", "SELECT 1")], [true, true]);
        assert!(faults.due(Point::S3, None, "GET /bucket/key").is_empty());
        assert_eq!(faults.fired(), 2);
        faults.clear();
        assert!(!strikes(&faults, "", "") && faults.fired() == 0);
    }
}
