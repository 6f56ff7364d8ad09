//! What a plan is made of: steps, as data.

use super::step_id::{StepId, as_text, as_texts};
use crate::statement::Sql;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;

/// One change to the target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// What it does, and to which object.
    #[serde(serialize_with = "as_text")]
    pub id: StepId,
    /// Before or after the data.
    pub stage: Stage,
    /// The kind of change; phases follow one another.
    pub phase: Phase,
    /// What it changes, for people to read.
    pub object: String,
    /// The steps of this plan that must have succeeded before.
    #[serde(serialize_with = "as_texts")]
    pub needs: BTreeSet<StepId>,
    /// Whether it may share a transaction.
    pub transaction: Transaction,
    /// The statements, sent together.
    pub sql: Vec<Sql>,
}

/// Which job applies a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Before the data is loaded: the schema job.
    BeforeData,
    /// After it: the refresh job. Materialized views, created when their tables are full, need no refresh.
    AfterData,
}

/// The kinds of change, in the order in which they come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Phase {
    /// No statement is of it: the IAM role is associated with a warehouse.
    IamRoles,
    Users,
    Groups,
    Roles,
    Memberships,
    Schemas,
    ExternalSchemas,
    Tables,
    Keys,
    Routines,
    MaterializedViews,
    Views,
    Policies,
    Owners,
    Rights,
    Comments,
    DefaultPrivileges,
    /// No step is of it: materialized views that stand on the target already are refreshed.
    Refreshes,
    /// No step is of it: what is found when the target is read once more.
    Verification,
}

impl Phase {
    /// Every phase, in order.
    pub const ALL: [Self; 19] = [
        Self::IamRoles,
        Self::Users,
        Self::Groups,
        Self::Roles,
        Self::Memberships,
        Self::Schemas,
        Self::ExternalSchemas,
        Self::Tables,
        Self::Keys,
        Self::Routines,
        Self::MaterializedViews,
        Self::Views,
        Self::Policies,
        Self::Owners,
        Self::Rights,
        Self::Comments,
        Self::DefaultPrivileges,
        Self::Refreshes,
        Self::Verification,
    ];
}

impl Phase {
    /// Its name in the counts of documents, which earlier and later versions read, and for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::IamRoles => "IAM roles",
            Self::Users => "users",
            Self::Groups => "groups",
            Self::Roles => "roles",
            Self::Memberships => "memberships",
            Self::Schemas => "schemas",
            Self::ExternalSchemas => "external schemas",
            Self::Tables => "tables",
            Self::Keys => "keys",
            Self::Routines => "routines",
            Self::MaterializedViews => "materialized views",
            Self::Views => "views",
            Self::Policies => "policies",
            Self::Owners => "owners",
            Self::Rights => "rights",
            Self::Comments => "comments",
            Self::DefaultPrivileges => "default privileges",
            Self::Refreshes => "refreshes",
            Self::Verification => "verification",
        }
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Whether a step may share a transaction with its neighbours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Transaction {
    /// It may: one message and one commit for many.
    Batched,
    /// It may not, or it changes for whom the session acts.
    Alone,
}
