//! The types of argument values: each is made from text in one place, and cannot hold a bad value afterwards.
//!
//! One type a file. What a value means to AWS or to Redshift is not known here.

mod arn;
mod boolean;
mod bucket_prefix;
mod choice;
mod error;
mod glue_jobs;
mod name_scanner;
mod numbers;
mod plan_sum;
mod region;
mod replace;
mod run_id;
mod schema_list;
mod table_name;
mod tenant_name;
mod warehouses;

pub use arn::{IamRoleArn, IamRoleChain, KmsKeyArn, SecretArn, parse_roles};
pub use boolean::parse_boolean;
pub use bucket_prefix::BucketPrefix;
pub(crate) use choice::{INTERLEAVED, OWNERS, PASSWORDS, SUPERUSERS, VACUUM, VERIFY};
pub use choice::{
    PasswordPolicy, Vacuum, parse_interleaved, parse_owners, parse_passwords, parse_superusers, parse_vacuum,
    parse_verify,
};
pub use error::ValueError;
pub use glue_jobs::{GlueJob, parse_glue_jobs};
pub(crate) use numbers::{MOST_ATTEMPTS, MOST_THREADS};
pub use numbers::{parse_attempts, parse_percentage, parse_price, parse_threads};
pub use plan_sum::PlanSum;
pub use region::Region;
pub use replace::Replace;
pub use run_id::RunId;
pub use schema_list::parse_schemas;
pub use table_name::{TableName, parse_tables};
pub use tenant_name::TenantName;
pub use warehouses::parse_warehouses;
