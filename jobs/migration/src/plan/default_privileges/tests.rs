//! Default privileges of a tenant's user, and those of the target that would widen what is created.

use super::super::tests::{id, tenant};
use super::super::{Furthest, Note, Owners, Passwords, Plan, Policy, Superusers, plan};
use super::*;
use crate::catalog::{Catalog, Group, ObjectKind, Role, User};
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

#[test]
fn all_is_given_as_all_once() {
    let mut source = source();
    let all = |grantee: &str| {
        let grant = |privilege: &Privilege| Grant {
            grantee: Grantee::User(id(grantee)),
            privilege: privilege.clone(),
            grantable: false,
        };
        NewObject::Tables.all().iter().map(grant).collect::<BTreeSet<_>>()
    };
    source.default_privileges.insert(rule("ann", Some("shop"), NewObject::Tables), all("bob"));
    let plan = planned(&source, &self::source());
    insta::assert_snapshot!(
        defaults(&plan).join("\n"),
        @r#"ALTER DEFAULT PRIVILEGES FOR USER "ann" IN SCHEMA "shop" GRANT ALL PRIVILEGES ON TABLES TO "bob""#
    );
    assert_eq!(planned(&source, &source).steps, []);
}

#[test]
fn what_cannot_be_said_is_listed_and_costs_itself_alone() {
    let mut source = source();
    let mut some = to(Grantee::User(id("bob")), Privilege::Select);
    some.extend(to(Grantee::User(id("bob")), Privilege::Alter));
    source.default_privileges.insert(rule("ann", None, NewObject::Tables), some);
    let plan = planned(&source, &self::source());
    insta::assert_snapshot!(
        defaults(&plan).join("\n"),
        @r#"ALTER DEFAULT PRIVILEGES FOR USER "ann" GRANT SELECT ON TABLES TO "bob""#
    );
    assert_eq!(objects(&plan.not_carried_over), ["default ALTER for user bob on TABLES to come of user ann"]);
    let mut target = self::source();
    let given = to(Grantee::User(id("bob")), Privilege::Select);
    target.default_privileges.insert(rule("ann", None, NewObject::Tables), given);
    assert_eq!(planned(&source, &target).steps, []);
}

/// Default privileges of `bob` in `shop`, which is `ann`'s, and what gives `bob` CREATE there.
fn bobs(change: impl FnOnce(&mut Catalog)) -> Catalog {
    let mut source = source();
    let grants = to(Grantee::Public, Privilege::Select);
    source.default_privileges.insert(rule("bob", Some("shop"), NewObject::Tables), grants);
    change(&mut source);
    source
}

fn grant_create(to: Grantee) -> impl FnOnce(&mut Catalog) {
    move |catalog| {
        let shop = Securable::Schema(id("shop"));
        catalog.grants.entry(shop).or_default().extend(self::to(to, Privilege::Create));
    }
}

fn with_policy(source: &Catalog, target: &Catalog, policy: &Policy) -> Plan {
    let scope = Scope::of(source, &[id("shop")], "no such name").unwrap();
    plan(source, target, &scope, &Furthest::new(), policy)
}

/// A target where nothing of the tenant's is yet.
fn bare() -> Catalog {
    let login = Some(id("admin"));
    Catalog { login, users: [(id("admin"), User::ordinary())].into(), ..Catalog::default() }
}

const LENT: [&str; 3] = [
    r#"GRANT CREATE ON SCHEMA "shop" TO "bob""#,
    r#"ALTER DEFAULT PRIVILEGES FOR USER "bob" IN SCHEMA "shop" GRANT SELECT ON TABLES TO PUBLIC"#,
    r#"REVOKE CREATE ON SCHEMA "shop" FROM "bob""#,
];

#[test]
fn a_user_without_create_gets_it_for_the_statement_alone() {
    let source = bobs(|_| {});
    for target in [bare(), self::source()] {
        let plan = planned(&source, &target);
        assert_eq!(defaults(&plan), LENT);
        let steps: Vec<_> = plan.steps.iter().filter(|step| step.phase == Phase::DefaultPrivileges).collect();
        // One step that shares a transaction: all or nothing of it.
        assert!(steps.len() == 1 && steps[0].transaction == Transaction::Batched);
    }
    assert_eq!(planned(&source, &source).steps, []);
    // What is the user's in every schema needs no CREATE.
    let mut everywhere = self::source();
    let grants = to(Grantee::Public, Privilege::Select);
    everywhere.default_privileges.insert(rule("bob", None, NewObject::Tables), grants);
    assert_eq!(defaults(&planned(&everywhere, &self::source())).len(), 1);
}

#[test]
fn a_user_who_will_have_create_in_any_way_is_not_lent_it() {
    let needed = |source: &Catalog, target: &Catalog| {
        let plan = planned(source, target);
        assert_eq!(defaults(&plan), LENT[1..2]);
        let steps = plan.steps.into_iter().filter(|step| step.phase == Phase::DefaultPrivileges);
        steps.flat_map(|step| step.needs).map(|id| id.to_string()).collect::<Vec<_>>()
    };
    let bob = || Grantee::User(id("bob"));
    let by_itself = bobs(grant_create(bob()));
    assert!(needed(&by_itself, &bare()).contains(&r#"grant on schema "shop" to user "bob""#.to_owned()));
    let by_group = bobs(grant_create(Grantee::Group(id("readers"))));
    let needs = needed(&by_group, &bare());
    for need in [r#"add member "bob" "readers""#, r#"grant on schema "shop" to group "readers""#] {
        assert!(needs.iter().any(|id| id == need), "{need}: {needs:?}");
    }
    let everybodys = bobs(grant_create(Grantee::Public));
    assert!(needed(&everybodys, &bare()).contains(&r#"grant on schema "shop" to PUBLIC"#.to_owned()));
    let by_role = bobs(|source| {
        let held = |users: &[&str], roles: &[&str]| Role {
            owner: id("ann"),
            external_id: None,
            users: users.iter().map(|user| (id(user), false)).collect(),
            roles: roles.iter().map(|role| id(role)).collect(),
        };
        source.roles.insert(id("inner"), held(&["bob"], &[]));
        source.roles.insert(id("outer"), held(&[], &["inner"]));
        grant_create(Grantee::Role(id("outer")))(source);
    });
    let needs = needed(&by_role, &bare());
    for need in [
        r#"grant role "inner" to user "bob""#,
        r#"grant role "outer" to role "inner""#,
        r#"grant on schema "shop" to role "outer""#,
    ] {
        assert!(needs.iter().any(|id| id == need), "{need}: {needs:?}");
    }
    let owner = bobs(|source| source.schemas.get_mut(&id("shop")).unwrap().owner = id("bob"));
    needed(&owner, &bare());
    // What the target has already.
    let mut given = self::source();
    grant_create(bob())(&mut given);
    let mut superuser = self::source();
    superuser.users.insert(id("bob"), User { superuser: true, ..User::ordinary() });
    let mut scoped = self::source();
    let schemas = Securable::EveryInDatabase(ObjectKind::Schemas);
    scoped.grants.insert(schemas, to(bob(), Privilege::Create));
    for target in [given, superuser, scoped] {
        let plan = planned(&bobs(|_| {}), &target);
        assert_eq!(defaults(&plan), LENT[1..2]);
    }
}

#[test]
fn what_gives_create_on_the_source_and_does_not_arrive_does_not_count() {
    // The owner on the source is not the target's.
    let owner = bobs(|source| source.schemas.get_mut(&id("shop")).unwrap().owner = id("bob"));
    let policy = Policy { owners: Owners::TargetAdmin, ..Policy::default() };
    assert_eq!(defaults(&with_policy(&owner, &bare(), &policy)), LENT);
    // A superuser becomes an ordinary user, unless it is to stay one.
    let superuser = bobs(|source| {
        source.users.insert(id("bob"), User { superuser: true, ..User::ordinary() });
    });
    assert_eq!(defaults(&planned(&superuser, &bare())), LENT);
    let keep = Policy { superusers: Superusers::Keep, passwords: Passwords::Generate, ..Policy::default() };
    assert_eq!(defaults(&with_policy(&superuser, &bare(), &keep)), LENT[1..2]);
    // A member that is not added to a group with other rights.
    let group = bobs(grant_create(Grantee::Group(id("readers"))));
    let mut target = self::source();
    target.groups.insert(id("readers"), Group { members: BTreeSet::new() });
    let elsewhere = Securable::Schema(id("elsewhere"));
    target.grants.insert(elsewhere, to(Grantee::Group(id("readers")), Privilege::Usage));
    let plan = planned(&group, &target);
    assert!(objects(&plan.not_carried_over).iter().any(|object| object.contains("bob")), "{plan:?}");
    assert_eq!(defaults(&plan), LENT);
}
