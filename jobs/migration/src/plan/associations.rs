//! The IAM role that UNLOAD and COPY reach S3 with must be associated with both warehouses: a step like any other, which no
//! statement makes.

use super::{Association, Note, Plan, Subject};
use crate::direction::Side;
use serde::Serialize;
use std::fmt;

/// An IAM role that a warehouse is to be able to use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RoleAssociation {
    /// Which side the warehouse is.
    pub side: Side,
    /// The warehouse: `the cluster old`.
    pub warehouse: String,
    /// The role's ARN.
    pub role: String,
}

impl fmt::Display for RoleAssociation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { side, warehouse, role } = self;
        write!(f, "associate the IAM role {role} with {warehouse}, the {side}")
    }
}

impl Plan {
    /// Adds the associations that are missing. Where the environment does not allow the role they block the plan: a role
    /// whose name is mistyped would be associated, and AWS does not check that there is one.
    pub fn associate(&mut self, missing: Vec<RoleAssociation>, is_allowed: bool) {
        if is_allowed {
            self.associations.extend(missing);
            return;
        }
        self.block(missing.into_iter().map(|RoleAssociation { side, warehouse, role }| {
            Note::new(Subject::IamRole(role), Association::NotAllowed { warehouse, side })
        }));
    }
}
