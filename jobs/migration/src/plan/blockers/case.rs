//! Names that differ only by case: a session in which names in quotes are folded cannot tell them apart, and what it says of
//! the one happens to the other (`r_enable_case_sensitive_identifier`).

use super::super::{BlockedObject, Context, Draft, Subject};
use crate::catalog::Catalog;
use crate::name::Identifier;
use std::collections::{BTreeMap, BTreeSet};

/// The names of a place, by what they become when folded.
type Folded<'a> = BTreeMap<(String, String), BTreeSet<&'a str>>;

pub(super) fn plan(context: &Context, draft: &mut Draft) {
    if context.target.case_sensitive == Some(true) {
        return;
    }
    let there = folded(context, context.target);
    for (key, mut names) in folded(context, context.source) {
        let known = there.get(&key);
        let arrives = names.iter().any(|name| known.is_none_or(|known| !known.contains(name)));
        names.extend(known.into_iter().flatten());
        if arrives && names.len() > 1 {
            let names = names.into_iter().map(str::to_owned).collect();
            draft.block(Subject::Names { place: key.0, names }, BlockedObject::DiffersByCase);
        }
    }
}

/// The tenant's names in a catalog. Principals of the target count in full: a new one may meet any of them.
fn folded<'a>(context: &Context, catalog: &'a Catalog) -> Folded<'a> {
    let mut folded = Folded::new();
    let mut add = |place: String, name: &'a Identifier| {
        folded.entry((place, name.as_str().to_lowercase())).or_default().insert(name.as_str());
    };
    let scope = context.scope;
    let everybody = std::ptr::eq(catalog, context.target);
    for name in catalog.users.keys().filter(|name| everybody || scope.users.contains(*name)) {
        add("users".to_owned(), name);
    }
    for name in catalog.groups.keys().filter(|name| everybody || scope.groups.contains(*name)) {
        add("groups".to_owned(), name);
    }
    for name in catalog.roles.keys().filter(|name| everybody || scope.roles.contains(*name)) {
        add("roles".to_owned(), name);
    }
    for name in catalog.schemas.keys().filter(|name| everybody || scope.schemas.contains(*name)) {
        add("schemas".to_owned(), name);
    }
    let views = catalog.views.keys().chain(catalog.materialized_views.keys());
    for name in catalog.tables.keys().chain(views).filter(|name| scope.holds(name)) {
        add(format!("relations of {}", name.schema.as_str()), &name.name);
    }
    for (name, table) in catalog.tables.iter().filter(|(name, _)| scope.holds(name)) {
        for column in &table.columns {
            add(format!("columns of {}", name.plain()), &column.name);
        }
    }
    for name in catalog.routines.keys().filter(|name| scope.holds_routine(name)) {
        add(
            format!("routines of {} with ({})", name.name.schema.as_str(), name.argument_types),
            &name.name.name,
        );
    }
    folded
}
