//! Routines in every language, on targets that have them or not.

use super::super::Plan;
use super::super::tests::{function, id, name, plan_onto, routine_name, tenant};
use super::*;
use crate::catalog::{Catalog, ProcedureClauses, Volatility};
use proptest::prelude::*;

fn in_language(language: Language) -> Routine {
    Routine { language, body: "LAMBDA 'f' IAM_ROLE default".into(), ..function("") }
}

fn note<'a>(plan: &'a Plan, object: &str) -> Option<&'a super::super::Note> {
    plan.not_carried_over.iter().find(|note| note.subject.to_string() == object)
}

#[test]
fn a_python_function_is_listed_with_what_needs_it() {
    let mut source = tenant();
    source.routines.insert(routine_name("f_py"), in_language(Language::Python));
    source.views.get_mut(&name("a_top")).unwrap().calls.insert(routine_name("f_py"));
    let plan = plan_onto(&source, &Catalog::default());
    assert_eq!(plan.blockers, []);
    assert!(note(&plan, "routine shop.f_py(integer)").unwrap().reason.to_string().contains("Python"));
    assert!(note(&plan, r#"create view "shop"."a_top""#).is_some());
    let mut target = tenant();
    target.routines.insert(routine_name("f_py"), function("SELECT $1"));
    let plan = plan_onto(&source, &target);
    assert_eq!(plan.blockers, []);
    assert!(note(&plan, "routine shop.f_py(integer)").unwrap().reason.to_string().contains("language"));
}

#[test]
fn a_lambda_function_is_listed_with_its_statement_and_what_needs_it() {
    let mut source = tenant();
    source.routines.insert(routine_name("f_remote"), in_language(Language::Lambda));
    source.views.get_mut(&name("a_top")).unwrap().calls.insert(routine_name("f_remote"));
    let plan = plan_onto(&source, &Catalog::default());
    let listed = note(&plan, "routine shop.f_remote(integer)").unwrap();
    assert!(
        listed.reason.remedy().contains(r#"CREATE EXTERNAL FUNCTION "shop"."f_remote" (integer)"#),
        "{listed:?}"
    );
    assert!(note(&plan, r#"create view "shop"."a_top""#).is_some());
    assert_eq!(plan.blockers, []);
}

#[test]
fn what_cannot_be_created_is_named() {
    let mut source = tenant();
    source.routines.insert(routine_name("f_other"), in_language(Language::Other("plr".into())));
    source.routines.insert(routine_name("f_empty"), function(""));
    let plan = plan_onto(&source, &Catalog::default());
    assert!(note(&plan, "routine shop.f_other(integer)").unwrap().reason.to_string().contains("plr"));
    assert!(
        note(&plan, "routine shop.f_empty(integer)").unwrap().reason.to_string().contains("cannot be read")
    );
}

#[test]
fn every_part_of_a_definition_is_compared() {
    let changes: [fn(&mut Routine); 7] = [
        |routine| routine.kind = RoutineKind::Procedure,
        |routine| routine.language = Language::Plpgsql,
        |routine| routine.arguments.clear(),
        |routine| routine.returns = None,
        |routine| routine.volatility = Volatility::Volatile,
        |routine| routine.security_definer = true,
        |routine| routine.body.push(' '),
    ];
    for change in changes {
        let mut target = tenant();
        change(target.routines.get_mut(&routine_name("b_called")).unwrap());
        let plan = plan_onto(&tenant(), &target);
        let both = note(&plan, "routine shop.b_called(integer)").unwrap().definitions.as_ref().unwrap();
        assert_ne!(both.source, both.target);
        assert_eq!(plan.steps, []);
    }
}

#[test]
fn functions_come_after_those_that_they_call_and_overloads_make_no_circle() {
    let mut source = tenant();
    let overload = RoutineName { name: name("b_called"), argument_types: "bigint".into() };
    source.routines.insert(overload.clone(), function("SELECT b_called($1::integer) + a_calls_b($1)"));
    source.routines.insert(routine_name("z_word"), function("SELECT '-- a_calls_b('"));
    let plan = plan_onto(&source, &Catalog::default());
    let position =
        |name: &RoutineName| plan.steps.iter().position(|step| step.id == StepId::routine(name)).unwrap();
    assert!(position(&routine_name("b_called")) < position(&routine_name("a_calls_b")));
    assert!(position(&overload) > 0);
    let needs = |name: &RoutineName| plan.steps[position(name)].needs.clone();
    assert_eq!(needs(&routine_name("z_word")), BTreeSet::from([StepId::schema(&id("shop"))]));
}

fn procedure(clauses: Option<ProcedureClauses>) -> Routine {
    Routine {
        kind: RoutineKind::Procedure,
        language: Language::Plpgsql,
        returns: None,
        clauses,
        ..function("BEGIN END")
    }
}

#[test]
fn procedures_whose_clauses_are_not_told_are_listed_once() {
    let mut source = tenant();
    source.routines.insert(routine_name("p_one"), procedure(None));
    source.routines.insert(routine_name("p_told"), procedure(Some(ProcedureClauses::default())));
    source.routines.insert(routine_name("p_two"), procedure(None));
    let object = "NONATOMIC and SET clauses of procedures";
    let plan = plan_onto(&source, &Catalog::default());
    let listed = note(&plan, object).unwrap();
    assert!(listed.reason.to_string().contains("p_one(integer); shop.p_two(integer)"), "{}", listed.reason);
    assert_eq!(note(&plan_onto(&source, &source), object), None);
}

#[test]
fn clauses_arrive_and_others_are_another_definition() {
    let with = |clauses| {
        let mut catalog = tenant();
        catalog.routines.insert(routine_name("p"), procedure(clauses));
        catalog
    };
    let atomic = Some(ProcedureClauses::default());
    let nonatomic = Some(ProcedureClauses { nonatomic: true, setting: None });
    let plan = plan_onto(&with(nonatomic.clone()), &Catalog::default());
    let create = plan.steps.iter().find(|step| step.id == StepId::routine(&routine_name("p"))).unwrap();
    assert!(create.sql[0].as_str().contains("\nNONATOMIC\n"), "{}", create.sql[0]);
    let differs =
        |source, target| note(&plan_onto(&with(source), &with(target)), "routine shop.p(integer)").is_some();
    assert!(differs(nonatomic.clone(), atomic.clone()));
    assert!(!differs(nonatomic.clone(), nonatomic.clone()));
    // What is not known is no difference.
    assert!(!differs(nonatomic, None));
    assert!(!differs(None, atomic));
}

proptest! {
    #[test]
    fn what_is_kept_has_no_circle_and_loses_nothing_without_one(
        edges in proptest::collection::btree_map(0_u8..8, proptest::collection::btree_set(0_u8..8, 0..4), 0..8),
    ) {
        let kept = without_circles(&edges);
        let mut left = kept;
        while let Some(free) = left.iter().find(|(_, beyond)| !beyond.iter().any(|n| left.contains_key(n))) {
            let free = *free.0;
            left.remove(&free);
        }
        prop_assert!(left.is_empty(), "a circle is left: {left:?}");
        let forward = |(at, beyond): (&u8, &BTreeSet<u8>)| (*at, beyond.iter().copied().filter(|n| n > at).collect());
        let acyclic: BTreeMap<u8, BTreeSet<u8>> =
            edges.iter().map(forward).filter(|(_, beyond): &(u8, BTreeSet<u8>)| !beyond.is_empty()).collect();
        prop_assert_eq!(without_circles(&acyclic), acyclic);
    }
}
