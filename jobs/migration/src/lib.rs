//! Decides how a tenant moves from one Redshift warehouse to another.
//!
//! Pure: no I/O, no clock, no randomness, no async. What a warehouse holds comes in as a
//! [`catalog::Catalog`]; what to do about it comes out as a [`plan::Plan`] of rendered statements; what became
//! of that, as a [`report::Report`]. The crates `redshift` and `aws` act; a test asserts that this crate
//! depends on none of them.

pub mod catalog;
pub mod digest;
pub mod direction;
pub mod name;
pub mod outcome;
pub mod password;
pub mod plan;
pub mod report;
pub mod scope;
pub mod statement;
pub mod text;
pub mod transfer;
pub mod verify;
pub mod words;
