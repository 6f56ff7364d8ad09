//! Targets that let somebody see what is still to be masked there.

use super::super::policies::tests::guarded;
use super::super::tests::{id, name, plan_onto, tenant, view};
use crate::catalog::{
    Catalog, DefaultPrivileges, Grant, Grantee, NewObject, ObjectKind, Privilege, Securable, User,
};
use std::collections::BTreeSet;

fn bob() -> Grantee {
    Grantee::User(id("bob"))
}

fn select(grantee: Grantee) -> BTreeSet<Grant> {
    BTreeSet::from([Grant { grantee, privilege: Privilege::Select, grantable: false }])
}

/// The tenant of a mask on `zones`, to which the source gives `bob` this right.
fn source(on: &Securable) -> Catalog {
    let mut source = guarded();
    source.policies.row_security.clear();
    source.grants.insert(on.clone(), select(bob()));
    source
}

/// A target with the tenant's objects, without rights and policies.
fn target() -> Catalog {
    let mut target = tenant();
    target.grants.clear();
    target.login = Some(id("admin"));
    target
}

fn blocked(source: &Catalog, target: &Catalog) -> Vec<String> {
    let blockers = plan_onto(source, target).blockers;
    let seen = blockers
        .into_iter()
        .filter(|note| note.reason.to_string().contains("it would show shop.zones before"));
    seen.map(|note| note.subject.to_string()).collect()
}

#[test]
fn a_right_that_stands_stops_everything_while_a_mask_is_missing() {
    for on in [
        Securable::Relation(name("zones")),
        Securable::Column(name("zones"), id("other")),
        Securable::EveryInSchema(ObjectKind::Tables, id("shop")),
        Securable::EveryInDatabase(ObjectKind::Tables),
    ] {
        let source = source(&on);
        assert_eq!(blocked(&source, &target()), [""; 0], "{on}");
        let mut there = target();
        there.grants.insert(on.clone(), select(bob()));
        assert_eq!(blocked(&source, &there), [format!("SELECT for user bob on {}", on.plain())]);
        there.policies = source.policies.clone();
        assert_eq!(blocked(&source, &there), [""; 0], "{on} is masked");
    }
}

#[test]
fn a_right_on_a_view_of_the_target_alone_stops_it_too() {
    let mut there = target();
    there.views.insert(name("only there"), view("SELECT 1 FROM shop.zones", &["zones"]));
    there.grants.insert(Securable::Relation(name("only there")), select(Grantee::Public));
    let source = source(&Securable::Relation(name("zones")));
    assert_eq!(blocked(&source, &there), ["SELECT for PUBLIC on shop.only there"]);
}

#[test]
fn owners_superusers_and_rights_that_show_nothing_stop_nothing() {
    let zones = Securable::Relation(name("zones"));
    let mut there = target();
    there.users.insert(id("root"), User { superuser: true, ..User::ordinary() });
    let mut grants = select(Grantee::User(id("ann")));
    grants.extend(select(Grantee::User(id("root"))));
    grants.insert(Grant { grantee: bob(), privilege: Privilege::Insert, grantable: false });
    there.grants.insert(zones.clone(), grants);
    assert_eq!(blocked(&source(&zones), &there), [""; 0]);
}

#[test]
fn default_privileges_that_would_show_what_is_created_stop_everything() {
    let source = source(&Securable::Relation(name("zones")));
    let mut there = target();
    let rule = DefaultPrivileges { owner: id("admin"), schema: Some(id("shop")), on: NewObject::Tables };
    there.default_privileges.insert(rule, select(bob()));
    assert_eq!(blocked(&source, &there), [""; 0], "the table is there already");
    there.tables.remove(&name("zones"));
    assert_eq!(
        blocked(&source, &there),
        ["default SELECT for user bob on TABLES to come of user admin in shop"]
    );
}
