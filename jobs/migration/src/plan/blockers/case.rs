//! Names that differ only by case: a session in which names in quotes are folded cannot tell them apart, and what it says of
//! the one happens to the other (`r_enable_case_sensitive_identifier`).

use super::super::{BlockedObject, Context, Draft, SchemaCause, Subject};
use crate::catalog::{Catalog, Policies};
use crate::name::{Identifier, QualifiedName};
use crate::text::has_capital_in_quotes;
use std::collections::{BTreeMap, BTreeSet};

/// The names of a place, by what they become when folded.
type Folded<'a> = BTreeMap<(String, String), BTreeSet<&'a str>>;

pub(super) fn plan(context: &Context, draft: &mut Draft) {
    refuse_protected(context, draft);
    if let (Some(source), Some(target)) = (context.source.case_sensitive, context.target.case_sensitive)
        && source != target
    {
        draft.leave(Subject::Database, SchemaCause::CaseDiffers { kept_on_source: source });
    }
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

/// A table with policies can be read only with the default setting (`t_rls_usage`, `t_ddm-considerations`), and names with capitals, its own
/// or those that its policies say, only with the setting on.
fn refuse_protected(context: &Context, draft: &mut Draft) {
    let policies = &context.source.policies;
    for (name, table) in context.source.tables.iter().filter(|(name, _)| context.scope.holds(name)) {
        let is_protected = policies.row_security.get(name).is_some_and(|security| security.on)
            || policies.masks.get(name).is_some_and(|masks| !masks.is_empty());
        let mut names =
            [&name.schema, &name.name].into_iter().chain(table.columns.iter().map(|column| &column.name));
        if !is_protected || !(names.any(has_capital) || policies_have_capitals(policies, name)) {
            continue;
        }
        for (warehouse, kept) in
            [("source", context.source.case_sensitive), ("target", context.target.case_sensitive)]
        {
            if kept == Some(false) {
                draft.block(Subject::Table(name.clone()), BlockedObject::ProtectedWithCapitals { warehouse });
            }
        }
    }
}

fn has_capital(name: &Identifier) -> bool {
    name.as_str().bytes().any(|byte| byte.is_ascii_uppercase())
}

fn policies_have_capitals(policies: &Policies, table: &QualifiedName) -> bool {
    let attached = policies.row_security.get(table).into_iter().flat_map(|security| &security.policies);
    let row_policies = attached
        .filter_map(|attached| Some((&attached.policy, policies.row_policies.get(&attached.policy)?)));
    let row_policies = row_policies.map(|(name, policy)| (name, &policy.columns, &policy.predicate));
    let masks = policies.masks.get(table).into_iter().flatten();
    let masks = masks.filter_map(|mask| Some((&mask.policy, policies.masking_policies.get(&mask.policy)?)));
    let masks = masks.map(|(name, policy)| (name, &policy.columns, &policy.expression));
    row_policies.chain(masks).any(|(name, columns, text)| {
        has_capital(name)
            || columns.iter().any(|column| has_capital(&column.name))
            || has_capital_in_quotes(text)
    })
}

/// The tenant's names in a catalog. Groups and roles of the target count in full: a new one may meet any of them. Names of users always
/// keep their case; no page says whether those of groups and roles do, so that they are taken to fold.
fn folded<'a>(context: &Context, catalog: &'a Catalog) -> Folded<'a> {
    let mut folded = Folded::new();
    let mut add = |place: String, name: &'a Identifier| {
        folded.entry((place, name.as_str().to_lowercase())).or_default().insert(name.as_str());
    };
    let scope = context.scope;
    let everybody = std::ptr::eq(catalog, context.target);
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
