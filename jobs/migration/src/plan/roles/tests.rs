//! Roles of a tenant with one table, on targets that hold more or less of them.

use super::super::tests::{id, tenant};
use super::super::{Furthest, Note, Plan, Policy, plan};
use super::*;
use crate::catalog::{
    AttachedMask, AttachedRowPolicy, Catalog, Conjunction, Grant, Policies, Privilege, RowSecurity,
    Securable, SystemPrivilege, User,
};
use crate::name::QualifiedName;
use crate::scope::Scope;
use std::collections::BTreeMap;

fn role(users: &[(&str, bool)], roles: &[&str]) -> Role {
    Role {
        owner: id("admin"),
        external_id: None,
        users: users.iter().map(|(user, option)| (id(user), *option)).collect(),
        roles: roles.iter().map(|role| id(role)).collect(),
    }
}

fn usage(schema: &str, to: &str) -> (Securable, BTreeSet<Grant>) {
    let grant = Grant { grantee: Grantee::Role(id(to)), privilege: Privilege::Usage, grantable: false };
    (Securable::Schema(id(schema)), BTreeSet::from([grant]))
}

/// A schema that role `reader` may use; `ann` holds it with ADMIN OPTION, `writer` holds it, and `bob` holds `writer`.
fn source() -> Catalog {
    Catalog {
        database: Some(id("dev")),
        login: Some(id("admin")),
        users: ["admin", "ann", "bob", "eve"].map(|name| (id(name), User::ordinary())).into(),
        roles: BTreeMap::from([
            (id("reader"), role(&[("ann", true)], &["writer"])),
            (id("writer"), role(&[("bob", false)], &[])),
            (id("sys:monitor"), role(&[("bob", false)], &["sys:dba"])),
            (id("sys:superuser"), role(&[("ann", false)], &[])),
            (id("elsewhere"), role(&[("eve", false)], &[])),
        ]),
        schemas: tenant().schemas,
        grants: BTreeMap::from([usage("shop", "reader")]),
        ..Catalog::default()
    }
}

/// A target with the users and Redshift's own roles, and nothing of the tenant.
fn bare() -> Catalog {
    let mut target = source();
    target.schemas.clear();
    target.grants.clear();
    target.roles.retain(|name, role| {
        role.users.clear();
        is_system_role(name)
    });
    target
}

fn planned(source: &Catalog, target: &Catalog) -> Plan {
    let scope = Scope::of(source, &[id("shop")], "no such name").unwrap();
    plan(source, target, &scope, &Furthest::new(), &Policy::default())
}

fn sql(plan: &Plan) -> Vec<String> {
    plan.steps.iter().flat_map(|step| &step.sql).map(ToString::to_string).collect()
}

fn objects(notes: &[Note]) -> Vec<String> {
    notes.iter().map(|note| note.subject.to_string()).collect()
}

#[test]
fn roles_come_with_who_holds_them_and_those_of_others_stay() {
    let plan = planned(&source(), &bare());
    let roles: Vec<_> = sql(&plan).into_iter().filter(|sql| sql.contains("ROLE")).collect();
    insta::assert_snapshot!(roles.join("\n"), @r#"
    CREATE ROLE "reader"
    CREATE ROLE "writer"
    GRANT ROLE "reader" TO ROLE "writer"
    GRANT ROLE "reader" TO "ann" WITH ADMIN OPTION
    GRANT ROLE "sys:monitor" TO "bob"
    GRANT ROLE "writer" TO "bob"
    GRANT USAGE ON SCHEMA "shop" TO ROLE "reader"
    "#);
    assert_eq!(objects(&plan.not_carried_over), ["role sys:superuser for user ann"]);
    assert_eq!(plan.blockers, []);
}

#[test]
fn a_target_with_all_roles_gets_nothing() {
    let plan = planned(&source(), &source());
    assert_eq!((plan.steps, plan.blockers, plan.not_carried_over), (vec![], vec![], vec![]));
}

#[test]
fn whoever_would_gain_by_a_role_stops_everything() {
    let mut target = source();
    target.roles.get_mut(&id("reader")).unwrap().users.insert(id("eve"), false);
    target.roles.get_mut(&id("reader")).unwrap().roles.insert(id("elsewhere"));
    target.roles.get_mut(&id("writer")).unwrap().users.insert(id("bob"), true);
    target.roles.get_mut(&id("sys:monitor")).unwrap().users.insert(id("ann"), false);
    let plan = planned(&source(), &target);
    assert_eq!(
        objects(&plan.blockers),
        [
            "role reader for role elsewhere",
            "role reader for user eve",
            "role sys:monitor for user ann",
            "role writer for user bob"
        ]
    );
}

#[test]
fn strangers_in_redshifts_own_roles_stay() {
    let mut target = source();
    target.roles.get_mut(&id("sys:monitor")).unwrap().users.insert(id("eve"), false);
    assert_eq!(planned(&source(), &target).blockers, []);
}

#[test]
fn nobody_gets_a_role_that_may_do_more_elsewhere_even_through_another() {
    let mut target = bare();
    target.roles.insert(id("reader"), role(&[], &[]));
    target.roles.insert(id("far"), role(&[], &["reader"]));
    target.grants = BTreeMap::from([usage("other", "far")]);
    let plan = planned(&source(), &target);
    assert!(!sql(&plan).iter().any(|sql| sql.starts_with(r#"GRANT ROLE "reader""#)), "{:?}", sql(&plan));
    assert!(objects(&plan.not_carried_over).contains(&"role reader for user ann".to_owned()));
}

#[test]
fn nobody_gets_a_role_that_policies_of_others_are_for() {
    let name = QualifiedName::new(id("other"), id("t"));
    let rows = |role: &str| {
        let attached = AttachedRowPolicy { policy: id("all"), grantee: Grantee::Role(id(role)) };
        let policies = BTreeSet::from([attached]);
        BTreeMap::from([(name.clone(), RowSecurity { on: true, conjunction: Conjunction::And, policies })])
    };
    let masks = |role: &str| {
        let (policy, grantee) = (id("raw"), Grantee::Role(id(role)));
        let mask =
            AttachedMask { policy, grantee, masked: vec!["a".into()], inputs: vec!["a".into()], priority: 1 };
        BTreeMap::from([(name.clone(), BTreeSet::from([mask]))])
    };
    let with = |policies: Policies| {
        let mut target = bare();
        target.roles.insert(id("reader"), role(&[], &[]));
        planned(&source(), &Catalog { policies, ..target })
    };
    let is_given = |plan: &Plan| sql(plan).iter().any(|sql| sql.starts_with(r#"GRANT ROLE "reader""#));
    for policies in [
        Policies { row_security: rows("reader"), ..Policies::default() },
        Policies { masks: masks("reader"), ..Policies::default() },
    ] {
        let plan = with(policies);
        assert!(!is_given(&plan), "{:?}", sql(&plan));
        assert!(objects(&plan.not_carried_over).contains(&"role reader for user ann".to_owned()));
    }
    let plan = with(Policies { row_security: rows("far"), masks: masks("far"), ..Policies::default() });
    assert!(is_given(&plan), "{:?}", sql(&plan));
}

#[test]
fn a_role_gets_the_owner_that_it_has_on_the_source_if_that_is_there() {
    let mut source = source();
    source.roles.get_mut(&id("writer")).unwrap().owner = id("ann");
    source.roles.get_mut(&id("reader")).unwrap().owner = id("gone");
    let mut target = bare();
    let plan = planned(&source, &target);
    assert!(sql(&plan).contains(&r#"ALTER ROLE "writer" OWNER TO "ann""#.to_owned()));
    assert!(objects(&plan.not_carried_over).contains(&"owner of role reader".to_owned()));
    target.roles = source.roles.clone();
    target.roles.get_mut(&id("writer")).unwrap().owner = id("admin");
    assert!(sql(&planned(&source, &target)).contains(&r#"ALTER ROLE "writer" OWNER TO "ann""#.to_owned()));
}

#[test]
fn what_an_identity_provider_decides_is_named_and_not_made() {
    let mut source = source();
    source.roles.get_mut(&id("writer")).unwrap().external_id = Some("ABC".into());
    source.users.insert(id("IAMR:etl"), User::ordinary());
    source.users.insert(id("idp:eve"), User { external_id: Some("EVE".into()), ..User::ordinary() });
    source
        .roles
        .get_mut(&id("reader"))
        .unwrap()
        .users
        .extend([(id("IAMR:etl"), false), (id("idp:eve"), false)]);
    let plan = planned(&source, &bare());
    assert!(
        !sql(&plan).iter().any(|sql| ["writer", "IAMR", "idp"].iter().any(|name| sql.contains(name))),
        "{:?}",
        sql(&plan)
    );
    for object in [
        "role writer",
        "role reader for role writer",
        "user IAMR:etl",
        "user idp:eve",
        "role reader for user IAMR:etl",
    ] {
        assert!(
            objects(&plan.not_carried_over).contains(&object.to_owned()),
            "{object}: {:?}",
            plan.not_carried_over
        );
    }
}

#[test]
fn system_permissions_go_to_the_tenants_roles_and_nobody_has_more() {
    let mut source = source();
    let to = |role: &str, names: &[&str]| {
        (
            Grantee::Role(id(role)),
            names.iter().map(|name| SystemPrivilege::parse(name)).collect::<BTreeSet<_>>(),
        )
    };
    source.system_privileges =
        BTreeMap::from([to("writer", &["VACUUM", "CREATE TABLE"]), to("elsewhere", &["CANCEL"])]);
    let plan = planned(&source, &bare());
    for granted in ["CREATE TABLE", "VACUUM"] {
        assert!(sql(&plan).contains(&format!(r#"GRANT {granted} TO ROLE "writer""#)));
    }
    assert!(!sql(&plan).iter().any(|sql| sql.contains("CANCEL")));

    let mut target = source.clone();
    target.system_privileges.extend([to("reader", &["DROP USER"])]);
    assert_eq!(objects(&planned(&source, &target).blockers), ["DROP USER for role reader"]);

    source.system_privileges.extend([to("reader", &["FROBNICATE"])]);
    assert_eq!(objects(&planned(&source, &bare()).blockers), ["FROBNICATE for role reader"]);
}
