//! What the caller decides about a plan, beyond what the catalogs say.

use crate::catalog::User;
use crate::name::Identifier;
use crate::password::PasswordSource;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

use super::UserCause;
use super::step_id::{StepId, as_text};

/// The caller's decisions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// `--PASSWORDS`
    pub passwords: Passwords,
    /// `--SUPERUSERS`
    pub superusers: Superusers,
    /// `--OWNERS`
    pub owners: Owners,
    /// `--INTERLEAVED`
    pub interleaved: Interleaved,
    /// Source and target are databases of one warehouse, whose users, groups and roles are the same: no step touches them.
    pub shares_principals: bool,
}

/// Whom objects belong to on the target.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Owners {
    /// Those who own them on the source.
    #[default]
    Keep,
    /// What is created belongs to the login that creates it, and what stands stays with whom it is.
    TargetAdmin,
}

/// Which password a user has who is created on the target. Users that exist there keep theirs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Passwords {
    /// None: nobody logs in with one until somebody sets it.
    #[default]
    Disable,
    /// A new one each, kept in Secrets Manager.
    Generate,
    /// That of the source, for the users whose hash the source shows.
    Hash(BTreeSet<Identifier>),
}

/// Whether a superuser of the source is one on the target.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Superusers {
    /// It is created as an ordinary user, and that is listed.
    #[default]
    Ordinary,
    /// It is.
    Keep,
}

/// What becomes of an interleaved sort key on the way to Serverless, which has none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Interleaved {
    /// A compound one of the same columns, and that is listed: so does Redshift where it restores a snapshot (Management Guide,
    /// `serverless-migration`).
    #[default]
    Compound,
    /// The run stops before its first change.
    Block,
}

/// A password that a user gets in the transaction that creates it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NewPassword {
    /// Whose it is.
    pub user: Identifier,
    /// The step that creates the user.
    #[serde(serialize_with = "as_text")]
    pub step: StepId,
    /// Where it comes from.
    pub source: PasswordSource,
    /// Whether the user becomes a superuser with it.
    pub superuser: bool,
}

impl Policy {
    /// Where the password of a new user comes from; `None` when it gets none.
    pub(super) fn password_of(&self, user: &Identifier) -> Option<PasswordSource> {
        match &self.passwords {
            Passwords::Disable => None,
            Passwords::Generate => Some(PasswordSource::Generated),
            Passwords::Hash(shown) => shown.contains(user).then_some(PasswordSource::SourceHash),
        }
    }

    /// Why a new user has no password.
    pub(super) fn without_password(&self, superuser: bool) -> UserCause {
        match (&self.passwords, superuser) {
            (Passwords::Disable | Passwords::Generate, false) => UserCause::PasswordNotRead,
            (Passwords::Disable | Passwords::Generate, true) => UserCause::SuperuserWithoutPassword,
            (Passwords::Hash(_), false) => UserCause::HashNotShown,
            (Passwords::Hash(_), true) => UserCause::SuperuserHashNotShown,
        }
    }

    /// Whether a new user becomes a superuser.
    pub(super) fn keeps_superuser(&self, user: &User) -> bool {
        user.superuser && self.superusers == Superusers::Keep
    }
}
