//! UNLOAD and COPY of redshift-local, against an S3 server.

mod access;
mod formats;
mod history;
mod stage;
mod unload_copy;
