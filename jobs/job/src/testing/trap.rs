//! A point of a job's life at which something happens to it.

use aws::AwsError;
use migration::direction::Side;
use migration::outcome::ErrorKind;
use redshift::session::testing::When;
use redshift::session::{Batch, ConnectError};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use tokio::sync::Notify;

/// A kind of call to an object store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectCall {
    /// A document or a text is put.
    Put,
    /// A document is put in place of a version.
    PutInPlaceOf,
    /// An object is read.
    Get,
    /// Objects are listed.
    List,
    /// A folder is removed.
    DeletePrefix,
}

/// Whether a message counts.
pub type Picks = dyn Fn(&Batch) -> bool + Send + Sync;

/// A point of a job's life; numbers count from 1, over all of a job's sessions.
#[derive(Clone)]
pub enum At {
    /// The message of this number to a warehouse; to open a session is one, too.
    Message(Side, u64, When),
    /// The message of this number to a warehouse of those that this picks.
    MessageOf(Arc<Picks>, Side, u64, When),
    /// The call of this number to the object store, whatever it is.
    AnyCall(u64, When),
    /// The call of this number and kind to the object store.
    Call(ObjectCall, u64, When),
}

impl fmt::Debug for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Message(side, number, when) => write!(f, "{when:?} message {number} to the {side:?}"),
            Self::MessageOf(_, side, number, when) => {
                write!(f, "{when:?} message {number} to the {side:?} that counts")
            }
            Self::AnyCall(number, when) => write!(f, "{when:?} call {number} to the object store"),
            Self::Call(call, number, when) => write!(f, "{when:?} {call:?} {number}"),
        }
    }
}

/// What happens there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strike {
    /// Nothing: the calls are counted.
    Nothing,
    /// The job never goes on, so that it can be dropped there: what that leaves is what killing it leaves.
    Stop,
    /// The call fails: a session is lost with it.
    Fail,
}

/// Waits for a job at a point. Strikes once.
#[derive(Debug)]
pub struct Trap {
    at: At,
    strike: Strike,
    passed: AtomicU64,
    is_sprung: AtomicBool,
    stopped: Notify,
}

impl Trap {
    /// What happens to a job, and where.
    pub fn new(at: At, strike: Strike) -> Arc<Self> {
        Arc::new(Self {
            at,
            strike,
            passed: AtomicU64::new(0),
            is_sprung: AtomicBool::new(false),
            stopped: Notify::new(),
        })
    }

    /// Counts what passes such a point.
    pub fn counting(at: At) -> Arc<Self> {
        Self::new(at, Strike::Nothing)
    }

    /// How many such calls there were.
    pub fn passed(&self) -> u64 {
        self.passed.load(Ordering::Relaxed)
    }

    /// Whether it has struck.
    pub fn is_sprung(&self) -> bool {
        self.is_sprung.load(Ordering::Relaxed)
    }

    /// Comes back when the job stands still.
    pub async fn stopped(&self) {
        self.stopped.notified().await;
    }

    /// Before a session is opened: how that passes.
    pub(super) fn opening(&self, side: Side) -> Passage<'_> {
        match &self.at {
            At::Message(of, number, when) if *of == side => self.pass(*number, *when),
            _ => Passage { trap: self, when: None },
        }
    }

    /// Before a message goes: how it passes.
    pub(super) fn message(&self, side: Side, batch: &Batch) -> Passage<'_> {
        match &self.at {
            At::Message(of, number, when) if *of == side => self.pass(*number, *when),
            At::MessageOf(picks, of, number, when) if *of == side && picks(batch) => {
                self.pass(*number, *when)
            }
            _ => Passage { trap: self, when: None },
        }
    }

    /// Before a call goes: how it passes.
    pub(super) fn call(&self, call: ObjectCall) -> Passage<'_> {
        match &self.at {
            At::AnyCall(number, when) => self.pass(*number, *when),
            At::Call(of, number, when) if *of == call => self.pass(*number, *when),
            _ => Passage { trap: self, when: None },
        }
    }

    fn pass(&self, number: u64, when: When) -> Passage<'_> {
        let is_there = self.passed.fetch_add(1, Ordering::Relaxed) + 1 == number;
        Passage { trap: self, when: is_there.then_some(when) }
    }
}

/// One call on its way.
pub(super) struct Passage<'a> {
    trap: &'a Trap,
    when: Option<When>,
}

/// The call is to fail.
pub(super) struct Struck;

impl Passage<'_> {
    /// On one side of the call: goes on, fails, or never comes back.
    pub(super) async fn is_at(&self, when: When) -> Result<(), Struck> {
        if self.when != Some(when) || self.trap.strike == Strike::Nothing {
            return Ok(());
        }
        self.trap.is_sprung.store(true, Ordering::Relaxed);
        if self.trap.strike == Strike::Stop {
            self.trap.stopped.notify_one();
            std::future::pending::<()>().await;
        }
        Err(Struck)
    }
}

impl From<Struck> for ConnectError {
    fn from(_: Struck) -> Self {
        let message = "cannot reach the warehouse (a test's trap)".to_owned();
        Self { kind: ErrorKind::Unreachable, message }
    }
}

impl From<Struck> for AwsError {
    fn from(_: Struck) -> Self {
        Self::new(ErrorKind::Unreachable, "S3: out of reach (a test's trap)")
    }
}
