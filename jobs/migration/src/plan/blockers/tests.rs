//! Each blocker, and what is needed for it not to be one.

use super::super::tests::{id, name, plan_onto, table, tenant};
use super::super::{Note, Plan};
use crate::catalog::{
    AttachedMask, Catalog, ExternalSchema, ExternalSource, Grantee, OtherKind, OtherObject, Role, Schema,
    SchemaKind, SortKey, SortStyle, User, WarehouseKind,
};
use crate::name::QualifiedName;
use std::collections::{BTreeMap, BTreeSet};

fn blocked(plan: &Plan) -> Vec<String> {
    plan.blockers.iter().map(|note| note.subject.to_string()).collect()
}

fn on(kind: WarehouseKind) -> Catalog {
    Catalog { kind: Some(kind), ..Catalog::default() }
}

#[test]
fn interleaved_keys_do_not_go_to_serverless() {
    let mut source = tenant();
    let key = SortKey { style: SortStyle::Interleaved, columns: vec![id("id")] };
    source.tables.get_mut(&name("orders")).unwrap().sort_key = Some(key);
    let mut target = on(WarehouseKind::Serverless);
    assert_eq!(blocked(&plan_onto(&source, &target)), ["table shop.orders"]);
    assert_eq!(blocked(&plan_onto(&source, &on(WarehouseKind::Provisioned))), [""; 0]);
    target.tables.insert(name("orders"), table(None));
    assert_eq!(blocked(&plan_onto(&source, &target)), [""; 0], "the target has the table");
}

#[test]
fn a_column_that_no_format_carries_would_lose_its_values() {
    let mut source = tenant();
    source.tables.get_mut(&name("orders")).unwrap().columns[0].data_type = "oid".into();
    let there = Catalog { tables: tenant().tables, ..Catalog::default() };
    for target in [Catalog::default(), there] {
        assert_eq!(blocked(&plan_onto(&source, &target)), ["column id of table shop.orders"]);
    }
}

#[test]
fn a_view_that_takes_in_a_stream_would_lose_rows() {
    let stream = |source| {
        let external = ExternalSchema { source, database: None, options: BTreeMap::new() };
        Schema { owner: id("ann"), kind: SchemaKind::External(external) }
    };
    let mut source = tenant();
    source.schemas.insert(id("clicks"), stream(ExternalSource::Kafka));
    source.schemas.insert(id("lake"), stream(ExternalSource::DataCatalog));
    let view = source.materialized_views.get_mut(&name("mv")).unwrap();
    view.definition = r#"CREATE MATERIALIZED VIEW shop.mv AS SELECT * FROM clicks."topic""#.into();
    assert_eq!(blocked(&plan_onto(&source, &Catalog::default())), ["materialized view shop.mv"]);
    let there = tenant().materialized_views;
    let target = Catalog { materialized_views: there, ..Catalog::default() };
    assert_eq!(blocked(&plan_onto(&source, &target)), [""; 0]);
    let mut said = |definition: &str| {
        source.materialized_views.get_mut(&name("mv")).unwrap().definition = definition.into();
        plan_onto(&source, &Catalog::default())
    };
    let spaced = "SELECT * FROM clicks /* of a stream */ . \"topic\"";
    assert_eq!(blocked(&said(spaced)), ["materialized view shop.mv"]);
    assert_eq!(blocked(&said("SELECT 'clicks.topic' FROM shop.orders -- clicks.topic")), [""; 0]);
    source.materialized_views.get_mut(&name("mv")).unwrap().definition = "SELECT * FROM lake.clicks".into();
    let plan = plan_onto(&source, &Catalog::default());
    assert_eq!(blocked(&plan), [""; 0]);
    assert!(
        plan.border.iter().any(|note| note.reason.to_string().contains("names lake.clicks")),
        "{:?}",
        plan.border
    );
}

#[test]
fn a_mask_that_may_hold_for_the_login_would_be_unloaded() {
    let masked_for = |grantee: Grantee| {
        let mut source = tenant();
        source.login = Some(id("admin"));
        let role = |users: &[&str], roles: &[&str]| Role {
            owner: id("admin"),
            external_id: None,
            users: users.iter().map(|name| (id(name), false)).collect(),
            roles: roles.iter().map(|name| id(name)).collect(),
        };
        source.roles.insert(id("ours"), role(&[], &["loader"]));
        source.roles.insert(id("loader"), role(&["admin"], &["ours"]));
        source.roles.insert(id("clerk"), role(&["bob"], &[]));
        let mask = AttachedMask {
            policy: id("hide"),
            grantee,
            masked: vec!["other".into()],
            inputs: vec!["other".into()],
            priority: 0,
        };
        for relation in ["orders", "b_middle"] {
            source.policies.masks.insert(name(relation), BTreeSet::from([mask.clone()]));
        }
        let blockers = plan_onto(&source, &Catalog::default()).blockers;
        blockers
            .into_iter()
            .filter(|note| note.reason.to_string().contains("unload"))
            .map(|note| note.subject.to_string())
            .collect::<Vec<_>>()
    };
    for grantee in
        [Grantee::Public, Grantee::User(id("admin")), Grantee::Role(id("ours")), Grantee::Role(id("loader"))]
    {
        assert_eq!(masked_for(grantee), ["columns other of shop.orders"]);
    }
    for grantee in [Grantee::User(id("bob")), Grantee::Role(id("clerk")), Grantee::Role(id("gone"))] {
        assert_eq!(masked_for(grantee), [""; 0]);
    }
}

fn with_twins() -> Catalog {
    let mut source = tenant();
    source.tables.insert(name("Orders"), table(None));
    source.tables.get_mut(&name("zones")).unwrap().columns[1].name = id("ID");
    source
}

#[test]
fn names_that_differ_only_by_case_need_sessions_that_tell_them_apart() {
    let target = |case_sensitive| Catalog { case_sensitive, ..Catalog::default() };
    let plan = plan_onto(&with_twins(), &target(Some(false)));
    assert_eq!(blocked(&plan), ["columns of shop.zones ID, id", "relations of shop Orders, orders"]);
    assert_eq!(plan_onto(&with_twins(), &target(None)).blockers, plan.blockers);
    assert_eq!(plan_onto(&with_twins(), &target(Some(true))).blockers, []);
}

#[test]
fn a_name_may_meet_one_of_the_targets() {
    let mut target = Catalog::default();
    let bob: &User = &tenant().users[&id("bob")];
    target.users.insert(id("Bob"), bob.clone());
    target.users.insert(id("BOB"), bob.clone());
    let elsewhere = QualifiedName::new(id("elsewhere"), id("Orders"));
    target.tables.insert(elsewhere, table(None));
    assert_eq!(blocked(&plan_onto(&tenant(), &target)), ["users BOB, Bob, bob"]);
    assert_eq!(
        plan_onto(&with_twins(), &with_twins()).blockers,
        [],
        "what the target has already is no matter"
    );
    target.users.insert(id("bob"), bob.clone());
    assert_eq!(plan_onto(&tenant(), &target).blockers, []);
}

fn others(of: &[(OtherKind, &str, &str)]) -> BTreeSet<OtherObject> {
    of.iter()
        .map(|&(kind, place, name)| OtherObject { kind, place: place.into(), name: name.into() })
        .collect()
}

fn objects(notes: &[Note]) -> Vec<String> {
    let kinds = OtherKind::ALL.map(OtherKind::name);
    let objects = notes.iter().map(|note| note.subject.to_string());
    objects.filter(|object| kinds.iter().any(|kind| object.starts_with(kind))).collect()
}

#[test]
fn objects_of_other_kinds_are_named_and_models_block() {
    use OtherKind::{CopyJob, Datashare, Integration, Library, Model};
    let mut source = tenant();
    source.others = others(&[
        (Model, "shop", "churn"),
        (Model, "shopping", "theirs"),
        (Datashare, "shop.orders", "partners"),
        (Datashare, "shop", "partners"),
        (Datashare, "shopping.orders", "theirs"),
        (CopyJob, "COPY \"shop\".orders FROM 's3://bucket/x'", "hourly"),
        (CopyJob, "COPY orders FROM 's3://my.bucket/x'", "somewhere"),
        (CopyJob, "COPY /* ours */ shop . orders FROM 's3://my.bucket/x' IAM_ROLE 'arn", "spaced"),
        (CopyJob, "COPY public.orders FROM 's3://shop.bucket/x' -- shop.orders", "theirs"),
        (Library, "", "f_urlparse"),
        (Integration, "", "aurora"),
    ]);
    let plan = plan_onto(&source, &Catalog::default());
    assert_eq!(blocked(&plan), ["model shop.churn"]);
    let listed = [
        "copy job hourly",
        "copy job somewhere",
        "copy job spaced",
        "datashare partners",
        "integration aurora",
        "library f_urlparse",
    ];
    assert_eq!(objects(&plan.not_carried_over), listed);
    let share =
        plan.not_carried_over.iter().find(|note| note.subject.to_string() == "datashare partners").unwrap();
    assert!(share.reason.to_string().ends_with(": shop, shop.orders"), "{}", share.reason);
    let target = Catalog { others: source.others.clone(), ..Catalog::default() };
    let plan = plan_onto(&source, &target);
    assert_eq!((blocked(&plan), objects(&plan.not_carried_over)), (vec![], vec![]));
}
