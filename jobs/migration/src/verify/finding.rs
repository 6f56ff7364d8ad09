//! What somebody can do, and findings about it.

use crate::catalog::{AssumeRole, DefaultPrivileges, Grantee, Privilege, Securable, SystemPrivilege};
use crate::name::{Identifier, QualifiedName};
use serde::{Deserialize, Serialize};

/// Something that a principal can do in the end, whatever gives it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Power {
    /// To do something with an object.
    Privilege {
        /// What it allows.
        privilege: Privilege,
        /// WITH GRANT OPTION.
        grantable: bool,
        /// On what.
        on: Securable,
    },
    /// To do anything with an object, as its owner.
    Ownership(Securable),
    /// To read or change a relation in effect: with USAGE of its schema, or by way of what acts with its owner's privileges, a view, a
    /// materialized view, a procedure with SECURITY DEFINER.
    Reach {
        /// What is done with it.
        privilege: Privilege,
        /// The relation.
        relation: QualifiedName,
    },
    /// To do something anywhere on the warehouse.
    System(SystemPrivilege),
    /// To do what a group or a role may, now and later.
    Membership(Grantee),
    /// To grant a role to others.
    GrantRole(Identifier),
    /// To do something with objects to come.
    ToCome {
        /// What it allows.
        privilege: Privilege,
        /// WITH GRANT OPTION.
        grantable: bool,
        /// With whose objects to come.
        rule: DefaultPrivileges,
    },
    /// To name an IAM role in a command.
    AssumeRole {
        /// The IAM role, as [`AssumeRole::iam_role`] has it.
        iam_role: String,
        /// The command, as [`AssumeRole::command`] has it.
        command: String,
    },
    /// CREATEDB.
    CreateDatabase,
    /// SYSLOG ACCESS UNRESTRICTED.
    UnrestrictedSyslogAccess,
    /// To do anything.
    Superuser,
}

/// A power of a principal that only one side gives. Powers that somebody has by way of a group, a role or PUBLIC are told of that
/// one, where it lost or won them, too.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Finding {
    /// What can be done.
    pub power: Power,
    /// Who can.
    pub principal: Grantee,
}

impl Power {
    /// The power to name an IAM role that an entry of the catalog gives.
    pub(super) fn assume(entry: &AssumeRole) -> Self {
        Self::AssumeRole { iam_role: entry.iam_role.clone(), command: entry.command.clone() }
    }
}

impl Finding {
    /// What it is about, for people to read.
    pub fn plain(&self) -> String {
        let who = self.principal.plain();
        let option = |grantable: &bool| if *grantable { " with grant option" } else { "" };
        match &self.power {
            Power::Privilege { privilege, grantable, on } => {
                format!("{privilege}{} for {who} on {}", option(grantable), on.plain())
            }
            Power::Ownership(on) => format!("ownership of {} for {who}", on.plain()),
            Power::Reach { privilege, relation } => {
                format!(
                    "{privilege}, in effect, for {who} on {}, by USAGE of its schema, views or procedures",
                    relation.plain()
                )
            }
            Power::System(privilege) => format!("{privilege} for {who}"),
            Power::Membership(of) => format!("membership of {who} in {}", of.plain()),
            Power::GrantRole(role) => format!("the right to grant role {} for {who}", role.as_str()),
            Power::ToCome { privilege, grantable, rule } => {
                format!("{privilege}{} for {who} on {}", option(grantable), rule.plain())
            }
            Power::AssumeRole { iam_role, command } => {
                format!("ASSUMEROLE on {iam_role} for {command} for {who}")
            }
            Power::CreateDatabase => format!("CREATEDB for {who}"),
            Power::UnrestrictedSyslogAccess => format!("SYSLOG ACCESS UNRESTRICTED for {who}"),
            Power::Superuser => format!("CREATEUSER for {who}"),
        }
    }
}
