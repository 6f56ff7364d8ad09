//! Objects of kinds that are not moved: each is named.

use super::super::{Context, Draft};
use crate::catalog::{OtherKind, OtherObject};
use crate::name::Identifier;
use crate::scope::schemas_named;
use std::collections::{BTreeMap, BTreeSet};

/// What becomes of a kind.
struct Fate {
    /// Whether the tenant would arrive without something that is its own: then nothing is changed.
    blocks: bool,
    reason: &'static str,
    remedy: &'static str,
}

/// The one table of it. A model is an object of the tenant, and functions and views call it. The others tell something outside
/// to read or to fill the tenant: on the source they go on.
fn fate(kind: OtherKind) -> Fate {
    let (blocks, reason, remedy) = match kind {
        OtherKind::Model => (
            true,
            "it is a machine learning model, which is not moved",
            "CREATE MODEL on the target under the same name, or DROP MODEL on the source",
        ),
        OtherKind::Datashare => (
            false,
            "it gives objects of the tenant to others, who go on reading the source's",
            "CREATE DATASHARE on the target, ALTER DATASHARE … ADD these, and GRANT USAGE to its consumers",
        ),
        OtherKind::CopyJob => (
            false,
            "it goes on loading on the source, and nothing loads on the target",
            "COPY … JOB CREATE on the target, once the data has moved",
        ),
        OtherKind::Library => (
            false,
            "Python functions may import it, which are not moved either",
            "nothing, where no function of the tenant needs it",
        ),
        OtherKind::Integration => (
            false,
            "it goes on filling the source's database, and nothing fills the target's",
            "create the integration with the target, where the tenant's tables are among what it fills",
        ),
    };
    Fate { blocks, reason, remedy }
}

pub(super) fn plan(context: &Context, draft: &mut Draft) {
    let missing = context.source.others.iter().filter(|other| !context.target.others.contains(other));
    let mut objects: BTreeMap<(OtherKind, &str), BTreeSet<&str>> = BTreeMap::new();
    for other in missing.filter(|other| touches(other, &context.scope.schemas)) {
        objects.entry((other.kind, &other.name)).or_default().insert(&other.place);
    }
    for ((kind, name), places) in objects {
        let Fate { blocks, reason, remedy } = fate(kind);
        let place = match kind {
            OtherKind::Model => places.first().map(|schema| format!("{schema}.")).unwrap_or_default(),
            OtherKind::Datashare | OtherKind::CopyJob | OtherKind::Library | OtherKind::Integration => {
                String::new()
            }
        };
        let reason = match kind {
            OtherKind::Datashare => {
                format!("{reason}: {}", places.into_iter().collect::<Vec<_>>().join(", "))
            }
            OtherKind::Model | OtherKind::CopyJob | OtherKind::Library | OtherKind::Integration => {
                reason.to_owned()
            }
        };
        let object = format!("{} {place}{name}", kind.name());
        if blocks {
            draft.block(object, reason, remedy);
        } else {
            draft.leave(object, reason, remedy);
        }
    }
}

/// Whether an object has to do with these schemas, or may have.
fn touches(other: &OtherObject, schemas: &BTreeSet<Identifier>) -> bool {
    match other.kind {
        OtherKind::Model => schemas.iter().any(|schema| schema.as_str() == other.place),
        // schema, or schema.object without quotes: a full stop may belong to either.
        OtherKind::Datashare => schemas.iter().any(|schema| {
            let rest = other.place.strip_prefix(schema.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        }),
        // A table without its schema may be anywhere.
        OtherKind::CopyJob => {
            let named = schemas_named(&other.place);
            named.is_empty() || !named.is_disjoint(schemas)
        }
        OtherKind::Library | OtherKind::Integration => true,
    }
}
