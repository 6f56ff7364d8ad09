//! For every field of every catalog type: where source and target differ in it, the plan has a step or a line that says so.
//!
//! The macro `fields!` takes each type apart without `..`: a field that is added and forgotten here does not compile.

mod whole;

use super::{Furthest, Plan, Policy, plan};
use crate::catalog::*;
use crate::name::Identifier;
use crate::scope::Scope;
use std::collections::{BTreeMap, BTreeSet};
use whole::{id, relation, whole};

/// Where a change must show. What shows on one side only has a reason beside the field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shows {
    Everywhere,
    /// Where the source has it.
    Source,
    /// Where the target has it.
    Target,
    Nowhere,
}

/// A catalog with one field changed.
struct Change {
    field: &'static str,
    shows: Shows,
    catalog: Catalog,
}

/// One value changed in each of its fields in turn. A field gives a function from its value to another one, and may say before
/// it that the change shows on one side only, or nowhere, with the reason.
macro_rules! fields {
    ($type:ident, $value:expr, $place:expr, { $($field:ident $([$shows:ident: $reason:literal])?: $change:expr,)* }) => {{
        let value: $type = $value;
        let $type { $($field),* } = value.clone();
        let mut changes: Vec<Change> = Vec::new();
        $({
            let shows = [$({ let _reason: &str = $reason; Shows::$shows })?].first().copied().unwrap_or(Shows::Everywhere);
            let mut changed = value.clone();
            changed.$field = change($field, $change);
            assert_ne!(changed, value, concat!(stringify!($type), ".", stringify!($field), " is not changed"));
            let mut catalog = whole();
            put(&mut catalog, changed, $place);
            changes.push(Change { field: concat!(stringify!($type), ".", stringify!($field)), shows, catalog });
        })*
        changes
    }};
}

// After the macro, which it uses.
mod objects;

fn change<T>(value: T, change: impl FnOnce(T) -> T) -> T {
    change(value)
}

fn put<T>(catalog: &mut Catalog, value: T, place: impl FnOnce(&mut Catalog, T)) {
    place(catalog, value);
}

fn planned(source: &Catalog, target: &Catalog) -> Plan {
    let schemas =
        ["shop", "lake", "empty"].map(id).into_iter().filter(|schema| source.schemas.contains_key(schema));
    let scope = Scope::of(source, &schemas.collect::<Vec<_>>(), "norrvik").unwrap();
    plan(source, target, &scope, &Furthest::new(), &Policy::default())
}

/// What a plan says, without its border: that tells of both sides what is the same on both.
fn says(plan: &Plan) -> (usize, usize, usize) {
    (plan.steps.len(), plan.blockers.len(), plan.not_carried_over.len())
}

#[test]
fn a_target_that_holds_everything_needs_no_step() {
    let plan = planned(&whole(), &whole());
    assert!(plan.steps.is_empty() && plan.blockers.is_empty(), "{plan:#?}");
}

#[test]
fn a_difference_in_any_field_yields_a_step_or_a_line() {
    let whole = whole();
    let nothing = says(&planned(&whole, &whole));
    let mut silent = Vec::new();
    for Change { field, shows, catalog } in changes() {
        let on_source = says(&planned(&catalog, &whole)) != nothing;
        let on_target = says(&planned(&whole, &catalog)) != nothing;
        let found = match (on_source, on_target) {
            (true, true) => Shows::Everywhere,
            (true, false) => Shows::Source,
            (false, true) => Shows::Target,
            (false, false) => Shows::Nowhere,
        };
        if found != shows {
            silent.push(format!("{field}: shows {found:?}, not {shows:?}"));
        }
    }
    assert!(silent.is_empty(), "{}", silent.join("\n"));
}

fn changes() -> Vec<Change> {
    [
        catalogs(),
        principals(),
        rights(),
        objects::schemas_and_tables(),
        objects::routines_and_views(),
        objects::policies(),
        objects::others(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What one side lacks altogether.
fn catalogs() -> Vec<Change> {
    let place = |catalog: &mut Catalog, value| *catalog = value;
    fields!(Catalog, whole(), place, {
        kind [Nowhere: "what a kind of warehouse lacks is no matter where the target has everything"]: |_| Some(WarehouseKind::Serverless),
        case_sensitive [Nowhere: "names that the target has already are told apart there"]: |_| Some(true),
        database [Nowhere: "the tenant may move to a database of another name"]: |_| Some(id("other")),
        login [Nowhere: "who runs the tool has no part in what the tenant holds"]: |_| Some(id("other")),
        collation: |_| Collation::CaseInsensitive,
        users: |_| BTreeMap::new(),
        groups: |_| BTreeMap::new(),
        roles: |_| BTreeMap::new(),
        schemas [Target: "what only the target has is left there, and is none of the tenant's"]: |mut schemas: BTreeMap<Identifier, Schema>| { schemas.remove(&id("empty")); schemas },
        table_sizes [Nowhere: "they say which tables move together, and how much is left"]: |_| BTreeMap::new(),
        tables [Target: "what only the target has is left there, and is none of the tenant's"]: |_| BTreeMap::new(),
        routines [Target: "what only the target has is left there, and is none of the tenant's"]: |_| BTreeMap::new(),
        views [Target: "what only the target has is left there, and is none of the tenant's"]: |_| BTreeMap::new(),
        materialized_views [Target: "what only the target has is left there, and is none of the tenant's"]: |_| BTreeMap::new(),
        comments: |_| BTreeMap::new(),
        grants: |_| BTreeMap::new(),
        revoked_from_owners: |_| BTreeMap::new(),
        system_privileges: |_| BTreeMap::new(),
        assume_role: |_| BTreeSet::new(),
        default_privileges: |_| BTreeMap::new(),
        policies: |_| Policies::default(),
        others [Target: "what only the target has is left there, and is none of the tenant's"]: |_| BTreeSet::new(),
        unread: |_| BTreeSet::new(),
        names_databases [Nowhere: "it keeps objects from being created, and all stand here"]: |_| BTreeMap::new(),
    })
}

fn principals() -> Vec<Change> {
    let of_user = |catalog: &mut Catalog, value| drop(catalog.users.insert(id("ann"), value));
    let mut changes = fields!(User, whole().users[&id("ann")].clone(), of_user, {
        superuser: |it: bool| !it,
        create_database: |it: bool| !it,
        valid_until: |_| Some("2031-02-03 04:05:06".to_owned()),
        connection_limit: |_| Some(3),
        unrestricted_syslog_access: |it: bool| !it,
        session_timeout_s: |_| Some(60),
        external_id: |_| Some("e".to_owned()),
        settings: |_| BTreeSet::new(),
    });
    let of_setting = |catalog: &mut Catalog, value| {
        catalog.users.get_mut(&id("ann")).unwrap().settings = BTreeSet::from([value]);
    };
    changes.extend(fields!(Setting, whole::setting(), of_setting, {
        parameter: |_| id("query_group"),
        value: |_| "other".to_owned(),
    }));
    let of_group = |catalog: &mut Catalog, value| drop(catalog.groups.insert(id("readers"), value));
    changes.extend(fields!(Group, whole().groups[&id("readers")].clone(), of_group, {
        members: |_| BTreeSet::new(),
    }));
    let of_role = |catalog: &mut Catalog, value| drop(catalog.roles.insert(id("clerk"), value));
    changes.extend(fields!(Role, whole().roles[&id("clerk")].clone(), of_role, {
        owner: |_| id("bob"),
        external_id: |_| Some("e".to_owned()),
        users: |_| BTreeMap::new(),
        roles: |_| BTreeSet::new(),
    }));
    changes
}

fn rights() -> Vec<Change> {
    let on_orders = |catalog: &mut Catalog, value| {
        catalog.grants.insert(Securable::Relation(relation("orders")), BTreeSet::from([value]));
    };
    let mut changes = fields!(Grant, whole::grant(), on_orders, {
        grantee: |_| Grantee::User(id("ann_other")),
        privilege: |_| Privilege::Update,
        grantable: |it: bool| !it,
    });
    let assumes = |catalog: &mut Catalog, value| catalog.assume_role = BTreeSet::from([value]);
    changes.extend(fields!(AssumeRole, whole::assume_role(), assumes, {
        grantee: |_| Grantee::User(id("bob")),
        iam_role: |_| "arn:aws:iam::1:role/other".to_owned(),
        command: |_| "UNLOAD".to_owned(),
    }));
    let defaults = |catalog: &mut Catalog, value| {
        catalog.default_privileges = BTreeMap::from([(value, BTreeSet::from([whole::grant()]))]);
    };
    changes.extend(fields!(DefaultPrivileges, whole::default_privileges(), defaults, {
        owner: |_| id("bob"),
        schema: |_| None,
        on: |_| NewObject::Functions,
    }));
    changes
}
