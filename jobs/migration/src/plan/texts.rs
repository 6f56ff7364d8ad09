//! What views and procedures name, of both warehouses.

use super::actors::{actors, acts, is_defined_alike};
use super::readers::{Names, Object};
use super::{Owners, Policy, routines, user_arrives};
use crate::catalog::{Catalog, Language, Routine, RoutineKind, RoutineName, Securable};
use crate::name::{Identifier, QualifiedName};
use crate::scope::Scope;
use crate::text::{Reading, mentions, reaches_beyond_names};
use std::collections::BTreeSet;

/// The texts of both warehouses.
pub(crate) struct Texts<'a> {
    source: &'a Catalog,
    target: &'a Catalog,
    scope: &'a Scope,
    policy: &'a Policy,
    names: Names<'a>,
    /// What both have, each with its own definition.
    differing: BTreeSet<Object<'a>>,
}

/// What something names itself.
#[derive(Default)]
pub(super) struct Named<'a> {
    pub relations: BTreeSet<&'a QualifiedName>,
    pub routines: BTreeSet<&'a RoutineName>,
    /// Whether its names do not tell what it reaches: it runs statements that it puts together (`c_PLpgSQL-statements`), or that act on
    /// more than relations.
    pub any_statement: bool,
}

impl<'a> Texts<'a> {
    pub(crate) fn of(source: &'a Catalog, target: &'a Catalog, scope: &'a Scope, policy: &'a Policy) -> Self {
        let differing = differing(source, target);
        Self { source, target, scope, policy, names: Names::of([source, target]), differing }
    }

    /// Something that an object reads or calls on the target once the tenant has arrived, by way of others too, and that is another there
    /// than on the source, or may be made another by others than there: by it the object shows and does something else.
    pub(super) fn another(&self, object: Object<'a>) -> Option<Object<'a>> {
        self.another_among(self.mentioned(self.catalog_of(object), object), object)
    }

    /// The same of the text of a policy, which is applied with no privileges but those granted to it (`r_CREATE_RLS_POLICY`).
    pub(crate) fn another_in_policy(&self, text: &str) -> Option<Securable> {
        let named = self.mentioned_in(text, Reading::Sql, |object| self.is_near(*object));
        self.another_among(named, None).map(Object::securable)
    }

    /// The first of these, or of what they read or call, that is another on the target. What leads back to `to` is not followed.
    fn another_among(
        &self,
        mut open: BTreeSet<Object<'a>>,
        to: impl Into<Option<Object<'a>>>,
    ) -> Option<Object<'a>> {
        let mut seen: BTreeSet<Object> = open.iter().copied().chain(to.into()).collect();
        while let Some(object) = open.pop_first() {
            if self.is_another(object) {
                return Some(object);
            }
            let mentioned = self.mentioned(self.catalog_of(object), object).into_iter();
            open.extend(mentioned.filter(|object| seen.insert(*object)));
        }
        None
    }

    /// Whether the target has an object with another definition, or others may make it another than on the source.
    pub(super) fn is_another(&self, object: Object) -> bool {
        self.differing.contains(&object) || self.is_others(object)
    }

    /// Whether a routine that is called is not the source's on the target, though nothing there has its name with another definition: it is
    /// missing, and anybody who may create it decides what it does; it belongs to somebody else, who may replace it; or it is an
    /// overload that only the target has.
    fn is_others(&self, object: Object) -> bool {
        let Object::Routine(name) = object else { return false };
        let is_ours = self.scope.holds_routine(name);
        match (self.source.routines.get(name), self.target.routines.get(name)) {
            (Some(here), None) => !is_ours || !routines::is_creatable(self.source, name, here),
            (Some(here), Some(there)) => {
                let gets_its_owner = is_ours
                    && self.policy.owners == Owners::Keep
                    && user_arrives(self.source, self.target, self.scope, &here.owner);
                let is_superusers = self.target.is_superuser_by_option(&there.owner);
                !gets_its_owner && !is_superusers && here.owner != there.owner
            }
            (None, Some(_)) => self.source.routines.keys().any(|other| other.name == name.name),
            (None, None) => false,
        }
    }

    /// Whether what acts for its owner on the target, and a privilege on this reaches, is another there, or reads or calls something that is.
    pub(crate) fn acts_otherwise(&self, on: &Securable) -> bool {
        let mut acting = actors(self.target, on).into_iter();
        acting.any(|object| self.is_another(object) || self.another(object).is_some())
    }

    /// What an object of the source reads or calls of what the target has with another definition.
    pub(super) fn differing_in(&self, object: Object<'a>) -> impl Iterator<Item = Object<'a>> + use<'a, '_> {
        self.mentioned(self.source, object).into_iter().filter(|mentioned| self.differing.contains(mentioned))
    }

    /// Whether the target has anything with another definition.
    pub(super) fn differ(&self) -> bool {
        !self.differing.is_empty()
    }

    /// What an object may read or call itself, in whatever language.
    fn mentioned(&self, catalog: &'a Catalog, object: Object<'a>) -> BTreeSet<Object<'a>> {
        let mut mentioned = BTreeSet::new();
        match object {
            Object::Relation(name) => {
                if let Some(view) = catalog.views.get(name) {
                    mentioned.extend(view.reads.iter().map(Object::Relation));
                    mentioned.extend(view.calls.iter().map(Object::Routine));
                    if view.late_binding() {
                        mentioned.extend(self.in_text(&name.schema, &view.definition, Reading::Sql));
                    }
                }
                if let Some(view) = catalog.materialized_views.get(name) {
                    mentioned.extend(self.in_text(&name.schema, &view.definition, Reading::Sql));
                    mentioned.extend(view.reads.iter().map(Object::Relation));
                }
            }
            Object::Routine(name) => {
                if let Some(Routine { language, body, .. }) = catalog.routines.get(name) {
                    // EXECUTE may run its literals (`c_PLpgSQL-statements`).
                    let reading = match language {
                        Language::Plpgsql => Reading::BodyWithLiterals,
                        _ => Reading::Sql,
                    };
                    mentioned.extend(self.in_text(&name.name.schema, body, reading));
                }
            }
        }
        mentioned.remove(&object);
        mentioned
    }

    /// What a text of this schema may name. A bare name is one of its own schema, of the tenant or of `public`: whoever has another
    /// schema come first in its `search_path` could do that on the source, too. A view names relations with their schemas
    /// (`r_CREATE_VIEW`).
    fn in_text(&self, own: &Identifier, text: &str, reading: Reading) -> BTreeSet<Object<'a>> {
        self.mentioned_in(text, reading, |object| {
            let is_relation = matches!(object, Object::Relation(_));
            (object.schema() == own || self.is_near(*object)) && !(is_relation && reading == Reading::Sql)
        })
    }

    /// What a text may name: all that it says with a schema, and of what it says without one what `bare` lets count.
    fn mentioned_in(
        &self,
        text: &str,
        reading: Reading,
        bare: impl Fn(&Object) -> bool,
    ) -> BTreeSet<Object<'a>> {
        let mut found = BTreeSet::new();
        for mention in mentions(text, reading) {
            let counts = |object: &Object| mention.schema.is_some() || bare(object);
            found.extend(self.names.mentioned_by(&mention).filter(counts));
        }
        found
    }

    fn is_near(&self, object: Object) -> bool {
        let schema = object.schema();
        schema.as_str() == "public" || self.scope.schemas.contains(schema)
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
                let ours = |schema: &Identifier| self.scope.schemas.contains(schema);
                named.any_statement = any_statement || reaches_beyond_names(&routine.body, ours);
            }
        }
        named
    }
}

/// What both have, each with its own definition. A Lambda function is made by hand on the target, with a role of the target's: it is meant
/// to differ.
fn differing<'a>(source: &'a Catalog, target: &'a Catalog) -> BTreeSet<Object<'a>> {
    let relations = source.tables.keys().chain(source.views.keys()).chain(source.materialized_views.keys());
    let relations = relations.filter(|name| target.relation(name).is_some()).map(Object::Relation);
    let is_meant_to_differ = |here: &Routine, there: &Routine| {
        here.language == Language::Lambda && there.language == Language::Lambda
    };
    let routines = source.routines.iter().filter(|(name, here)| {
        target.routines.get(*name).is_some_and(|there| !is_meant_to_differ(here, there))
    });
    let both = relations.chain(routines.map(|(name, _)| Object::Routine(name)));
    let has_other_arguments = |object: &Object| match object {
        Object::Relation(_) => false,
        Object::Routine(name) => source.routines[*name].arguments != target.routines[*name].arguments,
    };
    both.filter(|object| !is_defined_alike(source, target, *object) || has_other_arguments(object)).collect()
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
