//! The way to both warehouses.

use crate::connection::Connection;
use crate::{Direction, Effects};

/// Sessions with both warehouses.
pub struct Warehouses<E: Effects> {
    /// The session with the source, which is only read.
    pub source: Connection<E>,
    /// The session with the target.
    pub target: Connection<E>,
    /// The way between them, which may be taken.
    pub direction: Direction,
}
