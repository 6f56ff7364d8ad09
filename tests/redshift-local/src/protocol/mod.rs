//! The frontend/backend protocol, version 3.0: framing, start-up packets, and the fields of errors. Nothing
//! here knows what a statement means.

pub mod fields;
pub mod message;
pub mod startup;

pub use fields::Fields;
pub use message::{Message, MessageReader};
