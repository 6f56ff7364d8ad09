//! The doubles that tests put in a session's place. Behind the feature `testing`: no executable that is shipped has them.

mod failing;
mod recording;

pub use failing::{At, FailingSession, When};
pub use recording::RecordingSession;
