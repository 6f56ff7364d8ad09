//! UNLOAD and COPY against an S3 server: those of redshift-local, and the jobs' over them.

mod access;
mod bad_loads;
mod formats;
mod history;
mod lengths;
mod matrix;
mod pair;
mod stage;
mod unload_copy;
