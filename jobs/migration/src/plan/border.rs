//! What becomes of that which reaches across the tenant's border.
//!
//! Everything is named. What needs something that the target lacks is left out, with all that stands on it, where the catalog
//! is sure of the need; where only a text tells of it, the target decides.

use super::views::view_step;
use super::{Context, Draft, Note, schemas};
use crate::catalog::Grantee;
use crate::name::QualifiedName;
use crate::scope::{Crossing, Outside, Text, crossings};

pub(super) fn plan(context: &Context, draft: &mut Draft) {
    for crossing in crossings(context.source, context.scope) {
        let note = note(context, &crossing, draft);
        draft.border.push(note);
    }
}

fn note(context: &Context, crossing: &Crossing, draft: &mut Draft) -> Note {
    let (object, reason, remedy) = match crossing {
        Crossing::Reads { view, relation } => {
            let object = format!("view {}", view.plain());
            let fate = read_relation(context, view, relation, &object, draft);
            (object, format!("it reads {}, outside the tenant", relation.plain()), fate)
        }
        Crossing::PointsAt { table, key, referenced } => {
            let object = format!("foreign key {} of {}", key.as_str(), table.plain());
            let fate = if context.target.tables.contains_key(referenced) {
                "made: the target has a table of that name; see that it holds the same"
            } else {
                "left out: the target has no such table"
            };
            (object, format!("it points at {}, outside the tenant", referenced.plain()), fate.to_owned())
        }
        Crossing::NamesRelation { by, relation } => {
            let there = context.target.relation(relation).is_some();
            let reason = format!("its text names {}, outside the tenant", relation.plain());
            (text_of(by), reason, named(there, "relation"))
        }
        Crossing::NamesRoutine { by, routine } => {
            let there = context.target.routines.keys().any(|other| other.name == *routine);
            let reason = format!("its text names the routine {}, outside the tenant", routine.plain());
            (text_of(by), reason, named(there, "routine"))
        }
        Crossing::NamesExternal { by, name } => {
            let fate = if context.target.is_external(&name.schema) || schemas::arrives(context, &name.schema)
            {
                "created: see that the target's external schema of that name shows the same"
            } else {
                "tried: the target has no such external schema; create it there"
            };
            let reason = format!("its text names {}, data that lies outside of the warehouse", name.plain());
            (text_of(by), reason, fate.to_owned())
        }
        Crossing::IsReadBy { relation, view } => (
            format!("view {}", view.plain()),
            format!("it lies outside the tenant and reads {}", relation.plain()),
            "not moved: on the source it goes on reading the source's rows".to_owned(),
        ),
        Crossing::IsPointedAtBy { referenced, table, key } => (
            format!("foreign key {} of {}", key.as_str(), table.plain()),
            format!("it lies outside the tenant and points at {}", referenced.plain()),
            "not moved: it stays on the source".to_owned(),
        ),
        Crossing::Owns { user, objects } => (
            Grantee::User((*user).clone()).plain(),
            format!("it owns objects outside the tenant, in {}", list(objects)),
            "these are not moved; the user is".to_owned(),
        ),
        Crossing::MayUse { grantee, rights } => (
            grantee.plain(),
            format!("it holds rights outside the tenant, in {}", list(rights)),
            "these are not granted on the target; grant there what it is to have".to_owned(),
        ),
        Crossing::IsIn { user, group } => (
            Grantee::User((*user).clone()).plain(),
            format!("it is in group {}, which holds no right in the tenant", group.as_str()),
            "the group is not moved; ADD USER on the target, if it is to be in it".to_owned(),
        ),
    };
    Note::new(object, reason, remedy)
}

/// A view over what the target lacks cannot be created there.
fn read_relation(
    context: &Context,
    view: &QualifiedName,
    relation: &QualifiedName,
    object: &str,
    draft: &mut Draft,
) -> String {
    if context.target.relation(view).is_some() {
        return "nothing to do: the target has the view".to_owned();
    }
    if context.target.relation(relation).is_some() {
        let fate = "created: the target has a relation of that name; see that it holds the same";
        return fate.to_owned();
    }
    draft.leave_out(
        view_step(view),
        object.to_owned(),
        format!("it reads {}, which is neither moved nor on the target", relation.plain()),
        "move that schema too, or create the relation on the target, and start the job again",
    );
    "left out: the target has no such relation".to_owned()
}

fn text_of(by: &Text) -> String {
    match by {
        Text::View(name) => format!("view {}", name.plain()),
        Text::Routine(name) => format!("routine {}", name.plain()),
    }
}

fn named(there: bool, kind: &str) -> String {
    if there {
        format!("created: the target has a {kind} of that name; see that it is the same")
    } else {
        format!("tried: the target has no {kind} of that name; if it is used, create it there")
    }
}

/// `public (3), other (1)`.
fn list(outside: &Outside) -> String {
    let schemas: Vec<_> =
        outside.iter().map(|(schema, count)| format!("{} ({count})", schema.as_str())).collect();
    schemas.join(", ")
}

#[cfg(test)]
mod tests;
