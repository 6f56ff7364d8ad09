//! Default privileges of a tenant's user, and those of the target that would widen what is created.

use super::super::tests::{id, tenant};
use super::super::{Furthest, Note, Plan, Policy, plan};
use super::*;
use crate::catalog::{Catalog, User};
use crate::name::QualifiedName;
use crate::scope::Scope;

fn rule(owner: &str, schema: Option<&str>, on: NewObject) -> DefaultPrivileges {
    DefaultPrivileges { owner: id(owner), schema: schema.map(id), on }
}

fn to(grantee: Grantee, privilege: Privilege) -> BTreeSet<Grant> {
    BTreeSet::from([Grant { grantee, privilege, grantable: false }])
}

/// `ann` owns schema `shop` and all in it, a materialized view too; `bob` is there, and `admin` runs the jobs.
fn source() -> Catalog {
    let users = ["admin", "ann", "bob"].map(|name| (id(name), User::ordinary())).into();
    Catalog { login: Some(id("admin")), users, ..tenant() }
}

fn planned(source: &Catalog, target: &Catalog) -> Plan {
    let scope = Scope::of(source, &[id("shop")], "no such name").unwrap();
    plan(source, target, &scope, &Furthest::new(), &Policy::default())
}

fn defaults(plan: &Plan) -> Vec<String> {
    let steps = plan.steps.iter().filter(|step| step.phase == Phase::DefaultPrivileges);
    steps.flat_map(|step| &step.sql).map(ToString::to_string).collect()
}

fn objects(notes: &[Note]) -> Vec<String> {
    notes.iter().map(|note| note.subject.to_string()).collect()
}

#[test]
fn they_come_after_all_that_they_would_widen() {
    let mut source = source();
    source.default_privileges = BTreeMap::from([
        (rule("ann", Some("shop"), NewObject::Tables), to(Grantee::User(id("bob")), Privilege::Select)),
        (rule("ann", None, NewObject::Functions), BTreeSet::new()),
    ]);
    let mut bare = source.clone();
    (bare.schemas, bare.materialized_views, bare.default_privileges) = Default::default();
    let plan = planned(&source, &bare);
    insta::assert_snapshot!(defaults(&plan).join("\n"), @r#"
    ALTER DEFAULT PRIVILEGES FOR USER "ann" IN SCHEMA "shop" GRANT SELECT ON TABLES TO "bob"
    ALTER DEFAULT PRIVILEGES FOR USER "ann" REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC
    "#);
    let view = plan.steps.iter().position(|step| step.phase == Phase::MaterializedViews).unwrap();
    let first = plan.steps.iter().position(|step| step.phase == Phase::DefaultPrivileges).unwrap();
    assert!(view < first && plan.steps[first].needs.contains(&plan.steps[view].id));
    let waits = |step: &Step| step.phase != Phase::DefaultPrivileges || step.stage == Stage::AfterData;
    assert!(plan.steps.iter().all(waits));
    assert_eq!(plan.blockers, []);
    assert_eq!(planned(&source, &source).steps, []);
}

#[test]
fn more_on_the_target_stops_everything() {
    let mut target = source();
    let rule = rule("ann", Some("shop"), NewObject::Procedures);
    target.default_privileges.insert(rule, to(Grantee::Public, Privilege::Execute));
    assert_eq!(
        objects(&planned(&source(), &target).blockers),
        ["default EXECUTE for PUBLIC on PROCEDURES to come of user ann in shop"]
    );
}

#[test]
fn a_default_that_would_widen_what_is_created_stops_everything() {
    let create = |owner: &str, schema: Option<&str>| {
        let mut target = source();
        target.materialized_views.clear();
        let grants = to(Grantee::Public, Privilege::Select);
        target.default_privileges.insert(rule(owner, schema, NewObject::Tables), grants);
        planned(&source(), &target).blockers
    };
    assert_eq!(create("admin", None), [], "the view's owner creates it");
    assert_eq!(create("admin", Some("elsewhere")), []);
    assert_eq!(create("ann", Some("elsewhere")), []);
    let blockers = create("ann", None);
    assert!(
        blockers.iter().any(|note| note.reason.to_string().contains("shop.mv would be wider")),
        "{blockers:?}"
    );

    let mut given = source();
    let view = Securable::Relation(QualifiedName::new(id("shop"), id("mv")));
    given.grants.insert(view, to(Grantee::Public, Privilege::Select));
    given
        .default_privileges
        .insert(rule("ann", None, NewObject::Tables), to(Grantee::Public, Privilege::Select));
    let mut target = given.clone();
    (target.materialized_views, target.grants) = Default::default();
    assert_eq!(planned(&given, &target).blockers, [], "the source gives it, too");
}

#[test]
fn an_unknown_default_is_never_granted_by_guess() {
    let mut source = source();
    let unknown = to(Grantee::Public, Privilege::parse("FROBNICATE"));
    source.default_privileges.insert(rule("ann", None, NewObject::Tables), unknown);
    let plan = planned(&source, &self::source());
    assert_eq!((plan.blockers.len(), defaults(&plan)), (1, vec![]));
}
