//! Associating a role: look, add it where it is missing, look again, wait until it can be used.

use std::collections::BTreeSet;
use std::time::Duration;

use arguments::IamRoleArn;
use log::info;
use migration::outcome::{ErrorKind, Retry};

use crate::AwsError;

/// How far an association has come (Redshift API Reference, `ClusterIamRole`; a namespace uses the same
/// words).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApplyStatus {
    /// The warehouse can use the role.
    InSync,
    /// The warehouse is being told of the role.
    Adding,
    /// The role is being taken away.
    Removing,
}

/// A role that a warehouse knows of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Association {
    /// The role's ARN.
    pub role: String,
    /// Whether it can be used.
    pub status: ApplyStatus,
}

/// The roles of one warehouse.
pub trait RoleAssociations: Send + Sync {
    /// The warehouse, for messages: "the cluster dwh".
    fn warehouse(&self) -> String;

    /// The roles that are associated now, or are on their way in or out.
    ///
    /// # Errors
    /// The warehouse is not there, may not be looked at, or AWS cannot be reached.
    fn list(&self) -> impl Future<Output = Result<Vec<Association>, AwsError>> + Send;

    /// Adds a role to those that are associated, and leaves those alone.
    ///
    /// # Errors
    /// [`ErrorKind::Conflict`] while the warehouse is being changed; otherwise as [`RoleAssociations::list`].
    fn add(&self, role: &IamRoleArn) -> impl Future<Output = Result<(), AwsError>> + Send;
}

/// How long to wait for an association: the pause between two looks doubles from the first to the longest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// The first pause.
    pub first_pause: Duration,
    /// The longest pause.
    pub longest_pause: Duration,
    /// How many looks at most.
    pub looks: u32,
}

impl Default for Patience {
    /// Some ten minutes: an association takes about one, and a warehouse that is being changed otherwise
    /// makes it wait.
    fn default() -> Self {
        Self { first_pause: Duration::from_millis(250), longest_pause: Duration::from_secs(5), looks: 125 }
    }
}

/// Whether a warehouse can use a role now; nothing is changed.
///
/// # Errors
/// The warehouse cannot be looked at.
pub async fn is_usable(roles: &impl RoleAssociations, role: &IamRoleArn) -> Result<bool, AwsError> {
    Ok(status_of(&roles.list().await?, role) == Some(ApplyStatus::InSync))
}

/// What [`associate`] had to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// The role was associated already; nothing was changed.
    None,
    /// The role has been associated.
    Added,
}

/// Looks in a row that must find all in place after a change: another writer who read the list before it writes its own
/// a moment later.
const GOOD_LOOKS: u32 = 2;

/// Sees to it that a warehouse can use a role, and comes back when it can. Changes nothing where it already
/// can.
///
/// Each look decides anew. A namespace's list is replaced as a whole: another writer at the same moment may drop the role that
/// was just added, which is then added again, as is a role of another writer that was there and is not any more since our own
/// change. One that is shown on its way out is left to whoever takes it away.
///
/// # Errors
/// The warehouse cannot be looked at or changed, or the role cannot be used when patience ends.
pub async fn associate(
    roles: &impl RoleAssociations,
    role: &IamRoleArn,
    patience: Patience,
) -> Result<Change, AwsError> {
    let mut change = Change::None;
    let mut pause = patience.first_pause;
    let mut seen = BTreeSet::new();
    let mut good_looks = 0;
    for look in 0..patience.looks {
        if look > 0 {
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(patience.longest_pause);
        }
        let present = roles.list().await?;
        for Association { role, status } in &present {
            match status {
                ApplyStatus::InSync | ApplyStatus::Adding => seen.insert(role.clone()),
                ApplyStatus::Removing => seen.remove(role),
            };
        }
        let mut missing = match change {
            Change::None => Vec::new(),
            Change::Added => vanished(&seen, &present),
        };
        match status_of(&present, role) {
            Some(ApplyStatus::InSync) if missing.is_empty() => {
                good_looks += 1;
                if change == Change::None || good_looks == GOOD_LOOKS {
                    return Ok(change);
                }
                continue;
            }
            Some(ApplyStatus::InSync | ApplyStatus::Adding | ApplyStatus::Removing) => {}
            None => missing.push(role.clone()),
        }
        good_looks = 0;
        for role in &missing {
            info!("associating the role {role} with {}", roles.warehouse());
            match roles.add(role).await {
                Ok(()) => change = Change::Added,
                // Somebody else is changing the warehouse: the next look comes after a pause.
                Err(error) if error.kind.retry() == Retry::Again => info!("{error}"),
                Err(error) => return Err(error),
            }
        }
    }
    Err(AwsError::new(
        ErrorKind::Conflict,
        format!(
            "the role {role} is still not usable by {} after {} looks; see in the Redshift console what state it is \
             in, and start the job again",
            roles.warehouse(),
            patience.looks
        ),
    ))
}

/// The roles that were seen and are gone.
fn vanished(seen: &BTreeSet<String>, present: &[Association]) -> Vec<IamRoleArn> {
    let gone = seen.iter().filter(|role| present.iter().all(|association| association.role != **role));
    gone.filter_map(|role| role.parse().ok()).collect()
}

/// How far the association of a role is; `None` when there is none.
fn status_of(associations: &[Association], role: &IamRoleArn) -> Option<ApplyStatus> {
    associations
        .iter()
        .find(|association| association.role == role.as_str())
        .map(|association| association.status)
}

#[cfg(test)]
mod tests;
