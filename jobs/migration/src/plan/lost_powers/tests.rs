//! Objects of a superuser who becomes an ordinary user.

use super::super::tests::{function, id, name, plan_onto, routine_name, scope, tenant, view};
use super::super::{Furthest, Passwords, Plan, Policy, Reason, Superusers, plan};
use crate::catalog::{Catalog, Grant, Grantee, Language, Privilege, Routine, RoutineKind, Securable, User};
use crate::name::Identifier;

/// The tenant with a superuser, who owns nothing yet.
fn with_superuser() -> Catalog {
    let mut source = tenant();
    source.users.insert(id("boss"), superuser());
    source
}

fn superuser() -> User {
    User { superuser: true, ..User::ordinary() }
}

fn procedure(body: &str) -> Routine {
    Routine {
        kind: RoutineKind::Procedure,
        owner: id("boss"),
        language: Language::Plpgsql,
        security_definer: true,
        ..function(body)
    }
}

fn grant(catalog: &mut Catalog, on: Securable, privilege: Privilege) {
    let grantee = Grantee::User(id("boss"));
    catalog.grants.entry(on).or_default().insert(Grant { grantee, privilege, grantable: false });
}

/// The notes on objects whose owner is no superuser any more, and their objects.
fn told(plan: &Plan) -> Vec<String> {
    let notes = plan.not_carried_over.iter().filter(|note| {
        use super::super::{RoutineCause, ViewCause};
        matches!(
            note.reason,
            Reason::View(ViewCause::OwnerIsNoSuperuser { .. } | ViewCause::CreatorIsNoSuperuser { .. })
                | Reason::Routine(RoutineCause::OwnerIsNoSuperuser { .. })
        )
    });
    notes.map(|note| format!("{}: {}", note.subject, note.reason)).collect()
}

fn planned(source: &Catalog, target: &Catalog, policy: &Policy) -> Plan {
    plan(source, target, &scope(source), &Furthest::from([((name("orders"), id("id")), 42)]), policy)
}

#[test]
fn views_that_nobody_can_read_are_named() {
    let mut source = with_superuser();
    for (view_name, text, reads) in [
        ("plain", "SELECT 1 FROM shop.orders", &["orders"][..]),
        (
            "late",
            r#"CREATE VIEW "shop"."late" AS SELECT 1 FROM shop.zones, shop.nowhere WITH NO SCHEMA BINDING"#,
            &[],
        ),
        ("own", "SELECT 1 FROM shop.plain", &["plain"]),
    ] {
        source.views.insert(name(view_name), crate::catalog::View { owner: id("boss"), ..view(text, reads) });
    }
    let is_told = |object: &str, lacks: &str| {
        format!(
            "{object}: it reads with the rights of its owner, and boss, who is a superuser on the source, is none on the target \
             and holds no {lacks} there: its readers are refused"
        )
    };
    let expected = [
        is_told("view shop.late", "SELECT on shop.zones"),
        is_told("view shop.plain", "SELECT on shop.orders"),
    ];
    assert_eq!(told(&plan_onto(&source, &Catalog::default())), expected);

    // One who stays a superuser, or is one on the target, needs no right.
    let keep = Policy { superusers: Superusers::Keep, passwords: Passwords::Generate, ..Policy::default() };
    assert_eq!(told(&planned(&source, &Catalog::default(), &keep)), [""; 0]);
    let without_password = Policy { superusers: Superusers::Keep, ..Policy::default() };
    assert_eq!(told(&planned(&source, &Catalog::default(), &without_password)), expected);
    let admin = Policy { owners: super::Owners::TargetAdmin, ..Policy::default() };
    assert_eq!(told(&planned(&source, &Catalog::default(), &admin)), [""; 0]);
    let target = |user: User| Catalog { users: [(id("boss"), user)].into(), ..Catalog::default() };
    assert_eq!(told(&plan_onto(&source, &target(superuser()))), [""; 0]);
    assert_eq!(told(&plan_onto(&source, &target(User::ordinary()))), expected);

    // Rights that the source gives to it are carried over, and those of the target are there.
    grant(&mut source, Securable::Relation(name("zones")), Privilege::Select);
    let mut there = target(User::ordinary());
    grant(&mut there, Securable::Column(name("orders"), id("id")), Privilege::Select);
    assert_eq!(told(&plan_onto(&source, &there)), [""; 0]);
}

#[test]
fn procedures_that_run_as_it_are_named_with_all_that_they_do() {
    let mut source = with_superuser();
    let body = "BEGIN INSERT INTO shop.orders SELECT id FROM zones; DELETE FROM temp_table; PERFORM b_called(1); END";
    source.routines.insert(routine_name("definer"), procedure(body));
    source.routines.insert(routine_name("caller"), Routine { security_definer: false, ..procedure(body) });
    source.routines.insert(routine_name("dynamic"), procedure("BEGIN EXECUTE statement; END"));
    let lacks = "routine shop.definer(integer): it acts with the rights of its owner (SECURITY DEFINER), and boss, who is a \
                 superuser on the source, is none on the target and holds no INSERT on shop.orders, SELECT on shop.zones, \
                 USAGE on schema shop, EXECUTE on shop.b_called(integer) there: its callers are refused";
    let dynamic = "routine shop.dynamic(integer): it acts with the rights of its owner (SECURITY DEFINER), and boss, who is a \
                   superuser on the source, is none on the target, where statements that it puts together, \
                   or that act on more than relations, may be refused";
    let lines = told(&plan_onto(&source, &Catalog::default()));
    let sorted = |line: &str| {
        let mut words: Vec<_> = line.split([',', ' ']).map(str::to_owned).collect();
        words.sort();
        words
    };
    assert_eq!(lines.iter().map(|line| sorted(line)).collect::<Vec<_>>(), [sorted(lacks), sorted(dynamic)]);
    for (on, privilege) in [
        (Securable::Schema(id("shop")), Privilege::Usage),
        (Securable::Relation(name("orders")), Privilege::Insert),
        (Securable::Relation(name("zones")), Privilege::Select),
        (Securable::Routine(routine_name("b_called")), Privilege::Execute),
    ] {
        assert_eq!(told(&plan_onto(&source, &Catalog::default())).len(), 2, "{privilege}");
        grant(&mut source, on, privilege);
    }
    assert_eq!(told(&plan_onto(&source, &Catalog::default())), [dynamic]);
}

#[test]
fn a_materialized_view_is_left_out_with_a_remedy_for_a_superuser() {
    let mut source = with_superuser();
    let owner: Identifier = id("boss");
    source.materialized_views.get_mut(&name("mv")).unwrap().owner = owner;
    let note = "materialized view shop.mv: boss, who is a superuser on the source, is none on the target and holds no CREATE on \
                schema shop, SELECT on shop.orders there, and needs it to create the view";
    let lost = plan_onto(&source, &Catalog::default());
    assert_eq!(told(&lost), [note]);
    let note =
        lost.not_carried_over.iter().find(|note| note.subject.to_string() == "materialized view shop.mv");
    let remedy = note.unwrap().reason.remedy();
    assert!(remedy.contains("--SUPERUSERS keep") && remedy.contains("on the target"), "{remedy}");
    assert!(!remedy.contains("on the source"), "{remedy}");

    // As the remedy says: granted on the target.
    let mut target = Catalog { users: [(id("boss"), User::ordinary())].into(), ..Catalog::default() };
    grant(&mut target, Securable::Schema(id("shop")), Privilege::Create);
    grant(&mut target, Securable::Relation(name("orders")), Privilege::Select);
    let plan = plan_onto(&source, &target);
    assert_eq!(told(&plan), [""; 0]);
}
