//! Monitoring relations of a cluster in the texts of a tenant.

use super::super::tests::{function, name, plan_onto, routine_name, tenant, view};
use super::super::{Plan, Reason, StepId};
use super::*;
use crate::catalog::{Routine, RoutineKind};

fn on(kind: Option<WarehouseKind>) -> Catalog {
    Catalog { kind, ..Catalog::default() }
}

/// The notes on what only a cluster has: object, reason and remedy.
fn told(plan: &Plan) -> Vec<String> {
    let notes = plan.not_carried_over.iter().filter(|note| {
        matches!(
            note.reason,
            Reason::View(ViewCause::ReadsProvisionedOnly { .. })
                | Reason::Routine(RoutineCause::UsesProvisionedOnly { .. })
        )
    });
    notes.map(|note| format!("{}: {}; {}", note.subject, note.reason, note.reason.remedy())).collect()
}

fn procedure(body: &str) -> Routine {
    Routine { kind: RoutineKind::Procedure, language: Language::Plpgsql, ..function(body) }
}

fn late(query: &str) -> crate::catalog::View {
    view(&format!(r#"CREATE VIEW "shop"."late" AS {query} WITH NO SCHEMA BINDING"#), &[])
}

#[test]
fn views_of_what_only_a_cluster_has_are_left_out_with_all_on_them() {
    let mut source = tenant();
    let definition = "SELECT e.query FROM stl_load_errors e JOIN pg_catalog.stv_blocklist ON true";
    source.views.insert(name("errors"), view(definition, &[]));
    source.views.insert(name("over_errors"), view("SELECT errors.query FROM shop.errors", &["errors"]));
    source.views.insert(name("late"), late("SELECT 1 FROM \"pg_catalog\".\"svl_qlog\""));
    let serverless = plan_onto(&source, &on(Some(WarehouseKind::Serverless)));
    assert_eq!(
        told(&serverless),
        [
            "view shop.errors: it reads stl_load_errors, stv_blocklist, which a workgroup does not have; create it on the target \
             with sys_load_error_detail in place of stl_load_errors, without stv_blocklist, or drop it on the source",
            "view shop.late: it reads svl_qlog, which a workgroup does not have; create it on the target with sys_query_history in \
             place of svl_qlog, or drop it on the source",
        ]
    );
    let creates =
        |plan: &Plan, view: &str| plan.steps.iter().any(|step| step.id == StepId::view(&name(view)));
    assert_eq!(
        ["errors", "over_errors", "late", "a_top"].map(|view| creates(&serverless, view)),
        [false, false, false, true]
    );
    for kind in [Some(WarehouseKind::Provisioned), None] {
        let plan = plan_onto(&source, &on(kind));
        assert_eq!(told(&plan), [""; 0]);
        assert!(creates(&plan, "errors") && creates(&plan, "late"));
    }
    // Somebody has made others in their place.
    let mut target = on(Some(WarehouseKind::Serverless));
    target.views.insert(name("errors"), view("SELECT 1 FROM sys_load_error_detail", &[]));
    target.views.insert(name("late"), late("SELECT 1 FROM pg_catalog.sys_query_history"));
    assert_eq!(told(&plan_onto(&source, &target)), [""; 0]);
}

#[test]
fn what_only_looks_like_one_is_none() {
    let mut source = tenant();
    source.tables.insert(name("stl_archive"), source.tables[&name("zones")].clone());
    for (view_name, definition) in [
        ("of_a_table", "SELECT stl_archive.id FROM stl_archive"),
        ("qualified", "SELECT id FROM shop.stl_archive"),
        ("an_alias", "SELECT stl_query.id FROM shop.zones stl_query"),
        ("a_column", "SELECT zones.stl_query, 'FROM stl_query' FROM shop.zones WHERE stl_scan = 1"),
        ("its_own", "WITH stl_query AS (SELECT 1 AS a) SELECT a FROM stl_query"),
    ] {
        source.views.insert(name(view_name), view(definition, &[]));
    }
    assert_eq!(told(&plan_onto(&source, &on(Some(WarehouseKind::Serverless)))), [""; 0]);
}

#[test]
fn procedures_are_created_and_named() {
    let mut source = tenant();
    let body = "BEGIN INSERT INTO t SELECT query FROM stl_query; EXECUTE 'SELECT 1 FROM stl_scan'; END";
    source.routines.insert(routine_name("p"), procedure(body));
    let mut target = on(Some(WarehouseKind::Serverless));
    let plan = plan_onto(&source, &target);
    let note = "routine shop.p(integer): it uses stl_query, stl_scan, which a workgroup does not have: it is created, and fails \
                when it gets there; CREATE OR REPLACE it on the target with sys_query_history in place of stl_query, with \
                sys_query_detail in place of stl_scan";
    assert_eq!(told(&plan), [note]);
    assert!(plan.steps.iter().any(|step| step.id == StepId::routine(&routine_name("p"))));
    // It is told again as long as the target's is the same.
    target.routines.insert(routine_name("p"), procedure(body));
    assert_eq!(told(&plan_onto(&source, &target)), [note]);
    target.routines.insert(routine_name("p"), procedure("BEGIN NULL; END"));
    assert_eq!(told(&plan_onto(&source, &target)), [""; 0]);
    assert_eq!(told(&plan_onto(&source, &on(Some(WarehouseKind::Provisioned)))), [""; 0]);
}
