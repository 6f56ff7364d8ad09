//! Why something is noted, and what to do about it: every cause that a plan knows, as a value, with its words beside it.
//!
//! Programs compare the values. The words are for people: nothing reads them.

use std::borrow::Cow;
use std::fmt;

/// Words for people to read.
pub(super) type Words = Cow<'static, str>;

/// Declares the causes of one kind: `Cause { field: Type } => reason, remedy;` with the reason and the remedy in words.
macro_rules! causes {
    (
        $(#[$doc:meta])*
        $name:ident {
            $($cause:ident $({ $($field:ident: $type:ty),* })? => $reason:expr, $remedy:expr;)*
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[allow(missing_docs, reason = "the words of each say it")]
        pub enum $name {
            $($cause $({ $($field: $type),* })?,)*
        }

        impl $name {
            #[allow(unused_variables, reason = "some fields stand in the remedy alone")]
            pub(super) fn reason(&self) -> $crate::plan::reason::Words {
                match self {
                    $(Self::$cause $({ $($field),* })? => $reason.into(),)*
                }
            }

            #[allow(unused_variables, reason = "most fields stand in the reason alone")]
            pub(super) fn remedy(&self) -> $crate::plan::reason::Words {
                match self {
                    $(Self::$cause $({ $($field),* })? => $remedy.into(),)*
                }
            }
        }
    };
}

/// Declares [`Reason`] over the kinds of causes.
macro_rules! kinds {
    ($($kind:ident($causes:ident),)*) => {
        /// Why something is noted.
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[allow(missing_docs, reason = "the causes of each kind say it")]
        pub enum Reason {
            $($kind($causes),)*
        }

        $(impl From<$causes> for Reason {
            fn from(cause: $causes) -> Self {
                Self::$kind(cause)
            }
        })*

        impl Reason {
            /// What to do about it.
            pub fn remedy(&self) -> Cow<'static, str> {
                match self {
                    $(Self::$kind(cause) => cause.remedy(),)*
                }
            }
        }

        /// What is the matter.
        impl fmt::Display for Reason {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&match self {
                    $(Self::$kind(cause) => cause.reason(),)*
                })
            }
        }
    };
}

mod blockers;
mod border;
mod objects;
mod plan;
mod policies;
mod principals;
mod privileges;
mod rows;

pub use blockers::{BlockedObject, NotMoved, UnreadCause};
pub use border::{BySchema, Crosses, Fate};
pub use objects::{
    CommentCause, KeyCause, Lack, OwnerCause, RoutineCause, SchemaCause, TableCause, ViewCause,
};
pub use plan::{Definition, Left};
pub use policies::{Exposure, PolicyCause};
pub use principals::{GroupCause, RoleCause, UserCause};
pub use privileges::{AssumeRoleCause, DefaultPrivilegeCause, PrivilegeCause, Reaches, SystemPrivilegeCause};
pub use rows::{Association, RowsCause};

kinds! {
    User(UserCause),
    Group(GroupCause),
    Role(RoleCause),
    SystemPrivilege(SystemPrivilegeCause),
    Schema(SchemaCause),
    Table(TableCause),
    Key(KeyCause),
    Routine(RoutineCause),
    View(ViewCause),
    Comment(CommentCause),
    Owner(OwnerCause),
    Privilege(PrivilegeCause),
    DefaultPrivilege(DefaultPrivilegeCause),
    AssumeRole(AssumeRoleCause),
    Policy(PolicyCause),
    Exposure(Exposure),
    Blocked(BlockedObject),
    NotMoved(NotMoved),
    Unread(UnreadCause),
    Rows(RowsCause),
    Association(Association),
    Border(Crosses),
    Definition(Definition),
    Left(Left),
}

impl Reason {
    /// Whether it says of a subject all that another reason says: what a second plan finds is no news then.
    pub(crate) fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            // A procedure that could not be created is missing in the second.
            (
                Self::Routine(RoutineCause::ClausesNotListed { procedures: all }),
                Self::Routine(RoutineCause::ClausesNotListed { procedures: some }),
            ) => some.iter().all(|one| all.contains(one)),
            // Some of it may have been granted by hand meanwhile.
            (
                Self::AssumeRole(AssumeRoleCause::OfAnAccount { .. }),
                Self::AssumeRole(AssumeRoleCause::OfAnAccount { .. }),
            ) => true,
            _ => self == other,
        }
    }
}
