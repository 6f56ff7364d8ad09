//! Through what a relation of a small tenant can be seen.

use super::super::tests::{function, id, name, tenant, view};
use super::*;
use crate::catalog::{Language, Routine};

fn procedure(body: &str, security_definer: bool) -> Routine {
    let (kind, language) = (RoutineKind::Procedure, Language::Plpgsql);
    Routine { kind, language, returns: None, security_definer, ..function(body) }
}

fn catalog() -> Catalog {
    let mut catalog = tenant();
    let late = "CREATE VIEW shop.late AS SELECT 1 FROM shop.a_top WITH NO SCHEMA BINDING";
    catalog.views.insert(name("late"), view(late, &[]));
    for (routine, body, definer) in [
        ("tells", "BEGIN DELETE FROM zones; END", true),
        ("asks", "BEGIN DELETE FROM zones; END", false),
        ("by_way", "BEGIN CALL asks(1); END", true),
        ("by_view", "BEGIN INSERT INTO x SELECT * FROM shop.late; END", true),
        ("any", "BEGIN EXECUTE 'DELETE FROM ' || $1; END", true),
        ("unloads", "BEGIN UNLOAD ('SELECT * FROM zones') TO 's3://b/k'; END", true),
        ("old_way", "BEGIN /* load /* once */ DELETE FROM \"Zones\"; END", true),
        ("other", "BEGIN DELETE FROM elsewhere.zones; END", true),
        ("says", "BEGIN RAISE INFO 'execute zones'; -- EXECUTE 'shop.zones'\nEND", true),
    ] {
        let routine = RoutineName { name: name(routine), argument_types: "integer".into() };
        catalog.routines.insert(routine, procedure(body, definer));
    }
    catalog
}

fn shown_through(relation: &str) -> Vec<String> {
    let (catalog, relation) = (catalog(), name(relation));
    let seen = Seen::of(&catalog, [&relation]);
    let relations = seen.relations.keys().map(|name| name.name.as_str().to_owned());
    relations.chain(seen.routines.keys().map(|name| format!("{}()", name.name.name.as_str()))).collect()
}

#[test]
fn views_over_views_late_binding_and_materialized_ones_show_a_relation() {
    assert_eq!(
        shown_through("orders"),
        ["a_top", "b_middle", "c_late", "late", "mv", "orders", "any()", "by_view()"]
    );
}

#[test]
fn procedures_that_run_as_their_owner_show_what_they_name() {
    assert_eq!(shown_through("zones"), ["zones", "any()", "by_way()", "old_way()", "tells()", "unloads()"]);
}

#[test]
fn a_right_on_every_object_of_a_kind_shows_what_each_of_them_shows() {
    let (catalog, orders, zones) = (catalog(), name("orders"), name("zones"));
    let seen = Seen::of(&catalog, [&orders, &zones]);
    let shown = |on: Securable| seen.through(&on).len();
    assert_eq!(shown(Securable::EveryInSchema(ObjectKind::Tables, id("shop"))), 2);
    assert_eq!(shown(Securable::EveryInSchema(ObjectKind::Procedures, id("shop"))), 2);
    assert_eq!(shown(Securable::EveryInDatabase(ObjectKind::Tables)), 2);
    assert_eq!(shown(Securable::EveryInSchema(ObjectKind::Tables, id("elsewhere"))), 0);
    assert_eq!(shown(Securable::Schema(id("shop"))), 0);
    assert_eq!(shown(Securable::Column(name("a_top"), id("id"))), 1);
}
