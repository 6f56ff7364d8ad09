//! ASSUMEROLE: who may name which IAM role in which commands (`r_GRANT-usage-notes`, `r_SVV_IAM_PRIVILEGES`).

use super::Grantee;

/// One IAM role, one command, one grantee.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AssumeRole {
    /// Who may.
    pub grantee: Grantee,
    /// The role's ARN, [`Self::DEFAULT`] or [`Self::EVERY`].
    pub iam_role: String,
    /// The command as the catalog spells it: `COPY`, `UNLOAD`, `EXFUNC`, `CREATE MODEL`.
    pub command: String,
}

impl AssumeRole {
    /// How the catalog names the warehouse's default role.
    pub const DEFAULT: &'static str = "default-aws-iam-role";

    /// How the catalog names every role.
    pub const EVERY: &'static str = "default";
}
