//! The arguments of all jobs: their names, meanings and types, and which job takes them.
//!
//! One table ([`ARGUMENTS`]) is the source of everything: the `--help` text, the parser, and
//! `arguments.json`, the contract that the CDK app reads. Parsing takes two steps: [`raw`] turns the argument
//! list into text by name, and the structures of the jobs ([`MigrateSchema`], [`MigrateData`],
//! [`RefreshViews`], [`CollectReport`]) turn that text into types that cannot hold a bad value.
//!
//! Nothing here touches a network, a file, the clock or the environment.

mod argument;
mod collect_report;
mod command;
mod common;
mod error;
mod export;
mod glue;
mod job;
mod migrate_data;
mod migrate_schema;
mod nearest;
pub mod raw;
mod refresh_views;
mod run_arguments;
pub mod table;
pub mod value;

pub use argument::{Argument, ArgumentType, Heading};
pub use collect_report::CollectReport;
pub use common::Common;
pub use error::ArgumentsError;
pub use export::arguments_json;
pub use job::Job;
pub use migrate_data::{MigrateData, Task, Wanted};
pub use migrate_schema::MigrateSchema;
pub use raw::Invocation;
pub use refresh_views::RefreshViews;
pub use run_arguments::RunArguments;
pub use table::ARGUMENTS;
pub use value::{
    BucketPrefix, GlueJob, IamRoleArn, IamRoleChain, KmsKeyArn, PasswordPolicy, PlanSum, Region, Replace,
    RunId, SecretArn, TableName, TenantName, Vacuum, ValueError,
};
