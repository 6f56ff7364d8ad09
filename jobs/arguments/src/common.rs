//! The arguments that every job takes which works with both warehouses.

use std::num::NonZeroU32;

use migration::direction::{Allowed, KnownWarehouse};
use migration::name::Identifier;

use crate::raw::RawArguments;
use crate::table;
use crate::value::{IamRoleChain, SecretArn, parse_attempts, parse_boolean, parse_schemas, parse_warehouses};
use crate::{ArgumentsError, RunArguments};

/// The arguments of every job that works with both warehouses, each of a type that cannot hold a bad value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Common {
    /// What every job takes.
    pub run: RunArguments,
    /// `--SCHEMAS`: at least one, none twice, in the order given.
    pub schemas: Vec<Identifier>,
    /// `--SOURCE_SECRET_ARN`
    pub source_secret: SecretArn,
    /// `--TARGET_SECRET_ARN`
    pub target_secret: SecretArn,
    /// `--CONSUMER_SECRET_ARN`: without effect.
    pub consumer_secret: Option<SecretArn>,
    /// `--IAM_ROLE`
    pub iam_role: IamRoleChain,
    /// `--WAREHOUSES`: those of the environment; `None` where no deployment says so, and any may be source and target.
    pub warehouses: Option<Vec<KnownWarehouse>>,
    /// `--REVERSE`, `--NEW_WAREHOUSE`, `--SAME_WAREHOUSE`: which unusual directions are meant.
    pub allowed: Allowed,
    /// `--RETRY`: attempts a statement, the first included.
    pub attempts: NonZeroU32,
}

impl TryFrom<&RawArguments> for Common {
    type Error = ArgumentsError;

    fn try_from(raw: &RawArguments) -> Result<Self, Self::Error> {
        Ok(Self {
            run: RunArguments::try_from(raw)?,
            schemas: raw.required(&table::SCHEMAS, parse_schemas)?,
            source_secret: raw.required(&table::SOURCE_SECRET_ARN, str::parse)?,
            target_secret: raw.required(&table::TARGET_SECRET_ARN, str::parse)?,
            consumer_secret: raw.optional(&table::CONSUMER_SECRET_ARN, str::parse)?,
            iam_role: raw.required(&table::IAM_ROLE, str::parse)?,
            warehouses: raw.optional(&table::WAREHOUSES, parse_warehouses)?,
            allowed: Allowed {
                reverse: raw.required(&table::REVERSE, parse_boolean)?,
                new_warehouse: raw.required(&table::NEW_WAREHOUSE, parse_boolean)?,
                same_warehouse: raw.required(&table::SAME_WAREHOUSE, parse_boolean)?,
            },
            attempts: raw.required(&table::RETRY, parse_attempts)?,
        })
    }
}
