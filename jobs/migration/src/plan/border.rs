//! What becomes of that which reaches across the tenant's border.
//!
//! Everything is named. What needs something that the target lacks is left out, with all that stands on it, where the catalog
//! is sure of the need; where only a text tells of it, the target decides.

use super::reason::BySchema;
use super::{Context, Crosses, Draft, Fate, Note, StepId, Subject, ViewCause, schemas};
use crate::name::{Identifier, QualifiedName};
use crate::scope::{Crossing, Text, crossings};

pub(super) fn plan(context: &Context, draft: &mut Draft) {
    for crossing in crossings(context.source, context.scope) {
        let note = note(context, &crossing, draft);
        draft.border.push(note);
    }
}

fn note(context: &Context, crossing: &Crossing, draft: &mut Draft) -> Note {
    let (subject, crosses) = match crossing {
        Crossing::Reads { view, relation } => {
            let fate = read_relation(context, view, relation, draft);
            (view_subject(view), Crosses::Reads { relation: (*relation).clone(), fate })
        }
        Crossing::PointsAt { table, key, referenced } => {
            let is_there = context.target.tables.contains_key(*referenced);
            let fate = if is_there { Fate::TableIsThere } else { Fate::TableIsNotThere };
            (key_subject(table, key), Crosses::PointsAt { referenced: (*referenced).clone(), fate })
        }
        Crossing::NamesRelation { by, relation } => {
            let fate = named(context.target.relation(relation).is_some(), "relation");
            (text_of(by), Crosses::NamesRelation { relation: relation.clone(), fate })
        }
        Crossing::NamesRoutine { by, routine } => {
            let is_there = context.target.routines.keys().any(|other| other.name == *routine);
            let fate = named(is_there, "routine");
            (text_of(by), Crosses::NamesRoutine { routine: routine.clone(), fate })
        }
        Crossing::NamesExternal { by, name } => {
            let arrives = context.target.is_external(&name.schema) || schemas::arrives(context, &name.schema);
            let fate = if arrives { Fate::ExternalSchemaArrives } else { Fate::ExternalSchemaIsNotThere };
            (text_of(by), Crosses::NamesExternal { name: name.clone(), fate })
        }
        Crossing::IsReadBy { relation, view } => {
            (view_subject(view), Crosses::IsReadBy { relation: (*relation).clone() })
        }
        Crossing::IsPointedAtBy { referenced, table, key } => {
            (key_subject(table, key), Crosses::IsPointedAtBy { referenced: (*referenced).clone() })
        }
        Crossing::Owns { user, objects } => {
            (Subject::user(user), Crosses::Owns { objects: BySchema::of(objects) })
        }
        Crossing::MayUse { grantee, rights } => {
            (Subject::Principal((*grantee).clone()), Crosses::MayUse { privileges: BySchema::of(rights) })
        }
        Crossing::IsIn { user, group } => (Subject::user(user), Crosses::IsIn { group: (*group).clone() }),
    };
    Note::new(subject, crosses)
}

/// A view over what the target lacks cannot be created there.
fn read_relation(
    context: &Context,
    view: &QualifiedName,
    relation: &QualifiedName,
    draft: &mut Draft,
) -> Fate {
    if context.target.relation(view).is_some() {
        return Fate::ViewIsThere;
    }
    if context.target.relation(relation).is_some() {
        return Fate::RelationIsThere;
    }
    let cause = ViewCause::ReadsNothing { relation: relation.clone() };
    draft.leave_out(StepId::view(view), view_subject(view), cause);
    Fate::RelationIsNotThere
}

fn view_subject(name: &QualifiedName) -> Subject {
    Subject::View(name.clone())
}

fn key_subject(table: &QualifiedName, key: &Identifier) -> Subject {
    Subject::ForeignKey { table: table.clone(), key: key.clone() }
}

fn text_of(by: &Text) -> Subject {
    match by {
        Text::View(name) => view_subject(name),
        Text::Routine(name) => Subject::Routine((*name).clone()),
        Text::Policy(name) => Subject::Policy((*name).clone()),
    }
}

fn named(is_there: bool, kind: &'static str) -> Fate {
    if is_there { Fate::NamedIsThere(kind) } else { Fate::NamedIsNotThere(kind) }
}

#[cfg(test)]
mod tests;
