//! A strict local stand-in for Amazon Redshift: a wire-level proxy in front of a PostgreSQL of its own.
//!
//! A [`Warehouse`] starts PostgreSQL, lays a compatibility catalog over it and listens for clients. Every
//! statement a client sends is recognised by its leading words and rewritten into what PostgreSQL needs; a
//! statement that is not recognised is refused, never passed on.

pub mod counters;
pub mod faults;
mod lexer;
mod options;
mod postgres;
mod protocol;
pub mod reference;
mod session;
mod split;
mod statement;
mod transfer;
mod warehouse;

pub use counters::{SessionCounts, SessionInfo};
pub use faults::{Fault, Faults, When};
pub use options::{CURRENT_PATCH, EmptyUnload, Kind, Options};
pub use split::split;
pub use statement::StatementError;
pub use warehouse::Warehouse;
