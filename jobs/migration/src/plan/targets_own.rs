//! What only the target has: a privilege that reaches it is none that the source gives.

use super::actors::is_defined_alike;
use super::readers::Object;
use crate::catalog::{Catalog, ObjectKind, Privilege, Securable};

/// Something that only the target has and that a privilege on this reaches: an object of a kind in the schema, a column of the table. A
/// view or a routine of another definition is another one.
pub(super) fn targets_own(
    source: &Catalog,
    target: &Catalog,
    securable: &Securable,
    privilege: &Privilege,
) -> Option<Securable> {
    match securable {
        Securable::EveryInSchema(kind, schema) => target.securables().find(|on| {
            let is_of_kind = match (on, kind) {
                (Securable::Relation(_), kind) => *kind == ObjectKind::Tables,
                // A permission for functions is one for procedures, too (`r_GRANT`).
                (Securable::Routine(_), ObjectKind::Functions | ObjectKind::Procedures) => true,
                _ => false,
            };
            is_of_kind && on.schema() == Some(schema) && is_another(source, target, on)
        }),
        Securable::Relation(name) => {
            let (here, there) = (source.tables.get(name)?, target.tables.get(name)?);
            let mut columns = there.columns.iter().map(|column| &column.name);
            let own = columns.find(|column| here.columns.iter().all(|other| other.name != **column))?;
            let own = Securable::Column(name.clone(), own.clone());
            privilege.is_on(&own).then_some(own)
        }
        _ => None,
    }
}

/// Whether the source has no such object, or one that is defined in another way. A table has its columns looked at.
fn is_another(source: &Catalog, target: &Catalog, on: &Securable) -> bool {
    let is_alike = match on {
        Securable::Relation(name) => is_defined_alike(source, target, Object::Relation(name)),
        Securable::Routine(name) => is_defined_alike(source, target, Object::Routine(name)),
        _ => true,
    };
    source.owner(on).is_none() || !is_alike
}
