//! One of each thing that crosses a border, with and without what the target needs.

use super::super::tests::{function, id, name, plan_onto, routine_name, table, tenant, view};
use super::super::{Plan, StepId};
use crate::catalog::{
    Catalog, Grant, Grantee, Group, Privilege, RoutineName, Schema, SchemaKind, Securable, View,
};
use crate::name::{Identifier, QualifiedName};
use std::collections::BTreeSet;

use super::*;

fn outside(name: &str) -> QualifiedName {
    QualifiedName::new(id("outside"), id(name))
}

fn neighbour() -> Catalog {
    let mut catalog = Catalog::default();
    catalog.schemas.insert(id("outside"), Schema { owner: id("ann"), kind: SchemaKind::UNLIMITED });
    catalog.tables.insert(outside("lookup"), table(None));
    let called = RoutineName { name: outside("called"), argument_types: "integer".into() };
    catalog.routines.insert(called, function("SELECT 1"));
    catalog
}

/// The tenant beside a neighbour, each reaching into the other.
fn source() -> Catalog {
    let mut source = tenant();
    let neighbour = neighbour();
    source.schemas.extend(neighbour.schemas);
    source.tables.extend(neighbour.tables);
    source.routines.extend(neighbour.routines);
    let reading =
        |relation: QualifiedName| View { reads: BTreeSet::from([relation]), ..view("SELECT 1", &[]) };
    source.views.insert(name("over_lookup"), reading(outside("lookup")));
    source.views.insert(name("over_that"), view("SELECT 2", &["over_lookup"]));
    source.views.insert(outside("report"), reading(name("orders")));
    let late =
        r#"CREATE VIEW shop.late AS SELECT "outside".called(1) FROM outside.Lookup WITH NO SCHEMA BINDING"#;
    source.views.insert(name("late"), view(late, &[]));
    source.routines.insert(routine_name("calls_out"), function("SELECT outside.called($1)"));
    source.tables.get_mut(&name("orders")).unwrap().foreign_keys[0].references = outside("lookup");
    source.tables.get_mut(&outside("lookup")).unwrap().foreign_keys = table(Some("zones")).foreign_keys;
    source.groups.insert(id("elsewhere"), Group { members: BTreeSet::from([id("bob")]) });
    let mut grant = |on: Securable, grantee: Grantee| {
        let grant = Grant { grantee, privilege: Privilege::Select, grantable: false };
        source.grants.entry(on).or_default().insert(grant);
    };
    grant(Securable::Relation(outside("lookup")), Grantee::User(id("bob")));
    grant(Securable::Relation(outside("lookup")), Grantee::User(id("stranger")));
    grant(Securable::Relation(outside("report")), Grantee::Public);
    source
}

fn lines(plan: &Plan) -> String {
    let lines: Vec<_> = plan
        .border
        .iter()
        .map(|note| format!("{}: {}; {}", note.subject, note.reason, note.reason.remedy()))
        .collect();
    lines.join("\n")
}

fn creates(plan: &Plan, view: &str) -> bool {
    plan.steps.iter().any(|step| step.id == StepId::view(&name(view)))
}

#[test]
fn what_crosses_to_a_bare_target_is_named_and_left_out_where_it_must_be() {
    let plan = plan_onto(&source(), &Catalog::default());
    insta::assert_snapshot!(lines(&plan));
    assert!(!creates(&plan, "over_lookup") && !creates(&plan, "over_that"));
    let left: Vec<_> = plan.not_carried_over.iter().map(|note| note.subject.to_string()).collect();
    for object in [
        "view shop.over_lookup",
        r#"create view "shop"."over_that""#,
        r#"give relation "shop"."over_that""#,
        "foreign key fk of shop.orders",
    ] {
        assert!(left.contains(&object.to_owned()), "{object} is not in {left:?}");
    }
    assert_eq!(plan.blockers, []);
}

#[test]
fn what_the_target_has_of_the_other_side_is_used() {
    let plan = plan_onto(&source(), &neighbour());
    insta::assert_snapshot!(lines(&plan));
    assert!(creates(&plan, "over_lookup") && creates(&plan, "over_that"));
    let key = StepId::key(&name("orders"), &id("fk"));
    assert!(plan.steps.iter().any(|step| step.id == key));
}

#[test]
fn a_view_that_the_target_has_is_no_loss() {
    let plan = plan_onto(&source(), &source());
    let unmoved = |note: &&Note| note.subject.to_string().contains("over_");
    assert_eq!(plan.not_carried_over.iter().find(unmoved), None);
    assert!(plan.border.iter().any(|note| note.subject.to_string() == "view shop.over_lookup"));
}

#[test]
fn what_every_warehouse_has_lies_outside_of_nothing() {
    let mut source = tenant();
    let system = QualifiedName::new(Identifier::new("pg_catalog").unwrap(), id("pg_class"));
    source.views.get_mut(&name("b_middle")).unwrap().reads.insert(system);
    let plan = plan_onto(&source, &Catalog::default());
    assert_eq!(plan.border, []);
    assert!(creates(&plan, "b_middle"));
}
