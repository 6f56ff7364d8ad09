//! The roles of a warehouse, in memory.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use arguments::IamRoleArn;

use crate::AwsError;
use crate::iam_role::{ApplyStatus, Association, RoleAssociations};

/// The roles of a warehouse, in memory: a role that is added can be used at once. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct MemoryRoles {
    roles: Arc<Mutex<BTreeSet<String>>>,
}

impl MemoryRoles {
    /// A copy of all roles.
    pub fn roles(&self) -> BTreeSet<String> {
        self.roles.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl RoleAssociations for MemoryRoles {
    fn warehouse(&self) -> String {
        "the cluster in memory".to_owned()
    }

    async fn list(&self) -> Result<Vec<Association>, AwsError> {
        let roles = self.roles().into_iter();
        Ok(roles.map(|role| Association { role, status: ApplyStatus::InSync }).collect())
    }

    async fn add(&self, role: &IamRoleArn) -> Result<(), AwsError> {
        let mut roles = self.roles.lock().unwrap_or_else(PoisonError::into_inner);
        roles.insert(role.as_str().to_owned());
        Ok(())
    }
}
