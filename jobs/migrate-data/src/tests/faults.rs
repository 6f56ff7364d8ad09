//! What goes wrong in the warehouses of a test, and when.

use super::warehouse::Act;
use job::Side;
use migration::outcome::ErrorKind;

/// What happens to a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blow {
    /// The warehouse refuses the statement.
    Refuse(ErrorKind),
    /// The connection is lost before the warehouse has the statement.
    LoseBefore,
    /// The warehouse has done the statement, and the connection is lost before the answer.
    LoseAfter,
    /// The connection is lost before, and no other comes about from then on.
    Close,
}

impl Blow {
    pub fn is_before(self) -> bool {
        matches!(self, Self::LoseBefore | Self::Close)
    }
}

struct Fault {
    side: Side,
    act: Act,
    /// How many such acts are still to come before it.
    left: u32,
    blow: Blow,
}

/// All that is to go wrong.
#[derive(Default)]
pub struct Faults {
    faults: Vec<Fault>,
    closed: Vec<Side>,
}

impl Faults {
    pub fn add(&mut self, side: Side, act: Act, number: u32, blow: Blow) {
        self.faults.push(Fault { side, act, left: number, blow });
    }

    pub fn is_closed(&self, side: Side) -> bool {
        self.closed.contains(&side)
    }

    /// What happens at an act that comes now.
    pub fn take(&mut self, side: Side, act: Act) -> Option<Blow> {
        let mut due = None;
        for fault in self.faults.iter_mut().filter(|fault| fault.side == side && fault.act == act) {
            fault.left = fault.left.wrapping_sub(1);
            due = due.or((fault.left == 0).then_some(fault.blow));
        }
        if due == Some(Blow::Close) {
            self.closed.push(side);
        }
        due
    }
}
