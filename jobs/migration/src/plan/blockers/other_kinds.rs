//! Objects of kinds that are not moved: each is named.

use super::super::{Context, Draft, NotMoved, Subject};
use crate::catalog::{OtherKind, OtherObject};
use crate::name::Identifier;
use crate::text::{Reading, schemas_named};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn plan(context: &Context, draft: &mut Draft) {
    let missing = context.source.others.iter().filter(|other| !context.target.others.contains(other));
    let mut objects: BTreeMap<(OtherKind, &str), BTreeSet<&str>> = BTreeMap::new();
    for other in missing.filter(|other| touches(other, &context.scope.schemas)) {
        objects.entry((other.kind, &other.name)).or_default().insert(&other.place);
    }
    for ((kind, name), places) in objects {
        let mut places = places.into_iter().map(str::to_owned);
        let subject = |schema| Subject::Other { kind, schema, name: name.to_owned() };
        match kind {
            // The tenant would arrive without something that is its own.
            OtherKind::Model => draft.block(subject(places.next()), NotMoved::Model),
            OtherKind::Datashare => {
                draft.leave(subject(None), NotMoved::Datashare { objects: places.collect() });
            }
            OtherKind::CopyJob => draft.leave(subject(None), NotMoved::CopyJob),
            OtherKind::Library => draft.leave(subject(None), NotMoved::Library),
            OtherKind::Integration => draft.leave(subject(None), NotMoved::Integration),
            OtherKind::Template => draft.leave(subject(places.next()), NotMoved::Template),
        }
    }
}

/// Whether an object has to do with these schemas, or may have.
fn touches(other: &OtherObject, schemas: &BTreeSet<Identifier>) -> bool {
    match other.kind {
        OtherKind::Model | OtherKind::Template => schemas.iter().any(|schema| schema.as_str() == other.place),
        // schema, or schema.object without quotes: a full stop may belong to either.
        OtherKind::Datashare => schemas.iter().any(|schema| {
            let rest = other.place.strip_prefix(schema.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        }),
        // A table without its schema may be anywhere. The literals are places in S3, roles and formats (`r_COPY`), where a bucket
        // `my.bucket` would pass for a schema.
        OtherKind::CopyJob => {
            let named = schemas_named(&other.place, Reading::Sql);
            named.is_empty() || !named.is_disjoint(schemas)
        }
        OtherKind::Library | OtherKind::Integration => true,
    }
}
