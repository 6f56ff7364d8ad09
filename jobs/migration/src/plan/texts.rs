//! What views and procedures name, of both warehouses.

use super::actors::acts;
use super::readers::{Names, Object};
use crate::catalog::{Catalog, Language, Routine, RoutineKind, RoutineName};
use crate::name::QualifiedName;
use crate::scope::Scope;
use crate::text::Reading;
use std::collections::BTreeSet;

/// The texts of both warehouses.
pub(super) struct Texts<'a> {
    source: &'a Catalog,
    target: &'a Catalog,
    scope: &'a Scope,
    names: Names<'a>,
    /// What both have, each with its own definition.
    differing: BTreeSet<Object<'a>>,
}

/// What something names itself.
#[derive(Default)]
pub(super) struct Named<'a> {
    pub relations: BTreeSet<&'a QualifiedName>,
    pub routines: BTreeSet<&'a RoutineName>,
    /// Whether it runs statements that it puts together (`c_PLpgSQL-statements`).
    pub any_statement: bool,
}

impl<'a> Texts<'a> {
    pub(super) fn of(source: &'a Catalog, target: &'a Catalog, scope: &'a Scope) -> Self {
        let differing = differing(source, target);
        Self { source, target, scope, names: Names::of([source, target]), differing }
    }

    /// Something with another definition on the target that an object reads or calls there once the tenant has arrived, by way of
    /// others too: by it the object shows and does something else than on the source.
    pub(super) fn another(&self, object: Object<'a>) -> Option<Object<'a>> {
        let (mut seen, mut open) = (BTreeSet::from([object]), vec![object]);
        while let Some(object) = open.pop().filter(|_| !self.differing.is_empty()) {
            for mentioned in self.mentioned(self.catalog_of(object), object) {
                if self.differing.contains(&mentioned) {
                    return Some(mentioned);
                }
                if seen.insert(mentioned) {
                    open.push(mentioned);
                }
            }
        }
        None
    }

    /// What an object of the source reads or calls of what the target has with another definition.
    pub(super) fn differing_in(&self, object: Object<'a>) -> impl Iterator<Item = Object<'a>> + use<'a, '_> {
        let mentioned =
            if self.differing.is_empty() { BTreeSet::new() } else { self.mentioned(self.source, object) };
        mentioned.into_iter().filter(|mentioned| self.differing.contains(mentioned))
    }

    /// What an object may read or call itself, in whatever language.
    fn mentioned(&self, catalog: &'a Catalog, object: Object<'a>) -> BTreeSet<Object<'a>> {
        let mut mentioned = BTreeSet::new();
        match object {
            Object::Relation(name) => {
                if let Some(view) = catalog.views.get(name) {
                    mentioned.extend(self.names.in_view(view));
                    mentioned.extend(view.calls.iter().map(Object::Routine));
                }
                if let Some(view) = catalog.materialized_views.get(name) {
                    mentioned.extend(self.names.in_text(&view.definition, Reading::Sql, false));
                    mentioned.extend(view.reads.iter().map(Object::Relation));
                }
            }
            Object::Routine(name) => match catalog.routines.get(name) {
                // EXECUTE may run its literals (`c_PLpgSQL-statements`).
                Some(Routine { language: Language::Plpgsql, body, .. }) => {
                    mentioned = self.names.in_text(body, Reading::BodyWithLiterals, true);
                }
                Some(Routine { language: Language::Sql, body, .. }) => {
                    mentioned = self.names.in_text(body, Reading::Sql, false);
                }
                _ => {}
            },
        }
        mentioned.remove(&object);
        mentioned
    }

    /// What an object of the target names once the tenant has arrived, and what procedures name that run for it because it calls them.
    pub(super) fn arriving(&self, object: Object<'a>) -> Named<'a> {
        self.with_calls(object, |object| self.catalog_of(object))
    }

    /// The same as the target has it now.
    pub(super) fn standing(&self, object: Object<'a>) -> Named<'a> {
        self.with_calls(object, |_| self.target)
    }

    /// Whether a relation is the tenant's, and not one of that name that only the target has.
    pub(super) fn is_ours(&self, name: &QualifiedName) -> bool {
        self.scope.holds(name) && self.source.relation(name).is_some()
    }

    /// Whether an object acts with its owner's privileges once the tenant has arrived.
    pub(super) fn acts(&self, object: Object) -> bool {
        acts(self.catalog_of(object), object)
    }

    /// The catalog that says what an object is on the target: what is the tenant's arrives as the source has it.
    fn catalog_of(&self, object: Object) -> &'a Catalog {
        let on = object.securable();
        let ours = self.scope.holds_securable(&on) && self.source.owner(&on).is_some();
        if ours { self.source } else { self.target }
    }

    fn with_calls(&self, object: Object<'a>, catalog_of: impl Fn(Object) -> &'a Catalog) -> Named<'a> {
        let mut all = self.named(catalog_of(object), object);
        let mut open: Vec<&RoutineName> = all.routines.iter().copied().collect();
        let mut seen: BTreeSet<&RoutineName> = all.routines.clone();
        while let Some(name) = open.pop() {
            let routine = Object::Routine(name);
            if acts(catalog_of(routine), routine) {
                continue; // It runs for its own owner.
            }
            let named = self.named(catalog_of(routine), routine);
            open.extend(named.routines.iter().filter(|called| seen.insert(called)));
            all.relations.extend(named.relations);
            all.routines.extend(named.routines);
            all.any_statement |= named.any_statement;
        }
        all
    }

    fn named(&self, catalog: &'a Catalog, object: Object<'a>) -> Named<'a> {
        let mut named = Named::default();
        match object {
            Object::Relation(name) => {
                if let Some(view) = catalog.views.get(name) {
                    named.add(self.names.in_view(view));
                    named.relations.remove(name); // A late-binding view's own text begins with its name.
                }
                let materialized = catalog.materialized_views.get(name);
                named.relations.extend(materialized.into_iter().flat_map(|view| &view.reads));
            }
            Object::Routine(name) => {
                let routine = catalog.routines.get(name);
                let Some(routine) = routine.filter(|routine| routine.kind == RoutineKind::Procedure) else {
                    return named; // A SQL function reads no table (`r_CREATE_FUNCTION`).
                };
                let (read, any_statement) = self.names.in_procedure(&routine.body);
                named.add(read);
                named.any_statement = any_statement;
            }
        }
        named
    }
}

/// A Lambda function is made by hand on the target, with a role of the target's: it is meant to differ.
fn differing<'a>(source: &'a Catalog, target: &'a Catalog) -> BTreeSet<Object<'a>> {
    let mut differing = BTreeSet::new();
    for (name, view) in &source.views {
        if target.views.get(name).is_some_and(|there| there.definition != view.definition) {
            differing.insert(Object::Relation(name));
        }
    }
    for (name, view) in &source.materialized_views {
        if target.materialized_views.get(name).is_some_and(|there| there.definition != view.definition) {
            differing.insert(Object::Relation(name));
        }
    }
    for (name, routine) in &source.routines {
        let is_another = |there: &Routine| {
            let text = |routine: &Routine| (routine.kind, routine.security_definer, routine.body.clone());
            let are_lambda = [routine, there].iter().all(|routine| routine.language == Language::Lambda);
            text(there) != text(routine) && !are_lambda
        };
        if target.routines.get(name).is_some_and(is_another) {
            differing.insert(Object::Routine(name));
        }
    }
    differing
}

impl<'a> Named<'a> {
    fn add(&mut self, objects: BTreeSet<Object<'a>>) {
        for object in objects {
            match object {
                Object::Relation(name) => drop(self.relations.insert(name)),
                Object::Routine(name) => drop(self.routines.insert(name)),
            }
        }
    }
}
