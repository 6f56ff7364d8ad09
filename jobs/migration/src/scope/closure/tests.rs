//! The closure beside its rules, applied one by one to everything until nothing follows: slow and plain.

use super::*;
use crate::catalog::{
    DefaultPrivileges, Grant, Group, NewObject, Privilege, Role, Schema, SchemaKind, Securable, User,
};
use proptest::collection::{btree_map, btree_set, vec};
use proptest::prelude::*;

fn id(name: &str) -> Identifier {
    Identifier::new(name).unwrap()
}

/// Any principal's name of a kind; a few, so that they meet.
fn numbered(kind: &'static str) -> impl Strategy<Value = Identifier> {
    (0..6_u8).prop_map(move |number| id(&format!("{kind}{number}")))
}

fn any_role() -> impl Strategy<Value = Identifier> {
    prop_oneof![6 => numbered("role"), 1 => Just(id("sys:dba")), 1 => Just(id("ds:share"))]
}

fn any_user() -> impl Strategy<Value = Identifier> {
    prop_oneof![8 => numbered("user"), 1 => Just(id(SYSTEM_USER)), 1 => Just(id("a_tenant%_1"))]
}

fn any_grantee() -> impl Strategy<Value = Grantee> {
    prop_oneof![
        Just(Grantee::Public),
        any_user().prop_map(Grantee::User),
        numbered("group").prop_map(Grantee::Group),
        any_role().prop_map(Grantee::Role),
    ]
}

fn any_schema() -> impl Strategy<Value = Identifier> {
    prop_oneof![Just(id("ours")), Just(id("theirs"))]
}

fn grants() -> impl Strategy<Value = BTreeSet<Grant>> {
    let grant =
        any_grantee().prop_map(|grantee| Grant { grantee, privilege: Privilege::Usage, grantable: false });
    btree_set(grant, 0..3)
}

prop_compose! {
    fn catalog()(
        users in btree_set(any_user(), 0..6),
        groups in btree_map(numbered("group"), btree_set(any_user(), 0..3), 0..4),
        roles in btree_map(any_role(), (btree_map(any_user(), any::<bool>(), 0..3), btree_set(any_role(), 0..2)), 0..6),
        owners in vec(any_user(), 2),
        on_schemas in btree_map(any_schema(), grants(), 0..2),
        to_come in btree_map((any_user(), proptest::option::of(any_schema())), grants(), 0..4),
    ) -> Catalog {
        let mut catalog = Catalog::default();
        catalog.users.extend(users.into_iter().map(|name| (name, User::ordinary())));
        catalog.groups.extend(groups.into_iter().map(|(name, members)| (name, Group { members })));
        catalog.roles.extend(roles.into_iter().map(|(name, (users, roles))| {
            (name, Role { owner: id("user0"), external_id: None, users, roles })
        }));
        for (name, owner) in ["ours", "theirs"].into_iter().zip(owners) {
            catalog.schemas.insert(id(name), Schema { owner, kind: SchemaKind::UNLIMITED });
        }
        catalog.grants.extend(on_schemas.into_iter().map(|(name, grants)| (Securable::Schema(name), grants)));
        catalog.default_privileges.extend(to_come.into_iter().map(|((owner, schema), grants)| {
            (DefaultPrivileges { owner, schema, on: NewObject::Tables }, grants)
        }));
        catalog
    }
}

/// One pass of the rules: what they add to what matters (`all`) and to what holds rights (`bearers`).
fn apply_rules(source: &Catalog, all: &mut BTreeSet<Grantee>, bearers: &mut BTreeSet<Grantee>) {
    let mut found = BTreeSet::new();
    let user = |name: &Identifier| Grantee::User(name.clone());
    let role = |name: &Identifier| Grantee::Role(name.clone());
    found.insert(user(&source.schemas[&id("ours")].owner));
    found.extend(source.users.keys().filter(|name| name.as_str().contains("tenant%")).map(user));
    for (on, grants) in &source.grants {
        if on.schema() == Some(&id("ours")) {
            bearers.extend(grants.iter().map(|grant| grant.grantee.clone()));
        }
    }
    for (rule, grants) in &source.default_privileges {
        let of_ours = rule.schema.is_none() && all.contains(&user(&rule.owner));
        if of_ours || rule.schema == Some(id("ours")) {
            found.insert(user(&rule.owner));
            bearers.extend(grants.iter().map(|grant| grant.grantee.clone()));
        }
    }
    for (name, group) in &source.groups {
        if bearers.contains(&Grantee::Group(name.clone())) {
            found.extend(group.members.iter().map(user));
        }
    }
    for (name, held) in &source.roles {
        let holders = || held.users.keys().map(user).chain(held.roles.iter().map(role));
        if bearers.contains(&role(name)) && !is_system_role(name) && !is_datashares_own(name) {
            found.extend(held.users.keys().map(user));
            bearers.extend(held.roles.iter().map(role));
        }
        if holders().any(|holder| all.contains(&holder)) {
            found.insert(role(name));
        }
    }
    found.extend(bearers.iter().cloned());
    all.extend(found.into_iter().filter(|grantee| match grantee {
        Grantee::Public => false,
        Grantee::User(name) => name.as_str() != SYSTEM_USER,
        Grantee::Role(name) => !is_datashares_own(name),
        Grantee::Group(_) => true,
    }));
}

proptest! {
    #[test]
    fn exactly_those_matter_who_follow_from_the_rules(source in catalog()) {
        let scope = Scope::of(&source, &[id("ours")], "tenant%").unwrap();
        let (mut all, mut bearers) = (BTreeSet::new(), BTreeSet::new());
        for _ in 0..40 {
            apply_rules(&source, &mut all, &mut bearers);
        }
        let users = scope.users.iter().cloned().map(Grantee::User);
        let groups = scope.groups.iter().cloned().map(Grantee::Group);
        let roles = scope.roles.iter().cloned().map(Grantee::Role);
        prop_assert_eq!(users.chain(groups).chain(roles).collect::<BTreeSet<_>>(), all);
        prop_assert_eq!(Scope::of(&source, &[id("ours")], "tenant%").unwrap(), scope);
    }
}

#[test]
fn a_role_that_is_only_held_brings_nobody_along() {
    let mut source = Catalog::default();
    source.schemas.insert(id("ours"), Schema { owner: id("ann"), kind: SchemaKind::UNLIMITED });
    let holders = |names: &[&str]| names.iter().map(|name| (id(name), false)).collect();
    let role = |users, roles| Role { owner: id("dba"), external_id: None, users, roles };
    source.roles.insert(id("analyst"), role(holders(&["ann", "stranger"]), BTreeSet::new()));
    source.roles.insert(id("reader"), role(holders(&["bob"]), BTreeSet::from([id("writer")])));
    source.roles.insert(id("writer"), role(holders(&["cleo"]), BTreeSet::new()));
    let grant = Grant { grantee: Grantee::Role(id("reader")), privilege: Privilege::Usage, grantable: false };
    source.grants.insert(Securable::Schema(id("ours")), BTreeSet::from([grant]));
    let scope = Scope::of(&source, &[id("ours")], "").unwrap();
    assert_eq!(scope.users, BTreeSet::from([id("ann"), id("bob"), id("cleo")]));
    assert_eq!(scope.roles, BTreeSet::from([id("analyst"), id("reader"), id("writer")]));
}

#[test]
fn the_tenants_name_is_no_pattern() {
    let mut source = Catalog::default();
    source.schemas.insert(id("ours"), Schema { owner: id("ann"), kind: SchemaKind::UNLIMITED });
    for name in ["a_tenant", "aXtenant", "the a_tenant's", "A_TENANT"] {
        source.users.insert(id(name), User::ordinary());
    }
    let scope = Scope::of(&source, &[id("ours")], "a_tenant").unwrap();
    assert_eq!(scope.users, BTreeSet::from([id("ann"), id("a_tenant"), id("the a_tenant's")]));
}
