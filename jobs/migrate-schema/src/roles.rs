//! The association of the IAM role with both warehouses.

use arguments::IamRoleArn;
use aws::Warehouse;
use aws::iam_role::{Patience, RoleAssociations, associate, is_usable};
use job::{Effects, JobError, Run, Side, Warehouses};
use migration::plan::RoleAssociation;

/// The role associations of both warehouses.
pub struct Roles<R> {
    source: R,
    target: R,
}

impl<R: RoleAssociations> Roles<R> {
    /// Those of the warehouses that the secrets name.
    ///
    /// # Errors
    /// A secret does not tell which cluster or workgroup it is.
    pub fn of<E: Effects<Roles = R>>(run: &Run<E>, warehouses: &Warehouses<E>) -> Result<Self, JobError> {
        let roles = |secret| Ok::<_, JobError>(run.effects.roles(&Warehouse::of(secret)?));
        Ok(Self { source: roles(warehouses.source.secret())?, target: roles(warehouses.target.secret())? })
    }

    /// What must be associated so that UNLOAD and COPY may use the role; nothing is changed.
    ///
    /// # Errors
    /// A warehouse may not be looked at.
    pub async fn missing(&self, role: &IamRoleArn) -> Result<Vec<RoleAssociation>, JobError> {
        let (source, target) =
            tokio::try_join!(is_usable(&self.source, role), is_usable(&self.target, role))?;
        let missing =
            [(Side::Source, source), (Side::Target, target)].into_iter().filter(|(_, usable)| !usable);
        Ok(missing
            .map(|(side, _)| RoleAssociation {
                side,
                warehouse: self.side(side).warehouse(),
                role: role.as_str().to_owned(),
            })
            .collect())
    }

    /// Associates the role with a warehouse, and comes back when it can be used.
    ///
    /// # Errors
    /// The warehouse may not be changed, or cannot use the role when patience ends.
    pub async fn associate(&self, side: Side, role: &IamRoleArn) -> Result<(), JobError> {
        associate(self.side(side), role, Patience::default()).await?;
        Ok(())
    }

    fn side(&self, side: Side) -> &R {
        match side {
            Side::Source => &self.source,
            Side::Target => &self.target,
        }
    }
}
