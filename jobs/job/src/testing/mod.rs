//! Doubles of all that a job reaches. Behind the feature `testing`: no executable that is shipped has them.
//!
//! [`TestEffects`] keeps AWS in memory and opens sessions of the test's own; [`Trapped`] stands before other effects, real
//! ones or doubles, and stops or fails a job at one call.

mod effects;
mod trap;
mod trapped;

pub use effects::{Connector, NoWarehouses, TestEffects};
pub use redshift::session::testing::When;
pub use trap::{At, ObjectCall, Picks, Strike, Trap};
pub use trapped::Trapped;
