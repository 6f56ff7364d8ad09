//! What only the target has: a privilege that reaches it is none that the source gives.

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
    let differs = match on {
        Securable::Relation(name) => {
            let view = |catalog: &Catalog| catalog.views.get(name).map(|view| view.definition.clone());
            let stored =
                |catalog: &Catalog| catalog.materialized_views.get(name).map(|view| view.definition.clone());
            view(source) != view(target) || stored(source) != stored(target)
        }
        Securable::Routine(name) => {
            let text = |catalog: &Catalog| {
                catalog.routines.get(name).map(|own| (own.kind, own.security_definer, own.body.clone()))
            };
            text(source) != text(target)
        }
        _ => false,
    };
    source.owner(on).is_none() || differs
}
