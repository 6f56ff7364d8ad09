//! The arguments that every job takes.

use crate::ArgumentsError;
use crate::raw::RawArguments;
use crate::table;
use crate::value::{BucketPrefix, KmsKeyArn, Region, RunId, TenantName, parse_boolean};

/// The arguments that every job takes: which run of which tenant it is, and where its documents lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunArguments {
    /// `--TENANT_NAME`
    pub tenant: TenantName,
    /// `--TENANT_STACK_NAME`: without effect.
    pub tenant_stack: Option<TenantName>,
    /// `--S3_BUCKET`
    pub bucket: BucketPrefix,
    /// `--KMS_KEY`: what encrypts all that the jobs and UNLOAD write there; `None` leaves the jobs' objects to the bucket's own setting,
    /// and UNLOAD to S3's keys.
    pub kms_key: Option<KmsKeyArn>,
    /// `--AWS_REGION`; `None` leaves it to the environment.
    pub region: Option<Region>,
    /// `--STRICT`
    pub strict: bool,
    /// `--RUN_ID`; `None` when the job is to make one.
    pub run_id: Option<RunId>,
}

impl TryFrom<&RawArguments> for RunArguments {
    type Error = ArgumentsError;

    fn try_from(raw: &RawArguments) -> Result<Self, Self::Error> {
        Ok(Self {
            tenant: raw.required(&table::TENANT_NAME, str::parse)?,
            tenant_stack: raw.optional(&table::TENANT_STACK_NAME, str::parse)?,
            bucket: raw.required(&table::S3_BUCKET, str::parse)?,
            kms_key: raw.optional(&table::KMS_KEY, str::parse)?,
            region: raw.optional(&table::AWS_REGION, str::parse)?,
            strict: raw.required(&table::STRICT, parse_boolean)?,
            run_id: raw.optional(&table::RUN_ID, str::parse)?,
        })
    }
}
