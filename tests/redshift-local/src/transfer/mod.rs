//! UNLOAD and COPY: rows between the session's backend and files in S3, streamed, so that the memory they take does not
//! depend on how many there are.

mod binary_rows;
mod column;
mod copy;
mod csv;
mod data_file;
mod decompress;
mod faulty_http;
mod float_text;
mod history;
mod load_error;
mod manifest;
mod parquet;
mod role;
mod s3;
mod source;
mod target;
mod text_rows;
mod unload;
mod upload;
mod value;

use std::path::PathBuf;
use std::sync::Arc;

use crate::faults::Faults;
use crate::options::{EmptyUnload, Options};
use crate::session::Backend;
use crate::statement::StatementError;
use history::History;
use role::Roles;
use s3::S3;

/// What the transfers of a warehouse need.
#[derive(Debug)]
pub struct Transfers {
    s3: S3,
    roles: Roles,
    history: History,
    slices: usize,
    empty_unload: EmptyUnload,
}

impl Transfers {
    /// Of a warehouse with these options, whose PostgreSQL has its socket there.
    pub async fn new(options: &Options, socket_directory: PathBuf, faults: Arc<Faults>) -> Self {
        let config = s3::sdk_config(options.aws_endpoint.as_deref(), &options.region).await;
        Self {
            s3: S3::new(&config, &options.region, faults),
            roles: Roles::new(options.kind, options.identifier.clone(), &options.region, &config),
            history: History::new(socket_directory, options.database.clone()),
            slices: options.slices,
            empty_unload: options.empty_unload,
        }
    }

    /// Sets what `pg_last_copy_id()` and its like tell in this session, whatever becomes of the transaction.
    async fn remember(&self, backend: &mut Backend, values: &[(&str, &str)]) -> Result<(), StatementError> {
        let calls: Vec<String> = values
            .iter()
            .map(|(name, value)| format!("redshift_catalog.rs_remember('{name}', {value})"))
            .collect();
        backend.query(&format!("SELECT {}", calls.join(", "))).await.map(drop)
    }
}
