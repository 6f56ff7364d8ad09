//! Late-binding views and procedures over what stands on the target with another definition.

use super::super::tests::{function, id, name, plan_onto, routine_name, scope, tenant};
use super::super::{Furthest, Owners, Policy, plan};
use crate::catalog::{
    Catalog, Grant, Grantee, Language, Privilege, ProcedureClauses, Routine, RoutineKind, RoutineName,
    Securable, User, View,
};
use crate::name::QualifiedName;
use std::collections::BTreeSet;

/// A tenant with late-binding views and procedures that name the function `b_called` and the view `b_middle`, and some that do not.
fn source() -> Catalog {
    let mut source = tenant();
    let procedure = |body: &str| Routine {
        kind: RoutineKind::Procedure,
        language: Language::Plpgsql,
        returns: None,
        body: body.to_owned(),
        ..source.routines[&routine_name("b_called")].clone()
    };
    let procedures = [
        ("p_calls", procedure("BEGIN EXECUTE 'SELECT shop.b_called(1)'; END")),
        ("p_reads", procedure("BEGIN DELETE FROM b_middle; END")),
        ("p_other", procedure("BEGIN b_called := 1; END")),
    ];
    source.routines.extend(procedures.map(|(name, procedure)| (routine_name(name), procedure)));
    let texts = [
        ("l_calls", "SELECT shop.b_called(id) FROM shop.orders"),
        ("l_reads", "SELECT * FROM shop.b_middle"),
        ("l_other", "SELECT 'b_middle' FROM shop.orders"),
    ];
    for (view, text) in texts {
        let definition = format!("CREATE VIEW shop.{view} AS {text} WITH NO SCHEMA BINDING");
        let view_of = View { definition, reads: BTreeSet::new(), ..source.views[&name("b_middle")].clone() };
        source.views.insert(name(view), view_of);
    }
    source
}

/// The steps that are left out where this stands on the target.
fn left_out(source: &Catalog, standing: &Catalog) -> BTreeSet<String> {
    let steps = |target: &Catalog| -> BTreeSet<String> {
        plan_onto(source, target).steps.iter().map(|step| step.id.to_string()).collect()
    };
    steps(&Catalog::default()).difference(&steps(standing)).cloned().collect()
}

fn assert_only(left: &BTreeSet<String>, with: [&str; 3], but: [&str; 3]) {
    for object in with {
        assert!(left.iter().any(|step| step.contains(object)), "{object} is not left out: {left:#?}");
    }
    for object in but {
        assert!(!left.iter().any(|step| step.contains(object)), "{object} is left out: {left:#?}");
    }
}

#[test]
fn what_calls_a_procedure_with_other_clauses_is_left_out() {
    let mut source = source();
    let other_name = routine_name("p_other");
    let caller = Routine {
        body: "BEGIN CALL shop.p_other(1); END".to_owned(),
        ..source.routines[&other_name].clone()
    };
    source.routines.insert(routine_name("p_caller"), caller);
    let clauses = Some(ProcedureClauses { nonatomic: true, setting: None });
    let other = Routine { clauses, ..source.routines[&other_name].clone() };
    let standing = |routine: Routine| Catalog {
        schemas: source.schemas.clone(),
        routines: [(other_name.clone(), routine)].into(),
        ..Catalog::default()
    };
    let left = |routine| left_out(&source, &standing(routine)).iter().any(|step| step.contains("p_caller"));
    assert!(left(other));
    assert!(!left(source.routines[&other_name].clone()));
}

#[test]
fn what_calls_a_function_that_is_another_on_the_target_is_left_out() {
    let source = source();
    let mut target = Catalog::default();
    let called = routine_name("b_called");
    let other = Routine { body: "SELECT 1".to_owned(), ..source.routines[&called].clone() };
    target.routines.insert(called, other);
    let left = left_out(&source, &target);
    assert_only(&left, ["l_calls", "p_calls", "a_calls_b"], ["l_other", "p_other", "l_reads"]);
}

#[test]
fn what_reads_a_view_that_is_another_on_the_target_is_left_out() {
    let source = source();
    let mut target = Catalog::default();
    let other = View { definition: "SELECT 1 AS id".to_owned(), ..source.views[&name("b_middle")].clone() };
    target.views.insert(name("b_middle"), other);
    let left = left_out(&source, &target);
    assert_only(&left, ["l_reads", "p_reads", "a_top"], ["l_other", "p_other", "l_calls"]);
}

#[test]
fn nothing_is_granted_on_what_stands_over_a_view_that_is_another_on_the_target() {
    let mut source = source();
    let grant = Grant { grantee: Grantee::Public, privilege: Privilege::Select, grantable: false };
    source.grants.entry(Securable::Relation(name("l_reads"))).or_default().insert(grant.clone());
    source.grants.entry(Securable::Relation(name("a_top"))).or_default().insert(grant);
    let mut target = Catalog::default();
    let other = View { definition: "SELECT 1 AS id".to_owned(), ..source.views[&name("b_middle")].clone() };
    target.views.insert(name("b_middle"), other);
    for standing in ["l_reads", "a_top"] {
        target.views.insert(name(standing), source.views[&name(standing)].clone());
    }
    let plan = plan_onto(&source, &target);
    assert!(!plan.steps.iter().any(|step| step.id.to_string().contains("l_reads")));
    assert!(!plan.steps.iter().any(|step| step.id.to_string().contains("a_top")));
}

/// Whether PUBLIC gets EXECUTE on a procedure with SECURITY DEFINER that calls a routine outside the tenant, by what of it stands on the
/// target.
fn may_call(body: &str, outside: &str, standing: &[(RoutineName, Routine)]) -> bool {
    let mut source = tenant();
    let of = |routine: &str| RoutineName {
        name: QualifiedName::new(id("other"), id(routine)),
        argument_types: "integer".into(),
    };
    let caller = routine_name("p_calls");
    let procedure = Routine {
        kind: RoutineKind::Procedure,
        language: Language::Plpgsql,
        returns: None,
        body: body.to_owned(),
        security_definer: true,
        ..function("")
    };
    source.routines.insert(caller.clone(), procedure);
    source.routines.insert(of(outside), function("SELECT $1"));
    let everybody = Grant { grantee: Grantee::Public, privilege: Privilege::Execute, grantable: false };
    source.grants.entry(Securable::Routine(caller.clone())).or_default().insert(everybody);
    let mut target = Catalog::default();
    target.users.insert(id("ann"), User::ordinary());
    target.routines.extend(standing.iter().cloned());
    let grant = format!("grant on {} to PUBLIC", Securable::Routine(caller));
    plan_onto(&source, &target).steps.iter().any(|step| step.id.to_string() == grant)
}

#[test]
fn what_acts_for_its_owner_and_calls_what_others_may_make_is_not_granted() {
    let body = "BEGIN PERFORM other.called(1); END";
    let named = |routine: &str, types: &str| RoutineName {
        name: QualifiedName::new(id("other"), id(routine)),
        argument_types: types.into(),
    };
    let same = (named("called", "integer"), function("SELECT $1"));
    assert!(may_call(body, "called", std::slice::from_ref(&same)), "it is just so on both sides");
    assert!(!may_call(body, "called", &[]), "whoever creates it decides what it does");
    let anothers = Routine { owner: id("bob"), ..function("SELECT $1") };
    assert!(!may_call(body, "called", &[(named("called", "integer"), anothers)]), "bob may replace it");
    let overload = (named("called", "bigint"), function("SELECT $1"));
    assert!(!may_call(body, "called", &[same, overload]), "the overload may be the one that is called");
    // A bare name is not that of another tenant.
    assert!(may_call("BEGIN PERFORM called(1); END", "called", &[]));
}

#[test]
fn what_stays_with_another_owner_on_the_target_is_not_called_for_a_superuser() {
    let mut source = tenant();
    source.users.insert(id("admin"), User { superuser: true, ..User::ordinary() });
    let caller = routine_name("p_calls");
    let procedure = Routine {
        kind: RoutineKind::Procedure,
        language: Language::Plpgsql,
        returns: None,
        body: "BEGIN PERFORM shop.b_called(1); END".into(),
        owner: id("admin"),
        security_definer: true,
        ..function("")
    };
    source.routines.insert(caller.clone(), procedure);
    let everybody = Grant { grantee: Grantee::Public, privilege: Privilege::Execute, grantable: false };
    source.grants.entry(Securable::Routine(caller.clone())).or_default().insert(everybody);
    let granted = |owner: &str, owners: Owners| {
        let mut target = Catalog { login: Some(id("admin")), ..Catalog::default() };
        target.users.clone_from(&source.users);
        let standing = Routine { owner: id(owner), ..source.routines[&routine_name("b_called")].clone() };
        target.routines.insert(routine_name("b_called"), standing);
        let policy = Policy { owners, ..Policy::default() };
        let plan = plan(&source, &target, &scope(&source), &Furthest::new(), &policy);
        let grant = format!("grant on {} to PUBLIC", Securable::Routine(caller.clone()));
        plan.steps.iter().any(|step| step.id.to_string() == grant)
    };
    assert!(granted("ann", Owners::TargetAdmin), "its owner could replace it on the source, too");
    assert!(granted("admin", Owners::TargetAdmin));
    assert!(!granted("bob", Owners::TargetAdmin), "bob may replace it");
    assert!(granted("bob", Owners::Keep), "it gets its owner first");
}
