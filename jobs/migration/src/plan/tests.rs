//! Plans of a small tenant that holds one of everything.

use super::*;
use crate::catalog::{
    Argument, ArgumentMode, Column, Commentable, DefaultValue, DistributionStyle, ForeignKey, Grant, Grantee,
    Group, Identity, KeyKind, Language, MaterializedView, Privilege, Routine, RoutineKind, RoutineName,
    Schema, SchemaKind, Setting, Table, UniqueKey, User, View, Volatility,
};
use crate::name::QualifiedName;
use std::collections::BTreeSet;

mod what_stands;

pub(super) fn id(name: &str) -> Identifier {
    Identifier::new(name).unwrap()
}

pub(super) fn name(name: &str) -> QualifiedName {
    QualifiedName::new(id("shop"), id(name))
}

pub(super) fn table(references: Option<&str>) -> Table {
    let column = |name: &str, default| Column {
        name: id(name),
        data_type: "bigint".into(),
        not_null: true,
        default,
        encoding: "az64".into(),
        collation: None,
    };
    let identity = DefaultValue::Identity(Identity { seed: 1, step: 1, by_default: false });
    let key = |target: &str| ForeignKey {
        name: id("fk"),
        columns: vec![id("other")],
        references: name(target),
        referenced_columns: vec![id("id")],
    };
    Table {
        owner: id("ann"),
        columns: vec![column("id", Some(identity)), column("other", None)],
        distribution: DistributionStyle::Even,
        sort_key: None,
        backup: true,
        automatic: None,
        unique_keys: vec![UniqueKey { name: id("pk"), kind: KeyKind::Primary, columns: vec![id("id")] }],
        foreign_keys: references.map(key).into_iter().collect(),
    }
}

pub(super) fn view(definition: &str, reads: &[&str]) -> View {
    View {
        owner: id("ann"),
        definition: definition.into(),
        reads: reads.iter().map(|read| name(read)).collect(),
        calls: BTreeSet::new(),
    }
}

pub(super) fn function(body: &str) -> Routine {
    Routine {
        kind: RoutineKind::Function,
        owner: id("ann"),
        language: Language::Sql,
        arguments: vec![Argument { name: None, mode: ArgumentMode::In, data_type: "integer".into() }],
        returns: Some("integer".into()),
        volatility: Volatility::Immutable,
        security_definer: false,
        clauses: Some(crate::catalog::ProcedureClauses::default()),
        body: body.into(),
        default_privileges: false,
    }
}

pub(super) fn routine_name(routine: &str) -> RoutineName {
    RoutineName { name: name(routine), argument_types: "integer".into() }
}

pub(super) fn tenant() -> Catalog {
    let mut catalog = Catalog::default();
    let path = Setting { parameter: id("search_path"), value: "shop, public".into() };
    catalog.users.insert(id("ann"), User { settings: BTreeSet::from([path]), ..User::ordinary() });
    catalog.users.insert(id("bob"), User::ordinary());
    catalog.users.insert(id("stranger"), User::ordinary());
    catalog.groups.insert(id("readers"), Group { members: BTreeSet::from([id("bob")]) });
    catalog
        .schemas
        .insert(id("shop"), Schema { owner: id("ann"), kind: SchemaKind::Local { quota_mb: Some(512) } });
    catalog.tables.insert(name("orders"), table(Some("zones")));
    catalog.tables.insert(name("zones"), table(None));
    catalog.views.insert(name("a_top"), view("SELECT 1 FROM shop.b_middle", &["b_middle"]));
    catalog.views.insert(name("b_middle"), view("SELECT 1 FROM shop.orders", &["orders"]));
    catalog.views.insert(name("c_late"), view("SELECT 1 FROM shop.mv", &["mv"]));
    let definition = "CREATE MATERIALIZED VIEW shop.mv AS SELECT 1 FROM shop.orders";
    let reads = BTreeSet::from([name("orders")]);
    let mv = MaterializedView {
        owner: id("ann"),
        definition: definition.into(),
        reads,
        auto_refresh: false,
        broken: None,
    };
    catalog.materialized_views.insert(name("mv"), mv);
    catalog.routines.insert(routine_name("a_calls_b"), function("SELECT b_called($1)"));
    catalog.routines.insert(routine_name("b_called"), function("SELECT $1"));
    catalog.comments.insert(Commentable::Table(name("orders")), "what was ordered".into());
    catalog.comments.insert(Commentable::Column(name("orders"), id("other")), "it's another".into());
    catalog.comments.insert(Commentable::Constraint(name("orders"), id("fk")), "where to".into());
    catalog.comments.insert(Commentable::View(name("mv")), "kept".into());
    let mut grant = |on: Securable, grantee: Grantee, privilege: Privilege, grantable| {
        catalog.grants.entry(on).or_default().insert(Grant { grantee, privilege, grantable });
    };
    let readers = || Grantee::Group(id("readers"));
    grant(Securable::Schema(id("shop")), readers(), Privilege::Usage, false);
    grant(Securable::Relation(name("orders")), readers(), Privilege::Select, false);
    grant(Securable::Relation(name("orders")), Grantee::User(id("bob")), Privilege::Insert, true);
    grant(Securable::Relation(name("mv")), readers(), Privilege::Select, false);
    grant(Securable::Routine(routine_name("b_called")), Grantee::User(id("bob")), Privilege::Execute, false);
    catalog
}

pub(super) fn scope(source: &Catalog) -> Scope {
    Scope::of(source, &[id("shop")], "no such name").unwrap()
}

pub(super) fn plan_onto(source: &Catalog, target: &Catalog) -> Plan {
    let furthest = Furthest::from([((name("orders"), id("id")), 42)]);
    plan(source, target, &scope(source), &furthest, &Policy::default())
}

#[test]
fn a_bare_target_gets_everything_in_order() {
    let script = plan_onto(&tenant(), &Catalog::default()).to_sql();
    // The first line is the plan's sum.
    insta::assert_snapshot!(script.split_once('\n').unwrap().1);
}

#[test]
fn the_same_catalogs_give_the_same_plan() {
    let one = plan_onto(&tenant(), &Catalog::default());
    assert_eq!(one.sha256(), plan_onto(&tenant(), &Catalog::default()).sha256());
    let mut other = tenant();
    other.views.get_mut(&name("a_top")).unwrap().definition.push(' ');
    other.tables.get_mut(&name("zones")).unwrap().distribution = DistributionStyle::All;
    assert_ne!(one.sha256(), plan_onto(&other, &Catalog::default()).sha256());
}

#[test]
fn a_target_that_holds_everything_gets_nothing() {
    let plan = plan_onto(&tenant(), &tenant());
    assert_eq!((plan.steps, plan.blockers, plan.not_carried_over), (vec![], vec![], vec![]));
}

#[test]
fn strangers_stay_where_they_are() {
    let source = tenant();
    assert_eq!(scope(&source).users, BTreeSet::from([id("ann"), id("bob")]));
    let named = Scope::of(&source, &[id("shop")], "trang").unwrap();
    assert!(named.users.contains(&id("stranger")), "a user whose name holds the tenant's");
    assert!(Scope::of(&source, &[id("nowhere")], "x").is_err());
}

#[test]
fn what_differs_is_named_and_left() {
    let mut target = tenant();
    target.tables.get_mut(&name("orders")).unwrap().distribution = DistributionStyle::All;
    target.views.get_mut(&name("a_top")).unwrap().definition = "SELECT 2".into();
    let plan = plan_onto(&tenant(), &target);
    assert_eq!(plan.steps, []);
    let objects: Vec<_> = plan.not_carried_over.iter().map(|note| note.subject.to_string()).collect();
    assert_eq!(objects, ["table shop.orders", "view shop.a_top"]);
}

#[test]
fn an_owner_that_differs_is_put_right() {
    let mut target = tenant();
    target.tables.get_mut(&name("orders")).unwrap().owner = id("admin");
    let steps = plan_onto(&tenant(), &target).steps;
    let sql: Vec<_> = steps.iter().flat_map(|step| &step.sql).map(ToString::to_string).collect();
    assert_eq!(sql, [r#"ALTER TABLE "shop"."orders" OWNER TO "ann""#]);
}

#[test]
fn rights_that_only_the_target_gives_stop_everything() {
    let mut target = tenant();
    let everybody = Grant { grantee: Grantee::Public, privilege: Privilege::Select, grantable: false };
    target.grants.entry(Securable::Relation(name("orders"))).or_default().insert(everybody);
    let plan = plan_onto(&tenant(), &target);
    assert_eq!(plan.blockers.len(), 1, "{:?}", plan.blockers);
    assert_eq!(plan.blockers[0].subject.to_string(), "SELECT for PUBLIC on shop.orders");
}

#[test]
fn a_function_created_by_a_killed_run_loses_what_everybody_got_with_it() {
    let mut target = tenant();
    let called = routine_name("b_called");
    target.routines.get_mut(&called).unwrap().default_privileges = true;
    let everybody = Grant { grantee: Grantee::Public, privilege: Privilege::Execute, grantable: false };
    target.grants.insert(Securable::Routine(called), BTreeSet::from([everybody]));
    let plan = plan_onto(&tenant(), &target);
    let sql: Vec<_> = plan.steps.iter().flat_map(|step| &step.sql).map(ToString::to_string).collect();
    assert_eq!(
        sql,
        [
            r#"GRANT EXECUTE ON FUNCTION "shop"."b_called"(integer) TO "bob""#,
            r#"REVOKE EXECUTE ON FUNCTION "shop"."b_called"(integer) FROM PUBLIC"#
        ]
    );
    assert_eq!(plan.blockers, []);
}

#[test]
fn an_unknown_privilege_is_never_granted_by_guess() {
    let mut source = tenant();
    let grant =
        Grant { grantee: Grantee::Public, privilege: Privilege::parse("frobnicate"), grantable: false };
    source.grants.entry(Securable::Relation(name("orders"))).or_default().insert(grant);
    let plan = plan_onto(&source, &Catalog::default());
    assert_eq!(plan.blockers.len(), 1);
    assert!(!plan.to_sql().contains("ON TABLE \"shop\".\"orders\" TO PUBLIC"));
}

#[test]
fn a_user_who_may_do_more_on_the_target_stops_everything() {
    for widen in [
        |user: &mut User| user.superuser = true,
        |user: &mut User| user.create_database = true,
        |user: &mut User| user.unrestricted_syslog_access = true,
    ] {
        let mut target = tenant();
        widen(target.users.get_mut(&id("bob")).unwrap());
        let plan = plan_onto(&tenant(), &target);
        assert_eq!((plan.blockers.len(), plan.blockers[0].subject.to_string()), (1, "user bob".to_owned()));
    }
    let mut target = tenant();
    target.users.get_mut(&id("bob")).unwrap().connection_limit = Some(3);
    let plan = plan_onto(&tenant(), &target);
    assert_eq!((plan.blockers.len(), plan.not_carried_over.len()), (0, 1));
}

#[test]
fn nobody_joins_a_group_that_may_do_more_elsewhere() {
    let mut target = Catalog::default();
    target.groups.insert(id("readers"), Group::default());
    let joins = |plan: &Plan| plan.steps.iter().any(|step| step.phase == Phase::Memberships);
    assert!(joins(&plan_onto(&tenant(), &target)));
    let grantee = Grantee::Group(id("readers"));
    let elsewhere = Securable::Relation(QualifiedName::new(id("other"), id("t")));
    let grant = Grant { grantee, privilege: Privilege::Select, grantable: false };
    target.grants.insert(elsewhere, BTreeSet::from([grant]));
    let plan = plan_onto(&tenant(), &target);
    assert!(!joins(&plan));
    assert!(plan.not_carried_over.iter().any(|note| note.subject.to_string() == "membership bob in readers"));
}

#[test]
fn a_name_cannot_break_out_of_a_comment_of_the_script() {
    let mut source = tenant();
    let privilege = Privilege::Unknown("X\nDROP SCHEMA shop CASCADE; --".into());
    let grant = Grant { grantee: Grantee::Public, privilege, grantable: false };
    source.grants.entry(Securable::Relation(name("orders"))).or_default().insert(grant);
    let script = plan_onto(&source, &Catalog::default()).to_sql();
    assert!(script.lines().all(|line| line.starts_with("-- ")), "{script}");
}

#[test]
fn what_somebody_set_for_a_user_on_the_target_is_left() {
    let mut target = tenant();
    let ann = target.users.get_mut(&id("ann")).unwrap();
    ann.settings = BTreeSet::from([Setting { parameter: id("search_path"), value: "theirs".into() }]);
    let plan = plan_onto(&tenant(), &target);
    assert_eq!((plan.steps.len(), plan.not_carried_over.len()), (0, 1));
    target.users.get_mut(&id("ann")).unwrap().settings.clear();
    assert_eq!(plan_onto(&tenant(), &target).steps.len(), 1, "a run that was killed before it goes on");
}

#[test]
fn what_a_powerful_user_of_the_target_starts_with_is_left() {
    let mut target = tenant();
    let ann = target.users.get_mut(&id("ann")).unwrap();
    ann.settings.clear();
    let mut superuser = target.clone();
    superuser.users.get_mut(&id("ann")).unwrap().superuser = true;
    let more = Grant { grantee: Grantee::User(id("ann")), privilege: Privilege::Select, grantable: false };
    let elsewhere = QualifiedName::new(id("other"), id("t"));
    target.grants.entry(Securable::Relation(elsewhere)).or_default().insert(more);
    for target in [superuser, target] {
        let plan = plan_onto(&tenant(), &target);
        let is_set = |step: &Step| matches!(step.id, StepId::SetUserParameter { .. });
        assert!(!plan.steps.iter().any(is_set), "{:?}", plan.steps);
        let note = plan.not_carried_over.iter().find(|note| matches!(note.subject, Subject::Setting { .. }));
        assert!(note.unwrap().reason.to_string().contains("may do more on the target"));
    }
}

#[test]
fn nobody_gets_a_schema_that_holds_what_is_anothers() {
    let source = tenant();
    let with = |owner: &str| {
        let mut target = tenant();
        target.schemas.get_mut(&id("shop")).unwrap().owner = id("admin");
        let table = Table { owner: id(owner), ..source.tables[&name("orders")].clone() };
        target.tables.insert(name("theirs"), table);
        plan_onto(&source, &target)
    };
    let owner = source.schemas[&id("shop")].owner.clone();
    let is_given = |plan: &Plan| {
        plan.steps
            .iter()
            .any(|step| step.sql.iter().any(|sql| sql.as_str().starts_with("ALTER SCHEMA \"shop\" OWNER")))
    };
    let plan = with("stranger");
    assert!(!is_given(&plan));
    assert!(
        plan.not_carried_over
            .iter()
            .any(|note| note.reason.to_string().contains("holds shop.theirs of stranger")),
        "{:?}",
        plan.not_carried_over
    );
    assert!(is_given(&with(owner.as_str())));
}

#[test]
fn a_superuser_of_the_source_is_named_in_every_run() {
    let mut source = tenant();
    source.users.get_mut(&id("bob")).unwrap().superuser = true;
    for target in [Catalog::default(), tenant()] {
        let plan = plan_onto(&source, &target);
        assert!(
            plan.not_carried_over
                .iter()
                .any(|note| note.reason.to_string() == "it is a superuser on the source")
        );
    }
}
