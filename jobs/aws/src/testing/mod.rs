//! The doubles that tests put in the place of AWS. Behind the feature `testing`: no executable that is shipped has them.

mod objects;
mod roles;
mod secrets;

pub use objects::MemoryObjects;
pub use roles::MemoryRoles;
pub use secrets::MemorySecrets;
