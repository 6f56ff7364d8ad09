//! What shows a relation to others: the views over it, and the procedures that read it as their owner.
//!
//! A policy holds for who queries, also through a view (`t_rls_usage`, `t_ddm-considerations`), while the rights on what the view
//! reads are its owner's. So who may read the view needs no right on the relation to see it.

use crate::catalog::{Catalog, ObjectKind, RoutineKind, RoutineName, Securable, View};
use crate::name::{Identifier, QualifiedName};
use crate::text::{Mention, Reading, mentions};
use std::collections::{BTreeMap, BTreeSet};

/// The word before a statement that a procedure puts together as it runs (`c_PLpgSQL-statements`): no text says what it names.
pub(super) const DYNAMIC: &str = "execute";

/// Through what some relations can be seen, and which of them.
#[derive(Default)]
pub(super) struct Seen<'a> {
    relations: BTreeMap<&'a QualifiedName, BTreeSet<&'a QualifiedName>>,
    routines: BTreeMap<&'a RoutineName, BTreeSet<&'a QualifiedName>>,
}

impl<'a> Seen<'a> {
    /// Where a catalog shows these relations: themselves, the views over them, by way of others too, and the procedures with
    /// SECURITY DEFINER that name one.
    pub(super) fn of(catalog: &'a Catalog, relations: impl IntoIterator<Item = &'a QualifiedName>) -> Self {
        let mut seen = Self::default();
        let mut relations = relations.into_iter().peekable();
        if relations.peek().is_none() {
            return seen; // Reading the text of every procedure is spared where nothing asks for it.
        }
        let readers = Readers::of(catalog);
        for relation in relations {
            for object in readers.of_relation(relation) {
                match object {
                    Object::Relation(name) => {
                        seen.relations.entry(name).or_default().insert(relation);
                    }
                    Object::Routine(name) if is_definer(catalog, name) => {
                        seen.routines.entry(name).or_default().insert(relation);
                    }
                    // It reads with the rights of who calls it.
                    Object::Routine(_) => {}
                }
            }
        }
        seen
    }

    /// Those that a right on this shows.
    pub(super) fn through(&self, securable: &Securable) -> BTreeSet<&'a QualifiedName> {
        let every_relation = |schema: Option<&Identifier>| {
            let relations = self.relations.iter();
            let of_schema = relations.filter(|(name, _)| schema.is_none_or(|schema| name.schema == *schema));
            of_schema.flat_map(|(_, shown)| shown.iter().copied()).collect()
        };
        let every_routine = |schema: Option<&Identifier>| {
            let routines = self.routines.iter();
            let of_schema =
                routines.filter(|(name, _)| schema.is_none_or(|schema| name.name.schema == *schema));
            of_schema.flat_map(|(_, shown)| shown.iter().copied()).collect()
        };
        let every = |kind: ObjectKind, schema: Option<&Identifier>| match kind {
            ObjectKind::Tables => every_relation(schema),
            ObjectKind::Functions | ObjectKind::Procedures => every_routine(schema),
            ObjectKind::Schemas | ObjectKind::Languages | ObjectKind::CopyJobs => BTreeSet::new(),
        };
        match securable {
            Securable::Relation(name) | Securable::Column(name, _) => {
                self.relations.get(name).cloned().unwrap_or_default()
            }
            Securable::Routine(name) => self.routines.get(name).cloned().unwrap_or_default(),
            Securable::EveryInSchema(kind, schema) => every(*kind, Some(schema)),
            Securable::EveryInDatabase(kind) => every(*kind, None),
            Securable::Database | Securable::Language(_) | Securable::Schema(_) => BTreeSet::new(),
        }
    }
}

fn is_definer(catalog: &Catalog, name: &RoutineName) -> bool {
    catalog.routines.get(name).is_some_and(|routine| routine.security_definer)
}

/// What a text may name, and what may name it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Object<'a> {
    Relation(&'a QualifiedName),
    Routine(&'a RoutineName),
}

impl Object<'_> {
    /// The schema that it lies in.
    pub(super) fn schema(&self) -> &Identifier {
        match self {
            Self::Relation(name) => &name.schema,
            Self::Routine(name) => &name.name.schema,
        }
    }

    /// What privileges on it are on.
    pub(super) fn securable(self) -> Securable {
        match self {
            Self::Relation(name) => Securable::Relation(name.clone()),
            Self::Routine(name) => Securable::Routine(name.clone()),
        }
    }
}

/// Which views and procedures read what.
struct Readers<'a> {
    of: BTreeMap<Object<'a>, Vec<Object<'a>>>,
    /// The procedures that may read anything.
    of_all: Vec<Object<'a>>,
}

impl<'a> Readers<'a> {
    fn of(catalog: &'a Catalog) -> Self {
        let mut readers = Self { of: BTreeMap::new(), of_all: Vec::new() };
        let names = Names::of([catalog]);
        for (name, view) in &catalog.views {
            readers.add(names.in_view(view), Object::Relation(name));
        }
        for (name, view) in &catalog.materialized_views {
            readers.add(view.reads.iter().map(Object::Relation), Object::Relation(name));
        }
        // A SQL function reads no table (`r_CREATE_FUNCTION`).
        let procedures =
            catalog.routines.iter().filter(|(_, routine)| routine.kind == RoutineKind::Procedure);
        for (name, procedure) in procedures {
            let reader = Object::Routine(name);
            let (read, any_statement) = names.in_procedure(&procedure.body);
            readers.add(read, reader);
            if any_statement {
                readers.of_all.push(reader);
            }
        }
        readers
    }

    fn add(&mut self, read: impl IntoIterator<Item = Object<'a>>, reader: Object<'a>) {
        for object in read {
            self.of.entry(object).or_default().push(reader);
        }
    }

    /// A relation and what reads it, by way of others too.
    fn of_relation(&self, relation: &'a QualifiedName) -> BTreeSet<Object<'a>> {
        let mut found = BTreeSet::new();
        let mut open = self.of_all.clone();
        open.push(Object::Relation(relation));
        while let Some(object) = open.pop() {
            if found.insert(object) {
                open.extend(self.of.get(&object).into_iter().flatten());
            }
        }
        found
    }
}

/// The relations and procedures of catalogs by their bare names.
pub(super) struct Names<'a>(BTreeMap<&'a str, BTreeSet<Object<'a>>>);

impl<'a> Names<'a> {
    pub(super) fn of(catalogs: impl IntoIterator<Item = &'a Catalog>) -> Self {
        let mut names: BTreeMap<&str, BTreeSet<Object>> = BTreeMap::new();
        for catalog in catalogs {
            let relations = catalog.tables.keys().chain(catalog.views.keys());
            for name in relations.chain(catalog.materialized_views.keys()) {
                names.entry(name.name.as_str()).or_default().insert(Object::Relation(name));
            }
            for name in catalog.routines.keys() {
                names.entry(name.name.name.as_str()).or_default().insert(Object::Routine(name));
            }
        }
        Self(names)
    }

    /// What a view reads, as the catalog tracks it or as its text names it.
    pub(super) fn in_view(&self, view: &'a View) -> BTreeSet<Object<'a>> {
        let mut read: BTreeSet<Object> = view.reads.iter().map(Object::Relation).collect();
        if view.late_binding() {
            // Its names have their schemas (`r_CREATE_VIEW`), and the catalog tracks none.
            read.extend(self.in_text(&view.definition, Reading::Sql, false));
        }
        read
    }

    /// What the body of a procedure names, and whether it runs statements that it puts together.
    pub(super) fn in_procedure(&self, body: &str) -> (BTreeSet<Object<'a>>, bool) {
        let words = mentions(body, Reading::Body);
        let says = |word: &str| words.iter().any(|mention| mention.name.as_str() == word);
        // UNLOAD runs its query, a literal (`r_UNLOAD`).
        let reading = if says("unload") { Reading::BodyWithLiterals } else { Reading::Body };
        (self.in_text(body, reading, true), says(DYNAMIC))
    }

    /// What a text may name. A bare name may be one of any schema, for the `search_path` decides when the text runs; `bare` says
    /// whether a relation's may be. What stands in a literal of a procedure is run by EXECUTE, and such a procedure may read
    /// anything, or by UNLOAD.
    fn in_text(&self, text: &str, reading: Reading, bare: bool) -> BTreeSet<Object<'a>> {
        let mut found = BTreeSet::new();
        for mention in mentions(text, reading) {
            let counts =
                |object: &Object| bare || mention.schema.is_some() || matches!(object, Object::Routine(_));
            found.extend(self.mentioned_by(&mention).filter(counts));
        }
        found
    }

    /// What a mention may be of; of a bare name any schema's.
    pub(super) fn mentioned_by<'m>(&'m self, mention: &'m Mention) -> impl Iterator<Item = Object<'a>> + 'm {
        let objects = self.0.get(mention.name.as_str()).into_iter().flatten().copied();
        objects.filter(|object| match object {
            Object::Relation(name) => mention.may_be(name),
            Object::Routine(name) => mention.called && mention.may_be(&name.name),
        })
    }
}

#[cfg(test)]
mod tests;
