//! A table whose rows and values are guarded, on targets that guard it more, less and otherwise.

use super::super::tests::{function, id, name, plan_onto, routine_name, tenant, view};
use super::super::{Plan, Reason};
use super::*;
use crate::catalog::{Grant, Language, ObjectKind, PolicyColumn, Privilege, Role, Routine, RoutineKind};

fn columns() -> Vec<PolicyColumn> {
    vec![PolicyColumn { name: id("other"), data_type: "bigint".into() }]
}

fn attached(policy: &str, grantee: Grantee) -> AttachedRowPolicy {
    AttachedRowPolicy { policy: id(policy), grantee }
}

fn mask(grantee: Grantee) -> AttachedMask {
    let column = || vec!["other".to_owned()];
    AttachedMask { policy: id("hidden"), grantee, masked: column(), inputs: column(), priority: 10 }
}

/// The tenant with row-level security on one table and a mask on the other.
pub(in crate::plan) fn guarded() -> Catalog {
    let mut catalog = tenant();
    let predicate = "other IN (SELECT id FROM shop.zones) AND shop.b_called(1) = 1".into();
    let policy = RowPolicy { columns: columns(), alias: None, predicate };
    catalog.policies.row_policies.insert(id("own rows"), policy);
    let policy = MaskingPolicy { columns: columns(), expression: "0".into() };
    catalog.policies.masking_policies.insert(id("hidden"), policy);
    let security = RowSecurity {
        on: true,
        conjunction: Conjunction::And,
        policies: BTreeSet::from([attached("own rows", Grantee::User(id("bob")))]),
    };
    catalog.policies.row_security.insert(name("orders"), security);
    catalog.policies.masks.insert(name("zones"), BTreeSet::from([mask(Grantee::User(id("bob")))]));
    catalog
}

fn without_policies() -> Catalog {
    tenant()
}

fn policy_steps(plan: &Plan) -> String {
    let steps = plan.steps.iter().filter(|step| step.phase == Phase::Policies);
    let steps = steps.map(|step| format!("{:?} {}", step.stage, step.sql[0].as_str().replace('\n', " ")));
    steps.collect::<Vec<_>>().join("\n")
}

fn position(plan: &Plan, id: &StepId) -> usize {
    plan.steps.iter().position(|step| step.id == *id).unwrap_or_else(|| panic!("no step {id}"))
}

#[test]
fn rows_are_guarded_before_the_data_and_values_after_it() {
    let plan = plan_onto(&guarded(), &Catalog::default());
    insta::assert_snapshot!(policy_steps(&plan), @r#"
    BeforeData ALTER TABLE "shop"."orders" ROW LEVEL SECURITY ON CONJUNCTION TYPE AND
    BeforeData CREATE RLS POLICY "own rows" WITH ("other" bigint) USING (other IN (SELECT id FROM shop.zones) AND shop.b_called(1) = 1)
    BeforeData ATTACH RLS POLICY "own rows" ON TABLE "shop"."orders" TO "bob"
    AfterData CREATE MASKING POLICY "hidden" WITH ("other" bigint) USING (0)
    AfterData ATTACH MASKING POLICY "hidden" ON "shop"."zones" ("other") USING ("other") TO "bob" PRIORITY 10
    "#);
    assert_eq!(plan_onto(&guarded(), &guarded()).steps, []);
}

#[test]
fn owners_and_rights_wait_for_what_guards() {
    let plan = plan_onto(&guarded(), &Catalog::default());
    let protects = [
        StepId::enable_row_level_security(&name("orders")),
        StepId::attach(&name("orders"), &attached("own rows", Grantee::User(id("bob")))),
    ];
    let on_orders = |id: &StepId| match id {
        StepId::ChangeOwner(on) | StepId::Grant { on, .. } => *on == Securable::Relation(name("orders")),
        StepId::GrantOnColumns { relation, .. } => *relation == name("orders"),
        _ => false,
    };
    for step in &plan.steps {
        if on_orders(&step.id) {
            assert!(
                protects.iter().all(|need| step.needs.contains(need)),
                "{} needs {:?}",
                step.id,
                step.needs
            );
            assert!(protects.iter().all(|need| position(&plan, need) < position(&plan, &step.id)));
            assert_eq!(step.stage, Stage::BeforeData);
        }
    }
    let give = give_zones();
    let give = &plan.steps[position(&plan, &give)];
    assert_eq!(give.stage, Stage::AfterData);
    assert!(give.needs.contains(&StepId::mask(&name("zones"), &mask(Grantee::User(id("bob"))))));
}

#[test]
fn what_cannot_be_guarded_is_not_granted() {
    let mut target = without_policies();
    target.tables.remove(&name("zones"));
    let other = MaskingPolicy { columns: columns(), expression: "other".into() };
    target.policies.masking_policies.insert(id("hidden"), other);
    let plan = plan_onto(&guarded(), &target);
    assert!(!plan.steps.iter().any(|step| step.id == give_zones()));
    let note = plan.not_carried_over.iter().find(|note| note.subject.to_string() == "policy hidden").unwrap();
    assert!(note.definitions.as_ref().is_some_and(|both| both.source != both.target));
    let mut path = guarded();
    let masks = path.policies.masks.get_mut(&name("zones")).unwrap();
    let deep = AttachedMask { masked: vec!["other.deep".into()], ..mask(Grantee::Public) };
    *masks = BTreeSet::from([deep]);
    let plan = plan_onto(&path, &Catalog::default());
    assert!(!plan.steps.iter().any(|step| step.id == give_zones()));
    assert!(plan.not_carried_over.iter().any(|note| note.reason.to_string().contains("other.deep")));
}

#[test]
fn what_only_the_target_attaches_stops_everything() {
    for relax in [
        |policies: &mut crate::catalog::Policies| {
            let security = policies.row_security.get_mut(&name("orders")).unwrap();
            security.policies.insert(attached("own rows", Grantee::Public));
        },
        |policies: &mut crate::catalog::Policies| {
            policies.row_security.get_mut(&name("orders")).unwrap().conjunction = Conjunction::Or;
        },
        |policies: &mut crate::catalog::Policies| {
            policies.masks.get_mut(&name("zones")).unwrap().insert(mask(Grantee::Public));
        },
    ] {
        let mut target = guarded();
        relax(&mut target.policies);
        let plan = plan_onto(&guarded(), &target);
        assert_eq!(plan.blockers.len(), 1, "{:?}", plan.blockers);
    }
    let plan = plan_onto(&tenant(), &{
        let mut target = tenant();
        let security = RowSecurity { on: true, conjunction: Conjunction::And, policies: BTreeSet::new() };
        target.policies.row_security.insert(name("orders"), security);
        target
    });
    assert_eq!((plan.blockers.len(), plan.not_carried_over.len()), (0, 1));
}

#[test]
fn a_policy_for_somebody_who_does_not_come_is_named() {
    let mut source = guarded();
    let security = source.policies.row_security.get_mut(&name("orders")).unwrap();
    security.policies.insert(attached("own rows", Grantee::Role(id("nowhere"))));
    let plan = plan_onto(&source, &Catalog::default());
    let object = "policy own rows on shop.orders for role nowhere";
    assert!(
        plan.not_carried_over.iter().any(|note| note.subject.to_string() == object),
        "{:?}",
        plan.not_carried_over
    );
}

#[test]
fn a_view_that_is_computed_over_guarded_rows_is_named() {
    let plan = plan_onto(&guarded(), &Catalog::default());
    let object = "rows of materialized view shop.mv";
    assert!(plan.not_carried_over.iter().any(|note| note.subject.to_string() == object));
}

#[test]
fn a_right_on_all_tables_waits_for_every_guard_among_them() {
    let mut source = guarded();
    let every = Securable::EveryInSchema(ObjectKind::Tables, id("shop"));
    let grant = Grant { grantee: Grantee::User(id("bob")), privilege: Privilege::Select, grantable: false };
    source.grants.insert(every, BTreeSet::from([grant]));
    let plan = plan_onto(&source, &Catalog::default());
    let granted = |step: &&Step| step.sql.iter().any(|sql| sql.as_str().contains("FOR TABLES IN SCHEMA"));
    let step = plan.steps.iter().find(granted).unwrap();
    assert_eq!(step.stage, Stage::AfterData);
    assert!(step.needs.contains(&StepId::enable_row_level_security(&name("orders"))), "{:?}", step.needs);
}

#[test]
fn a_policy_of_another_definition_that_the_target_attaches_stops_everything() {
    let blocked = |target: &Catalog| {
        let blockers = plan_onto(&guarded(), target).blockers;
        let other =
            blockers.into_iter().filter(|note| note.reason.to_string().contains("another definition"));
        other.map(|note| note.subject.to_string()).collect::<Vec<_>>()
    };
    let mut target = guarded();
    target.policies.row_policies.get_mut(&id("own rows")).unwrap().predicate = "true".into();
    target.policies.masking_policies.get_mut(&id("hidden")).unwrap().expression = "other".into();
    assert_eq!(blocked(&target), ["policy hidden", "policy own rows"]);
    target.policies.row_security.clear();
    target.policies.masks.clear();
    assert_eq!(blocked(&target), [""; 0]);
}

#[test]
fn what_shows_a_guarded_relation_waits_for_its_policies_too() {
    let mut source = guarded();
    let late = "CREATE VIEW shop.late AS SELECT 1 FROM shop.middle WITH NO SCHEMA BINDING";
    source.views.insert(name("late"), view(late, &[]));
    source.views.insert(name("middle"), view("SELECT 1 FROM shop.zones", &["zones"]));
    let mut tells = function("BEGIN DELETE FROM zones; END");
    (tells.kind, tells.language, tells.security_definer) = (RoutineKind::Procedure, Language::Plpgsql, true);
    source.routines.insert(routine_name("tells"), tells);
    let give = |privilege| Grant { grantee: Grantee::User(id("bob")), privilege, grantable: false };
    let shows = [
        (Securable::Relation(name("late")), Privilege::Select),
        (Securable::Relation(name("middle")), Privilege::Select),
        (Securable::Routine(routine_name("tells")), Privilege::Execute),
    ];
    for (on, privilege) in &shows {
        source.grants.insert(on.clone(), BTreeSet::from([give(privilege.clone())]));
    }
    let plan = plan_onto(&source, &Catalog::default());
    for (on, _) in &shows {
        for id in [StepId::change_owner(on), grant_to_bob(on.clone())] {
            let step = &plan.steps[position(&plan, &id)];
            assert_eq!(step.stage, Stage::AfterData, "{id}");
            let mask = StepId::mask(&name("zones"), &mask(Grantee::User(super::super::tests::id("bob"))));
            assert!(step.needs.contains(&mask), "{id} needs {:?}", step.needs);
        }
    }
}

/// A mask for role `support`, which `bob` has by way of role `staff`.
/// What is missing once the masks are there, as when a job was killed right behind them, stays with the job that attached them.
#[test]
fn what_waits_for_masks_keeps_its_stage_when_they_are_there() {
    let mut source = guarded();
    let zones = Securable::Relation(name("zones"));
    let select = Grant { grantee: Grantee::User(id("bob")), privilege: Privilege::Select, grantable: false };
    source.grants.insert(zones.clone(), BTreeSet::from([select]));
    let mut target = source.clone();
    target.grants.remove(&zones);
    target.tables.get_mut(&name("zones")).unwrap().owner = id("bob");
    for target in [Catalog::default(), target] {
        let plan = plan_onto(&source, &target);
        let of_zones = plan.steps.iter().filter(|step| {
            [Phase::Owners, Phase::Rights].contains(&step.phase) && step.id.to_string().contains("\"zones\"")
        });
        let stages: Vec<_> = of_zones.map(|step| (step.phase, step.stage)).collect();
        assert_eq!(stages, [(Phase::Owners, Stage::AfterData), (Phase::Rights, Stage::AfterData)]);
    }
}

fn masked_for_a_role() -> Catalog {
    let role = |users: &[&str], roles: &[&str]| Role {
        owner: id("ann"),
        external_id: None,
        users: users.iter().map(|user| (id(user), false)).collect(),
        roles: roles.iter().map(|role| id(role)).collect(),
    };
    let mut source = guarded();
    source.roles.insert(id("support"), role(&[], &["staff"]));
    source.roles.insert(id("staff"), role(&["bob"], &[]));
    source.policies.masks.insert(name("zones"), BTreeSet::from([mask(Grantee::Role(id("support")))]));
    let grant = Grant { grantee: Grantee::User(id("bob")), privilege: Privilege::Select, grantable: false };
    source.grants.insert(Securable::Relation(name("zones")), BTreeSet::from([grant]));
    source
}

fn right_on_zones() -> StepId {
    grant_to_bob(Securable::Relation(name("zones")))
}

fn grant_to_bob(on: Securable) -> StepId {
    StepId::Grant { on, to: Grantee::User(id("bob")), grantable: false }
}

fn give_zones() -> StepId {
    StepId::change_owner(&Securable::Relation(name("zones")))
}

#[test]
fn rights_wait_for_the_memberships_in_the_roles_of_the_policies() {
    let plan = plan_onto(&masked_for_a_role(), &Catalog::default());
    let right = &plan.steps[position(&plan, &right_on_zones())];
    let memberships = [("support", Grantee::Role(id("staff"))), ("staff", Grantee::User(id("bob")))];
    for (role, holder) in memberships {
        let membership = StepId::membership(&id(role), &holder);
        assert!(right.needs.contains(&membership), "{:?}", right.needs);
    }
}

#[test]
fn a_membership_that_is_left_out_leaves_out_the_rights_that_a_policy_guards() {
    let mut target = Catalog::default();
    target.roles.insert(
        id("staff"),
        Role { owner: id("ann"), external_id: None, users: [].into(), roles: BTreeSet::new() },
    );
    let foreign =
        Grant { grantee: Grantee::Role(id("staff")), privilege: Privilege::Usage, grantable: false };
    target.grants.insert(Securable::Schema(id("elsewhere")), BTreeSet::from([foreign]));
    let plan = plan_onto(&masked_for_a_role(), &target);
    let noted = |object: &str| plan.not_carried_over.iter().any(|note| note.subject.to_string() == object);
    assert!(noted("role staff for user bob"), "{:?}", plan.not_carried_over);
    assert!(noted(&right_on_zones().to_string()), "{:?}", plan.not_carried_over);
    assert!(!plan.steps.iter().any(|step| step.id == right_on_zones()));
}

#[test]
fn a_policy_for_a_role_of_an_identity_provider_leaves_out_the_rights_that_it_guards() {
    let mut source = masked_for_a_role();
    source.roles.get_mut(&id("support")).unwrap().external_id = Some("support".into());
    let plan = plan_onto(&source, &Catalog::default());
    assert!(!plan.steps.iter().any(|step| step.id == right_on_zones()));
    assert!(plan.not_carried_over.iter().any(|note| note.subject == Subject::Step(right_on_zones())));
}

#[test]
fn a_policy_for_a_datashare_leaves_out_nothing_else() {
    let mut source = guarded();
    let share = Role { owner: id("ann"), external_id: None, users: [].into(), roles: BTreeSet::new() };
    source.roles.insert(id("ds:share"), share);
    source.policies.masks.insert(name("zones"), BTreeSet::from([mask(Grantee::Role(id("ds:share")))]));
    let plan = plan_onto(&source, &Catalog::default());
    let object = "policy hidden on shop.zones for role ds:share";
    assert!(
        plan.not_carried_over.iter().any(|note| note.subject.to_string() == object),
        "{:?}",
        plan.not_carried_over
    );
    assert!(plan.steps.iter().any(|step| step.id == give_zones()));
}

#[test]
fn what_may_have_been_granted_to_a_policy_is_named() {
    let plan = plan_onto(&guarded(), &Catalog::default());
    let note = plan
        .not_carried_over
        .iter()
        .find(|note| note.subject.to_string() == "rights of policy own rows")
        .unwrap();
    assert!(note.reason.to_string().contains("shop.zones, shop.b_called(integer)"), "{}", note.reason);
    assert!(note.reason.remedy().contains("TO RLS POLICY"));
}

/// The steps that give others a right on a relation, or its owner.
fn gives(plan: &Plan, relation: &str) -> bool {
    let on = Securable::Relation(name(relation));
    plan.steps
        .iter()
        .any(|step| matches!(&step.id, StepId::Grant { on: given, .. } | StepId::ChangeOwner(given) if *given == on))
}

#[test]
fn a_policy_that_decides_by_what_is_another_on_the_target_guards_nothing() {
    let mut target = guarded();
    target.grants.clear();
    assert!(gives(&plan_onto(&guarded(), &target), "orders"));
    let called = routine_name("b_called");
    target.routines.get_mut(&called).unwrap().body = "SELECT 1".into();
    let plan = plan_onto(&guarded(), &target);
    assert!(!gives(&plan, "orders"), "it is attached, and shows other rows");
    assert!(plan.not_carried_over.iter().any(|note| {
        note.subject == Subject::Policy(id("own rows"))
            && matches!(note.reason, Reason::Policy(PolicyCause::DecidesByAnother { .. }))
    }));
    // What the target grants already would show them.
    target.grants = guarded().grants;
    assert!(!plan_onto(&guarded(), &target).blockers.is_empty());
    // A policy that the target lacks is not created.
    let mut target = Catalog::default();
    target
        .routines
        .insert(called.clone(), Routine { body: "SELECT 1".into(), ..tenant().routines[&called].clone() });
    let plan = plan_onto(&guarded(), &target);
    assert!(!plan.steps.iter().any(|step| step.id == StepId::CreateRowPolicy(id("own rows"))));
    assert!(!gives(&plan, "orders") && gives(&plan_onto(&guarded(), &Catalog::default()), "orders"));
}

#[test]
fn what_a_policy_looks_up_outside_the_tenant_is_named() {
    let mut source = guarded();
    let there = QualifiedName::new(id("shared"), id("who_sees_what"));
    source.tables.insert(there, crate::plan::tests::table(None));
    let predicate = "other IN (SELECT id FROM shared.who_sees_what)".to_owned();
    source.policies.row_policies.get_mut(&id("own rows")).unwrap().predicate = predicate;
    let border = plan_onto(&source, &Catalog::default()).border;
    let named = border.iter().find(|note| note.subject == Subject::Policy(id("own rows"))).unwrap();
    assert!(named.reason.to_string().contains("shared.who_sees_what"), "{}", named.reason);
}
