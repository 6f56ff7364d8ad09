//! The arguments of the job `migrate-schema`.

use std::ffi::OsString;

use migration::plan::{Interleaved, Owners, Superusers};
use migration::verify::Verify;

use crate::raw::{Invocation, RawArguments};
use crate::value::{
    IamRoleArn, KmsKeyArn, PasswordPolicy, Replace, parse_boolean, parse_interleaved, parse_owners,
    parse_passwords, parse_roles, parse_superusers, parse_verify,
};
use crate::{ArgumentsError, Common, Job, PlanSum, table};

/// The arguments of the job `migrate-schema`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MigrateSchema {
    /// What every job takes.
    pub common: Common,
    /// `--DRY_RUN`: plan, and change nothing.
    pub dry_run: bool,
    /// `--PREFLIGHT`: try what a migration leans on, and no more.
    pub preflight: bool,
    /// `--PLAN_SHA256`: the one plan that may be applied; `None` for whatever is planned.
    pub plan_sum: Option<PlanSum>,
    /// `--PASSWORDS`: which password new users have.
    pub passwords: PasswordPolicy,
    /// `--PASSWORD_KMS_KEY`: what encrypts the secrets of new passwords; `None` for the account's own key.
    pub password_kms_key: Option<KmsKeyArn>,
    /// `--SUPERUSERS`: whether superusers stay superusers.
    pub superusers: Superusers,
    /// `--OWNERS`: whom objects belong to.
    pub owners: Owners,
    /// `--INTERLEAVED`: what becomes of interleaved sort keys where the target has none.
    pub interleaved: Interleaved,
    /// `--REPLACE`: whose rows on the target may be replaced although no run of the tenant loaded them.
    pub replace: Replace,
    /// `--VERIFY`: by what the data job will tell rows that the tenant's runs loaded.
    pub verify: Verify,
    /// `--ALLOWED_IAM_ROLES`: the roles that the job may associate with a warehouse; none where it is not given.
    pub allowed_roles: Vec<IamRoleArn>,
}

impl MigrateSchema {
    /// Reads an argument list, the program's name first, as `std::env::args_os` gives it.
    ///
    /// # Errors
    /// The first thing that is wrong with the list; see [`ArgumentsError`].
    pub fn parse(argv: impl IntoIterator<Item = OsString>) -> Result<Invocation<Self>, ArgumentsError> {
        RawArguments::parse(Job::MigrateSchema, argv)?.and_then(|raw| {
            Ok(Self {
                common: Common::try_from(&raw)?,
                dry_run: raw.required(&table::DRY_RUN, parse_boolean)?,
                preflight: raw.required(&table::PREFLIGHT, parse_boolean)?,
                plan_sum: raw.optional(&table::PLAN_SHA256, str::parse)?,
                passwords: raw.required(&table::PASSWORDS, parse_passwords)?,
                password_kms_key: raw.optional(&table::PASSWORD_KMS_KEY, str::parse)?,
                superusers: raw.required(&table::SUPERUSERS, parse_superusers)?,
                owners: raw.required(&table::OWNERS, parse_owners)?,
                interleaved: raw.required(&table::INTERLEAVED, parse_interleaved)?,
                replace: raw.optional(&table::REPLACE, str::parse)?.unwrap_or_default(),
                verify: raw.required(&table::VERIFY, parse_verify)?,
                allowed_roles: raw.optional(&table::ALLOWED_IAM_ROLES, parse_roles)?.unwrap_or_default(),
            })
        })
    }
}
