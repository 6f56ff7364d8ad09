//! What reaches across the tenant's border, in either direction, as the source's catalog tells it.
//!
//! Here it is only found; the plan says what becomes of each.

use super::Scope;
use crate::catalog::{Catalog, Grantee, Language, RoutineName};
use crate::name::{Identifier, QualifiedName};
use crate::text::{Mention, Reading, mentions};
use std::collections::{BTreeMap, BTreeSet};

/// How often something reaches into each schema outside.
pub(crate) type Outside<'a> = BTreeMap<&'a Identifier, usize>;

/// Something of the tenant that bears a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Text<'a> {
    /// A view's definition.
    View(&'a QualifiedName),
    /// A routine's body.
    Routine(&'a RoutineName),
    /// What a policy decides by that is attached to a relation of the tenant.
    Policy(&'a Identifier),
}

/// Something that reaches across the border.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Crossing<'a> {
    /// A view or materialized view of the tenant reads a relation outside, as the catalog tracks it.
    Reads { view: &'a QualifiedName, relation: &'a QualifiedName },
    /// A foreign key of the tenant points at a table outside.
    PointsAt { table: &'a QualifiedName, key: &'a Identifier, referenced: &'a QualifiedName },
    /// The text of a late-binding view or a routine of the tenant names a relation outside. The catalog does not track
    /// these, and a text may name what it does not use.
    NamesRelation { by: Text<'a>, relation: QualifiedName },
    /// The text of a view or a routine of the tenant names a routine outside, in the same way.
    NamesRoutine { by: Text<'a>, routine: QualifiedName },
    /// The text of a view or a routine of the tenant names something of an external schema, in the same way: data that lies
    /// elsewhere.
    NamesExternal { by: Text<'a>, name: QualifiedName },
    /// A view outside reads a relation of the tenant.
    IsReadBy { relation: &'a QualifiedName, view: &'a QualifiedName },
    /// A foreign key outside points at a table of the tenant.
    IsPointedAtBy { referenced: &'a QualifiedName, table: &'a QualifiedName, key: &'a Identifier },
    /// A user of the tenant owns objects outside.
    Owns { user: &'a Identifier, objects: Outside<'a> },
    /// A principal of the tenant holds rights outside.
    MayUse { grantee: &'a Grantee, rights: Outside<'a> },
    /// A user of the tenant is in a group that is not of the tenant.
    IsIn { user: &'a Identifier, group: &'a Identifier },
}

/// Everything that crosses the border, in a fixed order.
pub(crate) fn crossings<'a>(source: &'a Catalog, scope: &Scope) -> BTreeSet<Crossing<'a>> {
    let mut found = BTreeSet::new();
    add_reads(source, scope, &mut found);
    add_keys(source, scope, &mut found);
    add_mentions(source, scope, &mut found);
    add_owners(source, scope, &mut found);
    add_rights(source, scope, &mut found);
    add_memberships(source, scope, &mut found);
    found
}

fn add_reads<'a>(source: &'a Catalog, scope: &Scope, found: &mut BTreeSet<Crossing<'a>>) {
    let views = source.views.iter().map(|(name, view)| (name, &view.reads));
    let materialized = source.materialized_views.iter().map(|(name, view)| (name, &view.reads));
    for (view, reads) in views.chain(materialized) {
        for relation in reads.iter().filter(|relation| !is_redshifts_own(&relation.schema)) {
            match (scope.holds(view), scope.holds(relation)) {
                (true, false) => found.insert(Crossing::Reads { view, relation }),
                (false, true) => found.insert(Crossing::IsReadBy { relation, view }),
                (true, true) | (false, false) => false,
            };
        }
    }
}

fn add_keys<'a>(source: &'a Catalog, scope: &Scope, found: &mut BTreeSet<Crossing<'a>>) {
    for (table, foreign_key) in
        source.tables.iter().flat_map(|(name, table)| table.foreign_keys.iter().map(move |key| (name, key)))
    {
        let (key, referenced) = (&foreign_key.name, &foreign_key.references);
        match (scope.holds(table), scope.holds(referenced)) {
            (true, false) => found.insert(Crossing::PointsAt { table, key, referenced }),
            (false, true) => found.insert(Crossing::IsPointedAtBy { referenced, table, key }),
            (true, true) | (false, false) => false,
        };
    }
}

fn add_mentions<'a>(source: &'a Catalog, scope: &Scope, found: &mut BTreeSet<Crossing<'a>>) {
    let views = source.views.iter().filter(|(name, _)| scope.holds(name));
    // A view runs no literal, whatever it holds.
    let of_view = Reading::Sql;
    let views = views.map(|(name, view)| (Text::View(name), &view.definition, of_view, view.late_binding()));
    let materialized = source.materialized_views.iter().filter(|(name, _)| scope.holds(name));
    let materialized = materialized.map(|(name, view)| (Text::View(name), &view.definition, of_view, false));
    let routines = source.routines.iter().filter(|(name, _)| scope.holds_routine(name));
    let routines = routines
        .map(|(name, routine)| (Text::Routine(name), &routine.body, reading_of(&routine.language), true));
    let policies = policies(source, scope).map(|(name, text)| (Text::Policy(name), text, Reading::Sql, true));
    let outside: BTreeSet<&QualifiedName> =
        source.routines.keys().map(|routine| &routine.name).filter(|name| !scope.holds(name)).collect();
    for (by, text, reading, untracked) in views.chain(materialized).chain(routines).chain(policies) {
        for name in mentions(text, reading).iter().filter_map(Mention::qualified) {
            if source.is_external(&name.schema) {
                found.insert(Crossing::NamesExternal { by, name });
                continue;
            }
            if scope.holds(&name) {
                continue;
            }
            if untracked && source.relation(&name).is_some() {
                found.insert(Crossing::NamesRelation { by, relation: name.clone() });
            }
            if outside.contains(&name) {
                found.insert(Crossing::NamesRoutine { by, routine: name });
            }
        }
    }
}

/// The policies that are attached to relations of the tenant, with their expressions.
fn policies<'a>(
    source: &'a Catalog,
    scope: &Scope,
) -> impl Iterator<Item = (&'a Identifier, &'a String)> + use<'a> {
    let policies = &source.policies;
    let rows = policies.row_security.iter().filter(|(name, _)| scope.holds(name));
    let rows: BTreeSet<&Identifier> =
        rows.flat_map(|(_, security)| &security.policies).map(|attached| &attached.policy).collect();
    let masks = policies.masks.iter().filter(|(name, _)| scope.holds(name));
    let masks: BTreeSet<&Identifier> =
        masks.flat_map(|(_, masks)| masks).map(|attached| &attached.policy).collect();
    let rows = rows.into_iter().filter_map(|name| Some((name, &policies.row_policies.get(name)?.predicate)));
    let masks =
        masks.into_iter().filter_map(|name| Some((name, &policies.masking_policies.get(name)?.expression)));
    rows.chain(masks)
}

/// How a routine's body is read.
fn reading_of(language: &Language) -> Reading {
    match language {
        // EXECUTE runs what a procedure puts together of literals (`c_PLpgSQL-statements`). Where a body is no SQL, nobody knows
        // what a literal of it is.
        Language::Plpgsql | Language::Python | Language::Other(_) => Reading::BodyWithLiterals,
        // A function in SQL is one SELECT, and has no EXECUTE (`r_CREATE_FUNCTION`). The literals of one at AWS are its name
        // and a role (`r_CREATE_EXTERNAL_FUNCTION`).
        Language::Sql | Language::Lambda => Reading::Sql,
    }
}

fn add_owners<'a>(source: &'a Catalog, scope: &Scope, found: &mut BTreeSet<Crossing<'a>>) {
    let mut owned: BTreeMap<&Identifier, Outside> = BTreeMap::new();
    for (schema, owner) in super::owners(source).filter(|(schema, _)| !scope.schemas.contains(*schema)) {
        if scope.users.contains(owner) {
            *owned.entry(owner).or_default().entry(schema).or_default() += 1;
        }
    }
    found.extend(owned.into_iter().map(|(user, objects)| Crossing::Owns { user, objects }));
}

fn add_rights<'a>(source: &'a Catalog, scope: &Scope, found: &mut BTreeSet<Crossing<'a>>) {
    let mut held: BTreeMap<&Grantee, Outside> = BTreeMap::new();
    for (on, grants) in &source.grants {
        // What is the whole database's moves with those who hold rights on it.
        let Some(schema) = on.schema().filter(|schema| !scope.schemas.contains(*schema)) else { continue };
        for grant in grants.iter().filter(|grant| scope.holds_principal(&grant.grantee)) {
            *held.entry(&grant.grantee).or_default().entry(schema).or_default() += 1;
        }
    }
    found.extend(held.into_iter().map(|(grantee, rights)| Crossing::MayUse { grantee, rights }));
}

fn add_memberships<'a>(source: &'a Catalog, scope: &Scope, found: &mut BTreeSet<Crossing<'a>>) {
    for (group, members) in source.groups.iter().filter(|(name, _)| !scope.groups.contains(*name)) {
        let users = members.members.iter().filter(|user| scope.users.contains(*user));
        found.extend(users.map(|user| Crossing::IsIn { user, group }));
    }
}

/// Whether every warehouse has this schema.
fn is_redshifts_own(schema: &Identifier) -> bool {
    schema.as_str().starts_with("pg_") || schema.as_str() == "information_schema"
}

#[cfg(test)]
mod tests;
