//! Effects on a warehouse: connecting, reading its catalog, applying a plan, moving a table.
//!
//! What to do is decided in `migration`; here it is done, one message at a time, over a [`session::Session`].

pub mod apply_plan;
pub mod check_login;
pub mod copy_table;
pub mod end_stale_sessions;
pub mod measure;
pub mod read_catalog;
pub mod read_password_hashes;
pub mod refresh_views;
pub mod session;
pub mod tidy_table;
pub mod unload_table;
