//! What the end-to-end tests stand on: warehouses, a local AWS endpoint, and jobs as processes and as Glue runs.

pub mod answer;
pub mod authority;
pub mod aws_local;
pub mod aws_proxy;
pub mod backend_state;
pub mod environment;
pub mod figure;
pub mod in_process;
pub mod migration;
pub mod object_store;
pub mod process;
pub mod scenario;
pub mod servers;
mod shared_deployment;
pub mod warehouse;
