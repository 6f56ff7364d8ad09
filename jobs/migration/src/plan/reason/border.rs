//! What reaches across the tenant's border, and what becomes of it.

use super::Words;
use crate::catalog::Grantee;
use crate::name::{Identifier, QualifiedName};
use crate::scope::Outside;
use crate::words::list;
use std::collections::{BTreeMap, BTreeSet};

/// Something that reaches across the border. The remedy of each says what becomes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the words of each say it")]
pub enum Crosses {
    Reads {
        relation: QualifiedName,
        fate: Fate,
    },
    PointsAt {
        referenced: QualifiedName,
        fate: Fate,
    },
    NamesRelation {
        relation: QualifiedName,
        fate: Fate,
    },
    NamesRoutine {
        routine: QualifiedName,
        fate: Fate,
    },
    NamesExternal {
        name: QualifiedName,
        fate: Fate,
    },
    IsReadBy {
        relation: QualifiedName,
    },
    /// On the target. Of no relations where it runs statements that it puts together.
    IsReadOnTarget {
        relations: Vec<QualifiedName>,
        owner: Identifier,
        readers: BTreeSet<Grantee>,
        /// Whether it lies in another schema than the tenant's; else it is another there than on the source.
        is_outside: bool,
    },
    IsPointedAtBy {
        referenced: QualifiedName,
    },
    Owns {
        objects: BySchema,
    },
    MayUse {
        privileges: BySchema,
    },
    IsIn {
        group: Identifier,
    },
}

/// How many things lie in each schema outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BySchema(BTreeMap<Identifier, usize>);

impl BySchema {
    pub(in crate::plan) fn of(outside: &Outside) -> Self {
        Self(outside.iter().map(|(schema, count)| ((*schema).clone(), *count)).collect())
    }

    /// `public (3), other (1)`.
    fn words(&self) -> String {
        list(self.0.iter().map(|(schema, count)| format!("{} ({count})", schema.as_str())))
    }
}

/// What becomes of something that needs what lies outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the words of each say it")]
pub enum Fate {
    ViewIsThere,
    RelationIsThere,
    RelationIsNotThere,
    TableIsThere,
    TableIsNotThere,
    /// A text names it, and may not use it.
    NamedIsThere(&'static str),
    NamedIsNotThere(&'static str),
    ExternalSchemaArrives,
    ExternalSchemaIsNotThere,
}

impl Fate {
    fn words(self) -> Words {
        match self {
            Self::ViewIsThere => "nothing to do: the target has the view".into(),
            Self::RelationIsThere => {
                "created: the target has a relation of that name; see that it holds the same".into()
            }
            Self::RelationIsNotThere => "left out: the target has no such relation".into(),
            Self::TableIsThere => {
                "made: the target has a table of that name; see that it holds the same".into()
            }
            Self::TableIsNotThere => "left out: the target has no such table".into(),
            Self::NamedIsThere(kind) => {
                format!("created: the target has a {kind} of that name; see that it is the same").into()
            }
            Self::NamedIsNotThere(kind) => {
                format!("tried: the target has no {kind} of that name; if it is used, create it there").into()
            }
            Self::ExternalSchemaArrives => {
                "created: see that the target's external schema of that name shows the same".into()
            }
            Self::ExternalSchemaIsNotThere => {
                "tried: the target has no such external schema; create it there".into()
            }
        }
    }
}

impl Crosses {
    pub(super) fn reason(&self) -> Words {
        match self {
            Self::Reads { relation, .. } => format!("it reads {}, outside the tenant", relation.plain()),
            Self::PointsAt { referenced, .. } => {
                format!("it points at {}, outside the tenant", referenced.plain())
            }
            Self::NamesRelation { relation, .. } => {
                format!("its text names {}, outside the tenant", relation.plain())
            }
            Self::NamesRoutine { routine, .. } => {
                format!("its text names the routine {}, outside the tenant", routine.plain())
            }
            Self::NamesExternal { name, .. } => {
                format!("its text names {}, data that lies outside of the warehouse", name.plain())
            }
            Self::IsReadBy { relation } => {
                format!("it lies outside the tenant and reads {}", relation.plain())
            }
            Self::IsReadOnTarget { relations, owner, readers, is_outside } => {
                let what = if relations.is_empty() {
                    "may read all of the tenant".to_owned()
                } else {
                    format!("reads {}", list(relations.iter().map(QualifiedName::plain)))
                };
                let is = if *is_outside {
                    "it lies outside the tenant"
                } else {
                    "it is another than on the source"
                };
                format!(
                    "on the target {is} and {what}, with the privileges of {}; it may be used by {}",
                    owner.as_str(),
                    list(readers.iter().map(Grantee::plain))
                )
            }
            Self::IsPointedAtBy { referenced } => {
                format!("it lies outside the tenant and points at {}", referenced.plain())
            }
            Self::Owns { objects } => format!("it owns objects outside the tenant, in {}", objects.words()),
            Self::MayUse { privileges } => {
                format!("it holds rights outside the tenant, in {}", privileges.words())
            }
            Self::IsIn { group } => {
                format!("it is in group {}, which holds no right in the tenant", group.as_str())
            }
        }
        .into()
    }

    pub(super) fn remedy(&self) -> Words {
        match self {
            Self::Reads { fate, .. }
            | Self::PointsAt { fate, .. }
            | Self::NamesRelation { fate, .. }
            | Self::NamesRoutine { fate, .. }
            | Self::NamesExternal { fate, .. } => fate.words(),
            Self::IsReadBy { .. } => "not moved: on the source it goes on reading the source's rows".into(),
            Self::IsReadOnTarget { .. } => {
                "left as it is: REVOKE it on the target, if these are not to see the tenant's rows".into()
            }
            Self::IsPointedAtBy { .. } => "not moved: it stays on the source".into(),
            Self::Owns { .. } => "these are not moved; the user is".into(),
            Self::MayUse { .. } => {
                "these are not granted on the target; grant there what it is to have".into()
            }
            Self::IsIn { .. } => {
                "the group is not moved; ADD USER on the target, if it is to be in it".into()
            }
        }
    }
}
