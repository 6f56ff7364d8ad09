//! The way to both warehouses.

use crate::Direction;
use crate::connection::Connection;

/// Sessions with both warehouses.
pub struct Warehouses {
    /// The session with the source, which is only read.
    pub source: Connection,
    /// The session with the target.
    pub target: Connection,
    /// The way between them, which may be taken.
    pub direction: Direction,
}
