//! Each blocker, and what is needed for it not to be one.

use super::super::tests::{id, name, plan_onto, scope, table, tenant};
use super::super::{Furthest, Interleaved, Note, Plan, Policy, StepId, plan};
use crate::catalog::{
    AttachedMask, AttachedRowPolicy, Catalog, Conjunction, ExternalSchema, ExternalSource, Grantee, Group,
    OtherKind, OtherObject, Role, RowPolicy, RowSecurity, Schema, SchemaKind, SortKey, SortStyle, User,
    WarehouseKind,
};
use crate::name::QualifiedName;
use crate::statement::Sql;
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
    let blocking = Policy { interleaved: Interleaved::Block, ..Policy::default() };
    let furthest = Furthest::from([((name("orders"), id("id")), 42)]);
    let onto = |target: &Catalog| plan(&source, target, &scope(&source), &furthest, &blocking);
    assert_eq!(blocked(&onto(&target)), ["table shop.orders"]);
    assert_eq!(blocked(&onto(&on(WarehouseKind::Provisioned))), [""; 0]);
    target.tables.insert(name("orders"), table(None));
    assert_eq!(blocked(&onto(&target)), [""; 0], "the target has the table");
}

#[test]
fn interleaved_keys_become_compound_ones_on_serverless() {
    let mut source = tenant();
    let key = |style| Some(SortKey { style, columns: vec![id("id")] });
    source.tables.get_mut(&name("orders")).unwrap().sort_key = key(SortStyle::Interleaved);
    let listed = |plan: &Plan| {
        let notes =
            plan.not_carried_over.iter().filter(|note| note.reason.to_string().contains("interleaved"));
        notes.map(|note| note.subject.to_string()).collect::<Vec<_>>()
    };
    let created = |plan: &Plan| {
        let step = plan.steps.iter().find(|step| step.id == StepId::table(&name("orders")));
        step.map(|step| step.sql.iter().map(Sql::as_str).collect::<String>()).unwrap_or_default()
    };
    let plan = plan_onto(&source, &on(WarehouseKind::Serverless));
    assert_eq!((blocked(&plan), listed(&plan)), (vec![], vec!["table shop.orders".to_owned()]));
    assert!(created(&plan).contains("COMPOUND SORTKEY"), "{}", created(&plan));
    let plan = plan_onto(&source, &on(WarehouseKind::Provisioned));
    assert!(listed(&plan).is_empty() && created(&plan).contains("INTERLEAVED"), "{}", created(&plan));
    // One that stands there as a compound one is as it should be.
    let mut target = on(WarehouseKind::Serverless);
    let mut there = source.tables[&name("orders")].clone();
    there.sort_key = key(SortStyle::Compound);
    target.tables.insert(name("orders"), there);
    let plan = plan_onto(&source, &target);
    let differs = |note: &&Note| note.reason.to_string().contains("differs");
    assert_eq!((created(&plan), plan.not_carried_over.iter().filter(differs).count()), (String::new(), 0));
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
    let readers = tenant().groups.keys().next().unwrap().clone();
    let (capital, capitals) = (id("Readers"), id("READERS"));
    assert_eq!(capital.as_str().to_lowercase(), readers.as_str());
    target.groups.insert(capital, Group::default());
    target.groups.insert(capitals, Group::default());
    // Names of users keep their case in every session.
    let bob: &User = &tenant().users[&id("bob")];
    target.users.insert(id("Bob"), bob.clone());
    let elsewhere = QualifiedName::new(id("elsewhere"), id("Orders"));
    target.tables.insert(elsewhere, table(None));
    assert_eq!(blocked(&plan_onto(&tenant(), &target)), ["groups READERS, Readers, readers"]);
    assert_eq!(
        plan_onto(&with_twins(), &with_twins()).blockers,
        [],
        "what the target has already is no matter"
    );
    target.groups.insert(readers, Group::default());
    assert_eq!(plan_onto(&tenant(), &target).blockers, []);
}

#[test]
fn a_protected_table_with_capitals_cannot_be_read_where_they_are_folded() {
    let mut source = tenant();
    source.tables.get_mut(&name("orders")).unwrap().columns[1].name = id("Other");
    let security = RowSecurity { on: true, conjunction: Conjunction::And, policies: BTreeSet::new() };
    source.policies.row_security.insert(name("orders"), security);
    let attached = AttachedRowPolicy { policy: id("own"), grantee: Grantee::Public };
    source.policies.row_security.insert(
        name("zones"),
        RowSecurity { on: true, conjunction: Conjunction::And, policies: [attached].into() },
    );
    let predicate = "(zones.name)::text = \"Home\"()".to_owned();
    source.policies.row_policies.insert(id("own"), RowPolicy { columns: vec![], alias: None, predicate });
    let blockers = |kept| {
        let source = Catalog { case_sensitive: kept, ..source.clone() };
        blocked(&plan_onto(&source, &Catalog { case_sensitive: kept, ..Catalog::default() }))
    };
    let tables = ["orders", "orders", "zones", "zones"].map(|table| format!("table shop.{table}"));
    assert_eq!(blockers(Some(false)), tables);
    assert_eq!(blockers(Some(true)), [""; 0]);
}

#[test]
fn sides_that_read_names_in_other_ways_are_told() {
    let of = |case_sensitive| Catalog { case_sensitive, ..tenant() };
    let told = |source: Option<bool>, target: Option<bool>| {
        let plan = plan_onto(&of(source), &of(target));
        plan.not_carried_over
            .iter()
            .any(|note| note.reason.to_string().contains("enable_case_sensitive_identifier"))
    };
    assert!(told(Some(true), Some(false)) && told(Some(false), Some(true)));
    assert!(!told(Some(true), Some(true)) && !told(None, Some(true)));
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
