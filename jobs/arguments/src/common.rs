//! The arguments that every job takes.

use std::num::NonZeroU32;

use migration::name::Identifier;

use crate::ArgumentsError;
use crate::raw::RawArguments;
use crate::table;
use crate::value::{
    BucketPrefix, IamRoleArn, Region, RunId, SecretArn, TenantName, parse_attempts, parse_boolean,
    parse_schemas,
};

/// The arguments that every job takes, each of a type that cannot hold a bad value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Common {
    /// `--TENANT_NAME`
    pub tenant: TenantName,
    /// `--SCHEMAS`: at least one, none twice, in the order given.
    pub schemas: Vec<Identifier>,
    /// `--TENANT_STACK_NAME`: without effect.
    pub tenant_stack: Option<TenantName>,
    /// `--SOURCE_SECRET_ARN`
    pub source_secret: SecretArn,
    /// `--TARGET_SECRET_ARN`
    pub target_secret: SecretArn,
    /// `--CONSUMER_SECRET_ARN`: without effect.
    pub consumer_secret: Option<SecretArn>,
    /// `--S3_BUCKET`
    pub bucket: BucketPrefix,
    /// `--IAM_ROLE`
    pub iam_role: IamRoleArn,
    /// `--AWS_REGION`; `None` leaves it to the environment.
    pub region: Option<Region>,
    /// `--STRICT`
    pub strict: bool,
    /// `--RETRY`: attempts a statement, the first included.
    pub attempts: NonZeroU32,
    /// `--RUN_ID`; `None` when the job is to make one.
    pub run_id: Option<RunId>,
}

impl TryFrom<&RawArguments> for Common {
    type Error = ArgumentsError;

    fn try_from(raw: &RawArguments) -> Result<Self, Self::Error> {
        Ok(Self {
            tenant: raw.required(&table::TENANT_NAME, str::parse)?,
            schemas: raw.required(&table::SCHEMAS, parse_schemas)?,
            tenant_stack: raw.optional(&table::TENANT_STACK_NAME, str::parse)?,
            source_secret: raw.required(&table::SOURCE_SECRET_ARN, str::parse)?,
            target_secret: raw.required(&table::TARGET_SECRET_ARN, str::parse)?,
            consumer_secret: raw.optional(&table::CONSUMER_SECRET_ARN, str::parse)?,
            bucket: raw.required(&table::S3_BUCKET, str::parse)?,
            iam_role: raw.required(&table::IAM_ROLE, str::parse)?,
            region: raw.optional(&table::AWS_REGION, str::parse)?,
            strict: raw.required(&table::STRICT, parse_boolean)?,
            attempts: raw.required(&table::RETRY, parse_attempts)?,
            run_id: raw.optional(&table::RUN_ID, str::parse)?,
        })
    }
}
