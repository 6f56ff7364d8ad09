//! Views of every kind, on targets that have them or not.

use super::super::tests::{id, name, plan_onto, routine_name, tenant, view};
use super::super::{Plan, StepId};
use super::*;
use crate::catalog::{Broken, Grant, Grantee, Group, Privilege, Role, Securable};
use std::collections::BTreeMap;

fn creates(plan: &Plan) -> Vec<&str> {
    let steps = plan.steps.iter().filter(|step| matches!(step.id, StepId::CreateView(_)));
    steps.map(|step| step.object.as_str()).collect()
}

fn step<'a>(plan: &'a Plan, id: &StepId) -> &'a Step {
    plan.steps.iter().find(|step| step.id == *id).unwrap_or_else(|| panic!("no step {id}"))
}

fn late(view_name: &str, query: &str) -> View {
    view(&format!(r#"CREATE VIEW "shop"."{view_name}" AS {query} WITH NO SCHEMA BINDING"#), &[])
}

/// The tenant without its materialized view, which belongs to `owner` here.
fn with_view_of(owner: &str) -> Catalog {
    let mut source = tenant();
    source.materialized_views.get_mut(&name("mv")).unwrap().owner = id(owner);
    source
}

fn grant(catalog: &mut Catalog, on: Securable, grantee: Grantee, privilege: Privilege) {
    catalog.grants.entry(on).or_default().insert(Grant { grantee, privilege, grantable: false });
}

#[test]
fn a_view_over_a_late_binding_one_comes_after_what_that_names() {
    let mut source = tenant();
    source.views.insert(name("late"), late("late", "SELECT 1 FROM shop.a_top JOIN shop.missing"));
    source.views.insert(name("a_first"), view("SELECT 1 FROM shop.late", &["late"]));
    let plan = plan_onto(&source, &Catalog::default());
    let position = |view: &str| creates(&plan).iter().position(|created| *created == format!("shop.{view}"));
    assert!(position("a_first") > position("a_top") && position("a_first") > position("late"));
    assert!(step(&plan, &StepId::view(&name("a_first"))).needs.contains(&StepId::view(&name("a_top"))));
    // What `a_first` takes in has the owner of `late` as it is by then.
    let late = step(&plan, &StepId::view(&name("late")));
    assert_eq!(late.needs, BTreeSet::from([StepId::schema(&id("shop")), StepId::user(&id("ann"))]));
    assert_eq!(late.sql[1].to_string(), r#"ALTER TABLE "shop"."late" OWNER TO "ann""#);
}

#[test]
fn a_late_binding_view_waits_neither_for_data_nor_for_its_like() {
    let mut source = tenant();
    source.views.insert(name("late_mv"), late("late_mv", "SELECT 1 FROM shop.mv"));
    source.views.insert(name("one"), late("one", "SELECT 1 FROM shop.two"));
    source.views.insert(name("two"), late("two", "SELECT 1 FROM shop.one"));
    source.views.insert(name("over_late_mv"), view("SELECT 1 FROM shop.late_mv", &["late_mv"]));
    let plan = plan_onto(&source, &Catalog::default());
    for (view, stage) in [
        ("late_mv", Stage::BeforeData),
        ("one", Stage::BeforeData),
        ("two", Stage::BeforeData),
        ("over_late_mv", Stage::AfterData),
    ] {
        assert_eq!(step(&plan, &StepId::view(&name(view))).stage, stage, "{view}");
    }
    assert_eq!(plan_onto(&source, &source).steps, []);
}

#[test]
fn a_view_needs_the_functions_that_the_catalog_says_it_calls() {
    let mut source = tenant();
    let calls = BTreeSet::from([routine_name("b_called")]);
    source.views.insert(name("calling"), View { calls, ..view("SELECT a_calls_b", &[]) });
    let plan = plan_onto(&source, &Catalog::default());
    let needs = &step(&plan, &StepId::view(&name("calling"))).needs;
    assert!(needs.contains(&StepId::routine(&routine_name("b_called"))));
    assert!(!needs.contains(&StepId::routine(&routine_name("a_calls_b"))), "a word is no call");
}

#[test]
fn what_cannot_be_read_is_left_out_with_all_over_it() {
    let mut source = tenant();
    source.views.get_mut(&name("b_middle")).unwrap().definition.clear();
    let plan = plan_onto(&source, &Catalog::default());
    assert_eq!(creates(&plan), ["shop.mv", "shop.c_late"]);
    let objects: Vec<_> = plan.not_carried_over.iter().map(|note| note.subject.to_string()).collect();
    assert!(objects.contains(&"view shop.b_middle".to_owned()), "{objects:?}");
    assert!(objects.contains(&r#"create view "shop"."a_top""#.to_owned()), "{objects:?}");
}

#[test]
fn another_definition_is_named_with_both() {
    let mut target = tenant();
    target.views.get_mut(&name("a_top")).unwrap().definition = "SELECT 2".into();
    target.materialized_views.get_mut(&name("mv")).unwrap().definition.push_str(" WHERE false");
    let plan = plan_onto(&tenant(), &target);
    assert_eq!(plan.steps, []);
    let both: Vec<_> = plan.not_carried_over.iter().map(|note| note.definitions.as_ref().unwrap()).collect();
    assert_eq!(both.len(), 2);
    assert!(both.iter().all(|both| both.source != both.target));
}

#[test]
fn refreshing_by_itself_is_said_as_it_stands_now() {
    let mut source = tenant();
    source.materialized_views.get_mut(&name("mv")).unwrap().auto_refresh = true;
    let statements = |target: &Catalog| {
        let plan = plan_onto(&source, target);
        let steps = plan.steps.into_iter().filter(|step| step.phase == Phase::MaterializedViews);
        steps.flat_map(|step| step.sql).map(|sql| sql.to_string()).collect::<Vec<_>>()
    };
    let alter = r#"ALTER MATERIALIZED VIEW "shop"."mv" AUTO REFRESH YES"#.to_owned();
    assert_eq!(statements(&tenant()), std::slice::from_ref(&alter));
    assert!(statements(&Catalog::default()).contains(&alter));
}

#[test]
fn an_owner_without_the_rights_is_named_before_anything_is_tried() {
    let on_orders = || Securable::Relation(name("orders"));
    let in_shop = || Securable::Schema(id("shop"));
    let left_out = |source: &Catalog| {
        let plan = plan_onto(source, &Catalog::default());
        let note =
            plan.not_carried_over.iter().find(|note| note.subject.to_string() == "materialized view shop.mv");
        assert_eq!(note.is_none(), creates(&plan).contains(&"shop.mv"));
        note.map(|note| note.reason.to_string())
    };
    assert_eq!(left_out(&with_view_of("ann")), None, "the owner of both needs no grant");
    let mut source = with_view_of("bob");
    assert!(left_out(&source).unwrap().contains("CREATE on schema shop"));
    grant(&mut source, in_shop(), Grantee::Group(id("readers")), Privilege::Create);
    assert_eq!(left_out(&source), None, "bob is in the group that may read, too");
    source.groups.insert(id("readers"), Group::default());
    assert!(left_out(&source).is_some());
    let role = |users: &[&str], roles: &[&str]| Role {
        owner: id("ann"),
        external_id: None,
        users: users.iter().map(|user| (id(user), false)).collect(),
        roles: roles.iter().map(|role| id(role)).collect(),
    };
    source.roles = BTreeMap::from([(id("inner"), role(&[], &["outer"])), (id("outer"), role(&["bob"], &[]))]);
    grant(&mut source, in_shop(), Grantee::Public, Privilege::Create);
    assert!(left_out(&source).unwrap().contains("SELECT on shop.orders"));
    grant(&mut source, on_orders(), Grantee::Role(id("inner")), Privilege::Select);
    assert_eq!(left_out(&source), None, "by way of two roles");
}

#[test]
fn a_view_over_anothers_view_waits_for_the_right_to_read_it() {
    let mut source = tenant();
    let definition = "CREATE MATERIALIZED VIEW shop.a_nested AS SELECT 1 FROM shop.mv".into();
    let reads = BTreeSet::from([name("mv")]);
    let nested = MaterializedView { owner: id("bob"), definition, reads, auto_refresh: false, broken: None };
    source.materialized_views.insert(name("a_nested"), nested);
    grant(&mut source, Securable::Schema(id("shop")), Grantee::Public, Privilege::Create);
    let plan = plan_onto(&source, &Catalog::default());
    let on_view =
        |step: &&Step| step.phase == Phase::Rights && step.needs.contains(&StepId::view(&name("mv")));
    let granted = plan.steps.iter().find(on_view).unwrap();
    let needs = &step(&plan, &StepId::view(&name("a_nested"))).needs;
    assert!(needs.contains(&granted.id), "{needs:?}");
}

#[test]
fn a_view_that_the_source_cannot_refresh_is_named_and_tried() {
    let mut source = tenant();
    source.materialized_views.get_mut(&name("mv")).unwrap().broken = Some(Broken::TableRenamed);
    for (target, creates) in [(Catalog::default(), true), (source.clone(), false)] {
        let plan = plan_onto(&source, &target);
        let named =
            plan.not_carried_over.iter().find(|note| note.subject == Subject::MaterializedView(name("mv")));
        let reason = named.unwrap().reason.to_string();
        assert!(reason.contains("a table was renamed"), "{reason}");
        assert_eq!(plan.steps.iter().any(|step| step.id == StepId::view(&name("mv"))), creates);
    }
}
