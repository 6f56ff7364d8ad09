//! What acts with its owner's privileges: views, materialized views, and procedures with SECURITY DEFINER.

use super::readers::Object;
use crate::catalog::{Catalog, ObjectKind, Routine, RoutineKind, Securable};
use crate::name::{Identifier, QualifiedName};

/// All of a catalog that acts for its owner, with that.
pub(super) fn all_actors(catalog: &Catalog) -> impl Iterator<Item = (Object<'_>, &Identifier)> {
    let views = catalog.views.iter().map(|(name, view)| (Object::Relation(name), &view.owner));
    let materialized =
        catalog.materialized_views.iter().map(|(name, view)| (Object::Relation(name), &view.owner));
    let definers = catalog.routines.iter().filter(|(_, routine)| routine.security_definer);
    views.chain(materialized).chain(definers.map(|(name, routine)| (Object::Routine(name), &routine.owner)))
}

/// Whether an object acts with its owner's privileges.
pub(super) fn acts(catalog: &Catalog, object: Object) -> bool {
    match object {
        Object::Relation(name) => {
            catalog.views.contains_key(name) || catalog.materialized_views.contains_key(name)
        }
        Object::Routine(name) => catalog.routines.get(name).is_some_and(|routine| routine.security_definer),
    }
}

/// What a privilege reaches that acts for its owner.
pub(super) fn actors<'a>(catalog: &'a Catalog, securable: &Securable) -> Vec<Object<'a>> {
    let one = match securable {
        Securable::Relation(name) | Securable::Column(name, _) => {
            catalog.relation(name).map(Object::Relation)
        }
        Securable::Routine(name) => {
            catalog.routines.get_key_value(name).map(|(name, _)| Object::Routine(name))
        }
        Securable::EveryInSchema(kind, schema) => return all_in(catalog, *kind, schema),
        Securable::Schema(_)
        | Securable::EveryInDatabase(_)
        | Securable::Database
        | Securable::Language(_) => None,
    };
    one.into_iter().filter(|object| acts(catalog, *object)).collect()
}

fn all_in<'a>(catalog: &'a Catalog, kind: ObjectKind, schema: &Identifier) -> Vec<Object<'a>> {
    let is_reached = |object: &Object| match (object, kind) {
        (Object::Relation(name), ObjectKind::Tables) => name.schema == *schema,
        // A permission for functions is one for procedures, too (`r_GRANT`).
        (Object::Routine(name), ObjectKind::Functions | ObjectKind::Procedures) => {
            name.name.schema == *schema
        }
        _ => false,
    };
    all_actors(catalog).map(|(object, _)| object).filter(is_reached).collect()
}

/// Whether both warehouses have an object just so, with the same owner.
pub(super) fn is_same(source: &Catalog, target: &Catalog, object: Object) -> bool {
    match object {
        Object::Relation(name) => {
            source.views.get(name) == target.views.get(name)
                && source.materialized_views.get(name) == target.materialized_views.get(name)
        }
        Object::Routine(name) => source.routines.get(name) == target.routines.get(name),
    }
}

/// Whether both warehouses define an object alike, whoever owns it: a view or a materialized view by its text, a routine by what it runs.
/// What only one of them has is not alike, and neither is another kind of relation under the name.
pub(super) fn is_defined_alike(source: &Catalog, target: &Catalog, object: Object) -> bool {
    match object {
        Object::Relation(name) => definitions(source, name) == definitions(target, name),
        Object::Routine(name) => match (source.routines.get(name), target.routines.get(name)) {
            (Some(one), Some(other)) => runs(one) == runs(other) && !one.differs_in_clauses(other),
            (one, other) => one.is_none() && other.is_none(),
        },
    }
}

fn definitions<'a>(catalog: &'a Catalog, name: &QualifiedName) -> [Option<&'a str>; 2] {
    let view = catalog.views.get(name).map(|view| view.definition.as_str());
    [view, catalog.materialized_views.get(name).map(|view| view.definition.as_str())]
}

fn runs(routine: &Routine) -> (RoutineKind, bool, &str) {
    (routine.kind, routine.security_definer, routine.body.as_str())
}
