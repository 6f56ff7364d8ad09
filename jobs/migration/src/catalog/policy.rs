//! Row-level security and dynamic data masking: policies, where they are attached, and for whom (`t_rls`, `t_ddm`).

use super::Grantee;
use crate::name::{Identifier, QualifiedName};
use std::collections::{BTreeMap, BTreeSet};

/// The policies of a database. A policy belongs to no schema; what it is attached to does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policies {
    /// Row-level security policies by name.
    pub row_policies: BTreeMap<Identifier, RowPolicy>,
    /// Masking policies by name.
    pub masking_policies: BTreeMap<Identifier, MaskingPolicy>,
    /// Relations with row-level security, or with policies attached for the day when it is turned on.
    pub row_security: BTreeMap<QualifiedName, RowSecurity>,
    /// Masking policies that are attached, by relation.
    pub masks: BTreeMap<QualifiedName, BTreeSet<AttachedMask>>,
}

impl Policies {
    /// Whom the policies of a relation are for.
    pub fn grantees_on(&self, relation: &QualifiedName) -> impl Iterator<Item = &Grantee> {
        let rows = self.row_security.get(relation).into_iter().flat_map(|security| &security.policies);
        let masks = self.masks.get(relation).into_iter().flatten();
        rows.map(|policy| &policy.grantee).chain(masks.map(|mask| &mask.grantee))
    }
}

/// What decides which rows somebody sees (`r_CREATE_RLS_POLICY`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowPolicy {
    /// The columns that the predicate speaks of: every relation that the policy is attached to has them.
    pub columns: Vec<PolicyColumn>,
    /// The name by which the predicate calls the relation.
    pub alias: Option<Identifier>,
    /// USING, as the catalog prints it.
    pub predicate: String,
}

/// What decides how somebody sees a column (`r_CREATE_MASKING_POLICY`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MaskingPolicy {
    /// What the expression takes.
    pub columns: Vec<PolicyColumn>,
    /// USING, as the catalog prints it.
    pub expression: String,
}

/// A column of a policy's WITH clause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyColumn {
    /// Its name.
    pub name: Identifier,
    /// Its type as the catalog prints it.
    pub data_type: String,
}

/// Row-level security of one relation (`r_ALTER_TABLE`, `r_ATTACH_RLS_POLICY`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowSecurity {
    /// Whether it is on: then who has no policy sees no row.
    pub on: bool,
    /// How several policies of one user go together.
    pub conjunction: Conjunction,
    /// The policies that are attached, and for whom.
    pub policies: BTreeSet<AttachedRowPolicy>,
}

/// CONJUNCTION TYPE of `r_ALTER_TABLE`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the keyword of the same name in r_ALTER_TABLE")]
pub enum Conjunction {
    #[default]
    And,
    Or,
}

impl Conjunction {
    /// The keyword of this type.
    pub fn keyword(self) -> &'static str {
        match self {
            Self::And => "AND",
            Self::Or => "OR",
        }
    }
}

/// One row-level security policy on one relation for one grantee.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AttachedRowPolicy {
    /// The policy's name.
    pub policy: Identifier,
    /// For whom: a user, a role or PUBLIC.
    pub grantee: Grantee,
}

/// One masking policy on columns of one relation for one grantee (`r_ATTACH_MASKING_POLICY`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AttachedMask {
    /// The policy's name.
    pub policy: Identifier,
    /// For whom: a user, a role or PUBLIC.
    pub grantee: Grantee,
    /// What is masked: names of columns, or paths into SUPER columns.
    pub masked: Vec<String>,
    /// What the expression takes, in the order of the policy's own columns: of the same kinds.
    pub inputs: Vec<String>,
    /// Of several policies for one column the one of the highest priority holds.
    pub priority: i32,
}
