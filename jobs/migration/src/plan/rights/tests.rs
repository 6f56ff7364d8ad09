//! Rights on what is not a schema's object, or on a part of one.

use super::super::tests::{function, id, name, routine_name, tenant, view};
use super::super::{Furthest, Note, Plan, Policy, plan};
use super::*;
use crate::catalog::{Catalog, ExternalSchema, ExternalSource, Group, ObjectKind, Routine, User, View};
use crate::name::QualifiedName;
use crate::scope::Scope;

fn orders() -> QualifiedName {
    QualifiedName::new(id("shop"), id("orders"))
}

/// A catalog whose user `bob` may use `ann`'s schema `shop`; `eve` is nobody's.
fn catalog(database: &str) -> Catalog {
    let mut catalog =
        Catalog { database: Some(id(database)), login: Some(id("admin")), ..Catalog::default() };
    catalog.users = ["admin", "ann", "bob", "eve"].map(|name| (id(name), User::ordinary())).into();
    catalog.schemas = tenant().schemas;
    add(&mut catalog, Securable::Schema(id("shop")), &bob(), Privilege::Usage, false);
    catalog
}

fn bob() -> Grantee {
    Grantee::User(id("bob"))
}

fn add(catalog: &mut Catalog, on: Securable, grantee: &Grantee, privilege: Privilege, grantable: bool) {
    catalog.grants.entry(on).or_default().insert(Grant { grantee: grantee.clone(), privilege, grantable });
}

fn planned(source: &Catalog, target: &Catalog) -> Plan {
    let scope = Scope::of(source, &[id("shop")], "no such name").unwrap();
    plan(source, target, &scope, &Furthest::new(), &Policy::default())
}

fn sql(plan: &Plan) -> String {
    let statements: Vec<_> = plan.steps.iter().flat_map(|step| &step.sql).map(ToString::to_string).collect();
    statements.join("\n")
}

fn objects(notes: &[Note]) -> Vec<String> {
    notes.iter().map(|note| note.subject.to_string()).collect()
}

#[test]
fn columns_of_a_relation_are_granted_in_one_statement_for_each_grantee() {
    let mut source = catalog("dev");
    for (column, privilege, grantee) in [
        ("id", Privilege::Select, bob()),
        ("note", Privilege::Select, bob()),
        ("id", Privilege::Update, bob()),
        ("id", Privilege::Select, Grantee::Public),
    ] {
        add(&mut source, Securable::Column(orders(), id(column)), &grantee, privilege, false);
    }
    insta::assert_snapshot!(sql(&planned(&source, &catalog("dev"))), @r#"
    GRANT SELECT ("id") ON TABLE "shop"."orders" TO PUBLIC
    GRANT SELECT ("id", "note"), UPDATE ("id") ON TABLE "shop"."orders" TO "bob"
    "#);
    let mut target = source.clone();
    add(&mut target, Securable::Column(orders(), id("note")), &Grantee::Public, Privilege::Select, false);
    assert_eq!(objects(&planned(&source, &target).blockers), ["SELECT for PUBLIC on shop.orders.note"]);
}

#[test]
fn the_database_is_the_targets_and_the_rights_the_tenants() {
    let mut source = catalog("dev");
    add(&mut source, Securable::Database, &bob(), Privilege::Temporary, true);
    add(&mut source, Securable::Database, &Grantee::User(id("eve")), Privilege::Create, false);
    add(&mut source, Securable::Database, &Grantee::Public, Privilege::Create, false);
    add(&mut source, Securable::Language(id("plpgsql")), &bob(), Privilege::Usage, false);
    add(&mut source, Securable::Language(id("plpgsql")), &Grantee::Public, Privilege::Usage, false);
    let plan = planned(&source, &catalog("prod"));
    insta::assert_snapshot!(sql(&plan), @r#"
    GRANT TEMPORARY ON DATABASE "prod" TO "bob" WITH GRANT OPTION
    GRANT USAGE ON LANGUAGE "plpgsql" TO "bob"
    "#);
    assert_eq!(objects(&plan.not_carried_over), ["CREATE for PUBLIC on the database"]);

    let mut target = source.clone();
    add(&mut target, Securable::Database, &bob(), Privilege::Alter, false);
    add(&mut target, Securable::Database, &Grantee::User(id("eve")), Privilege::Alter, false);
    add(&mut target, Securable::Database, &Grantee::Public, Privilege::Temporary, false);
    let blockers = planned(&source, &target).blockers;
    assert_eq!(
        objects(&blockers),
        ["ALTER for user bob on the database", "TEMPORARY for PUBLIC on the database"],
        "what eve may is not the tenant's"
    );
}

#[test]
fn scoped_permissions_stay_within_the_tenant() {
    let (tables, everywhere) = (
        Securable::EveryInSchema(ObjectKind::Tables, id("shop")),
        Securable::EveryInDatabase(ObjectKind::Tables),
    );
    let mut source = catalog("dev");
    add(&mut source, tables.clone(), &bob(), Privilege::Select, true);
    add(&mut source, everywhere.clone(), &bob(), Privilege::Insert, false);
    let plan = planned(&source, &catalog("dev"));
    assert_eq!(sql(&plan), r#"GRANT SELECT FOR TABLES IN SCHEMA "shop" TO "bob" WITH GRANT OPTION"#);
    assert_eq!(objects(&plan.not_carried_over), ["INSERT for user bob on all TABLES of the database"]);

    let mut target = source.clone();
    add(&mut target, everywhere, &Grantee::User(id("eve")), Privilege::Select, false);
    let blockers = planned(&source, &target).blockers;
    assert_eq!(
        objects(&blockers),
        ["SELECT for user eve on all TABLES of the database"],
        "eve would reach shop's tables"
    );
}

#[test]
fn a_privilege_that_its_object_does_not_have_is_never_granted_by_guess() {
    for (on, privilege) in [
        (Securable::Relation(orders()), Privilege::Usage),
        (Securable::Schema(id("shop")), Privilege::Select),
        (Securable::Database, Privilege::Usage),
        (Securable::Column(orders(), id("id")), Privilege::Insert),
        (Securable::EveryInSchema(ObjectKind::Functions, id("shop")), Privilege::Select),
    ] {
        let mut source = catalog("dev");
        add(&mut source, on.clone(), &bob(), privilege, false);
        let plan = planned(&source, &catalog("dev"));
        assert_eq!((plan.blockers.len(), sql(&plan)), (1, String::new()), "{on}");
    }
}

#[test]
fn what_allows_nothing_is_named_once_and_stops_nothing() {
    let mut source = catalog("dev");
    for privilege in [Privilege::Rule, Privilege::Trigger] {
        add(&mut source, Securable::Relation(orders()), &bob(), privilege, false);
    }
    let plan = planned(&source, &catalog("dev"));
    assert_eq!(objects(&plan.not_carried_over), ["RULE and TRIGGER on 1 relations"]);
    let plan = planned(&catalog("dev"), &source);
    assert_eq!((plan.blockers, plan.steps), (vec![], vec![]));
}

#[test]
fn a_function_gives_nothing_by_itself_where_who_creates_it_has_other_defaults() {
    let mut source = catalog("dev");
    source.routines.insert(routine_name("twice"), function("SELECT 2 * $1"));
    let on = Securable::Routine(routine_name("twice"));
    add(&mut source, on, &Grantee::Public, Privilege::Execute, false);
    let grant = r#"GRANT EXECUTE ON FUNCTION "shop"."twice"(integer) TO PUBLIC"#;
    let mut target = catalog("dev");
    assert!(!sql(&planned(&source, &target)).contains(grant), "it is there by itself");
    let rule = DefaultPrivileges { owner: id("admin"), schema: None, on: NewObject::Functions };
    target.default_privileges.insert(rule, BTreeSet::new());
    assert!(sql(&planned(&source, &target)).contains(grant));
}

/// What reads or runs with its owner's rights: a view of `gone`, who is nowhere, and one of `ann`.
#[test]
fn what_acts_for_its_owner_is_granted_after_it_has_that_owner_or_not_at_all() {
    let mut source = catalog("dev");
    let (kept, stray) =
        (QualifiedName::new(id("shop"), id("kept")), QualifiedName::new(id("shop"), id("stray")));
    source.views.insert(kept.clone(), view("SELECT 1", &[]));
    source.views.insert(stray.clone(), View { owner: id("gone"), ..view("SELECT 2", &[]) });
    let definer = |owner: &str| Routine { owner: id(owner), security_definer: true, ..function("SELECT 1") };
    source.routines.insert(routine_name("mine"), definer("ann"));
    source.routines.insert(routine_name("theirs"), definer("gone"));
    for on in [Securable::Relation(kept.clone()), Securable::Relation(stray)] {
        add(&mut source, on, &bob(), Privilege::Select, false);
    }
    for on in ["mine", "theirs"].map(|name| Securable::Routine(routine_name(name))) {
        add(&mut source, on, &bob(), Privilege::Execute, false);
    }
    let plan = planned(&source, &catalog("dev"));
    let granted: Vec<_> = plan.steps.iter().filter(|step| step.phase == Phase::Rights).collect();
    let ids: Vec<_> = granted.iter().map(|step| step.id.to_string()).collect();
    assert_eq!(
        ids,
        [
            r#"grant on relation "shop"."kept" to user "bob""#,
            r#"grant on routine "shop"."mine"(integer) to user "bob""#
        ]
    );
    assert!(granted[0].needs.contains(&StepId::change_owner(&Securable::Relation(kept))));
    let left = objects(&plan.not_carried_over);
    assert!(left.contains(&r#"grant on relation "shop"."stray" to user "bob""#.to_owned()), "{left:?}");
}

#[test]
fn nothing_is_granted_on_a_view_that_is_another_on_the_target() {
    let mut source = catalog("dev");
    let name = QualifiedName::new(id("shop"), id("v"));
    source.views.insert(name.clone(), view("SELECT 1", &[]));
    let mut target = catalog("dev");
    target.views.insert(name.clone(), view("SELECT 1, 2", &[]));
    add(&mut source, Securable::Relation(name), &bob(), Privilege::Select, false);
    let plan = planned(&source, &target);
    assert_eq!(sql(&plan), "");
    assert_eq!(
        objects(&plan.not_carried_over),
        [r#"grant on relation "shop"."v" to user "bob""#, "view shop.v"]
    );
}

#[test]
fn a_right_on_an_external_schema_stands_alone() {
    let shop = |source: &Catalog| {
        let plan = planned(source, &Catalog { grants: BTreeMap::new(), ..source.clone() });
        plan.steps.iter().map(|step| step.transaction).collect::<Vec<_>>()
    };
    let mut source = catalog("dev");
    assert_eq!(shop(&source), [Transaction::Batched]);
    let lake = ExternalSchema {
        source: ExternalSource::DataCatalog,
        database: Some("lake".into()),
        options: BTreeMap::new(),
    };
    source.schemas.get_mut(&id("shop")).unwrap().kind = SchemaKind::External(lake);
    assert_eq!(shop(&source), [Transaction::Alone]);
}

/// The same view under another text, with SELECT for bob, on a target on which nothing else is granted.
fn with_another_view() -> (Catalog, Catalog) {
    let mut source = catalog("dev");
    let on = name("d");
    source.views.insert(on.clone(), view("SELECT 1", &[]));
    add(&mut source, Securable::Relation(on.clone()), &bob(), Privilege::Select, false);
    let mut target = source.clone();
    target.views.insert(on, view("SELECT secret FROM other.orders", &[]));
    target.grants.remove(&Securable::Schema(id("shop")));
    (source, target)
}

#[test]
fn usage_that_opens_what_is_another_on_the_target_is_left_out() {
    let (mut source, mut target) = with_another_view();
    add(&mut source, Securable::Schema(id("shop")), &bob(), Privilege::Create, false);
    assert_eq!(sql(&planned(&source, &target)), r#"GRANT CREATE ON SCHEMA "shop" TO "bob""#);
    let left = objects(&planned(&source, &target).not_carried_over);
    assert!(left.contains(&"USAGE for user bob on shop".to_owned()), "{left:?}");
    // Alike on both sides it opens nothing else.
    target.views.clone_from(&source.views);
    assert!(sql(&planned(&source, &target)).contains("USAGE"));
    // Who has USAGE already reads the other view already.
    let (source, mut target) = with_another_view();
    target.grants.extend(source.grants.clone());
    add(&mut target, Securable::Relation(name("d")), &bob(), Privilege::Select, false);
    assert_eq!(planned(&source, &target).steps, []);
}

#[test]
fn nobody_comes_to_usage_of_such_a_schema_as_a_member_or_an_owner() {
    let (mut source, mut target) = with_another_view();
    let readers = Grantee::Group(id("readers"));
    for catalog in [&mut source, &mut target] {
        catalog.grants.remove(&Securable::Schema(id("shop")));
        catalog.groups.insert(id("readers"), Group::default());
        add(catalog, Securable::Schema(id("shop")), &readers, Privilege::Usage, false);
    }
    source.groups.get_mut(&id("readers")).unwrap().members.insert(id("bob"));
    assert_eq!(sql(&planned(&source, &target)), "");
    let (source, mut target) = with_another_view();
    target.schemas.get_mut(&id("shop")).unwrap().owner = id("admin");
    assert_eq!(sql(&planned(&source, &target)), "");
    // Without the view all of this is done.
    target.views.clone_from(&source.views);
    assert!(sql(&planned(&source, &target)).contains(r#"ALTER SCHEMA "shop" OWNER TO "ann""#));
}
