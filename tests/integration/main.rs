//! The end-to-end tests: the real jobs against redshift-local and aws-local. Run them with `./build.sh test`.

mod bad_catalog;
mod bad_input;
mod conformance;
mod data;
mod direction;
mod discretion;
mod dry_run;
mod faults;
mod killed;
mod killed_applying;
mod odd_names;
mod other_kinds;
mod passwords;
mod purity;
mod queries;
mod redshift_local;
mod redshift_local_views;
mod replaced_rows;
mod routines;
mod sample_tenant;
mod scenarios;
mod temporary_credentials;
mod transfer;
mod view_texts;
mod widening;
