//! Views, procedures and policies that are another on the target, or that others find only there.

use super::{group, id, judge, user};
use crate::catalog::{
    AttachedRowPolicy, Catalog, Column, Conjunction, Grant, Grantee, Group, Language, PolicyColumn,
    Privilege, Routine, RoutineKind, RoutineName, RowPolicy, RowSecurity, Schema, SchemaKind, Securable,
    SystemPrivilege, Table, User, View, Volatility,
};
use crate::name::QualifiedName;
use crate::outcome::ApplyOutcome;
use crate::plan::{Furthest, Policy, Stage, plan};
use crate::scope::Scope;
use crate::verify::{Exposed, Finding, Verification, exposed};
use std::collections::{BTreeMap, BTreeSet};

fn name(schema: &str, name: &str) -> QualifiedName {
    QualifiedName::new(id(schema), id(name))
}

fn routine(schema: &str, routine: &str) -> RoutineName {
    RoutineName { name: name(schema, routine), argument_types: String::new() }
}

fn on(schema: &str, relation: &str) -> Securable {
    Securable::Relation(name(schema, relation))
}

fn grant(catalog: &mut Catalog, on: Securable, privilege: Privilege, grantee: Grantee) {
    catalog.grants.entry(on).or_default().insert(Grant { grantee, privilege, grantable: false });
}

fn function(body: &str) -> Routine {
    Routine {
        kind: RoutineKind::Function,
        owner: id("own"),
        language: Language::Sql,
        arguments: vec![],
        returns: Some("integer".into()),
        volatility: Volatility::Volatile,
        security_definer: false,
        body: body.into(),
        default_privileges: false,
        clauses: None,
    }
}

fn definer(body: &str) -> Routine {
    let (kind, language) = (RoutineKind::Procedure, Language::Plpgsql);
    Routine { kind, language, returns: None, security_definer: true, ..function(body) }
}

/// A view that its catalog tracks.
fn view(text: &str, reads: &QualifiedName, calls: Option<RoutineName>) -> View {
    let (owner, reads) = (id("own"), BTreeSet::from([reads.clone()]));
    View { owner, definition: text.into(), reads, calls: calls.into_iter().collect() }
}

/// `own` has the table `t.tab` and a view over it that `low` may read.
fn warehouse() -> Catalog {
    let mut catalog = Catalog { login: Some(id("admin")), ..Catalog::default() };
    catalog.users = ["own", "low"].map(|user| (id(user), User::ordinary())).into();
    catalog.users.insert(id("admin"), User { superuser: true, ..User::ordinary() });
    for schema in ["t", "o"] {
        let kind = SchemaKind::Local { quota_mb: None };
        catalog.schemas.insert(id(schema), Schema { owner: id("own"), kind });
        grant(&mut catalog, Securable::Schema(id(schema)), Privilege::Usage, user("low"));
    }
    let column = Column {
        name: id("c"),
        data_type: "integer".into(),
        not_null: false,
        default: None,
        encoding: "az64".into(),
        collation: None,
    };
    for table in [name("t", "tab"), name("o", "tab")] {
        catalog.tables.insert(table, Table::plain("own", vec![column.clone()]));
    }
    let mask = routine("t", "mask");
    catalog.routines.insert(mask.clone(), function("SELECT 0"));
    catalog.views.insert(name("t", "v"), view("SELECT t.mask(c) FROM t.tab", &name("t", "tab"), Some(mask)));
    grant(&mut catalog, on("t", "v"), Privilege::Select, user("low"));
    catalog
}

fn scope(source: &Catalog) -> Scope {
    Scope::of(source, &[id("t")], "no such name").unwrap()
}

fn added(source: &Catalog, before: &Catalog, after: &Catalog) -> Vec<String> {
    judge(source, before, after, &scope(source)).added.iter().map(Finding::plain).collect()
}

#[test]
fn who_comes_to_usage_of_a_schema_gains_what_lies_in_it() {
    let source = warehouse();
    let mut before = warehouse();
    before.views.insert(name("t", "v"), view("SELECT c FROM o.tab", &name("o", "tab"), None));
    before.grants.remove(&Securable::Schema(id("t")));
    let mut after = before.clone();
    grant(&mut after, Securable::Schema(id("t")), Privilege::Usage, user("low"));
    let gained = "SELECT, in effect, for user low on o.tab, by USAGE of its schema, views or procedures";
    assert_eq!(added(&source, &before, &after), [gained]);
    // So it does as a member, and by way of a procedure whose owner finds it then.
    let mut by_group = before.clone();
    grant(&mut by_group, Securable::Schema(id("t")), Privilege::Usage, group("g"));
    by_group.groups.insert(id("g"), Group::default());
    let mut member = by_group.clone();
    member.groups.get_mut(&id("g")).unwrap().members.insert(id("low"));
    assert!(added(&source, &by_group, &member).contains(&gained.to_owned()));
    let mut by_definer = warehouse();
    let procedure = Routine { owner: id("low"), ..definer("BEGIN SELECT c FROM o.tab; END") };
    by_definer.routines.insert(routine("t", "p"), procedure);
    by_definer.grants.remove(&Securable::Schema(id("o")));
    grant(&mut by_definer, on("o", "tab"), Privilege::Select, user("low"));
    by_definer.users.insert(id("caller"), User::ordinary());
    grant(&mut by_definer, Securable::Schema(id("t")), Privilege::Usage, user("caller"));
    grant(&mut by_definer, Securable::Routine(routine("t", "p")), Privilege::Execute, user("caller"));
    let mut finds = by_definer.clone();
    grant(&mut finds, Securable::Schema(id("o")), Privilege::Usage, user("low"));
    let gains = added(&Catalog { routines: BTreeMap::new(), ..source.clone() }, &by_definer, &finds);
    assert!(gains.iter().any(|gain| gain.contains("user caller on o.tab")), "{gains:?}");
    // Where the view is the source's nothing is gained.
    let mut same = warehouse();
    same.grants.remove(&Securable::Schema(id("t")));
    assert_eq!(added(&source, &same, &warehouse()), [""; 0]);
}

#[test]
fn a_call_that_says_its_schema_is_of_no_other_schemas_routine() {
    let mut source = warehouse();
    source.routines.insert(routine("t", "load"), definer("BEGIN DELETE FROM t.tab; END"));
    source.routines.insert(routine("t", "run"), definer("BEGIN CALL t.load(); END"));
    grant(&mut source, Securable::Routine(routine("t", "run")), Privilege::Execute, user("low"));
    let mut before = warehouse();
    let others = Routine { owner: id("admin"), ..definer("BEGIN DELETE FROM o.tab; END") };
    before.routines.insert(routine("o", "load"), others.clone());
    let mut after = source.clone();
    after.routines.insert(routine("o", "load"), others);
    assert_eq!(added(&source, &before, &after), [""; 0]);
}

#[test]
fn what_a_start_found_to_be_gained_is_told_until_it_is_taken_away() {
    let source = warehouse();
    let mut target = warehouse();
    grant(&mut target, on("t", "tab"), Privilege::Select, user("low"));
    let first = plan(&source, &warehouse(), &scope(&source), &Furthest::new(), &Policy::default());
    let verified = |before: &Catalog, target: &Catalog, outcome: &ApplyOutcome| {
        let (scope, policy, stage) = (scope(&source), Policy::default(), Stage::BeforeData);
        Verification::of(&source, before, target, &scope, &policy, &first, stage, outcome)
    };
    let mut outcome = ApplyOutcome::new("migrate-schema", "t", "r");
    let gained: Vec<Finding> = verified(&warehouse(), &target, &outcome).gained().cloned().collect();
    assert!(!gained.is_empty());
    outcome.gained.clone_from(&gained);
    let json = serde_json::to_string(&outcome).unwrap();
    let mut second = ApplyOutcome::new("migrate-schema", "t", "r");
    second.go_on_from(&serde_json::from_str(&json).unwrap());
    // The second start finds it on the target as it looks first.
    assert_eq!(verified(&target, &target, &second).gained().cloned().collect::<Vec<_>>(), gained);
    assert_eq!(verified(&target, &warehouse(), &second).gained().count(), 0);
}

fn told(source: &Catalog, target: &Catalog) -> Vec<String> {
    let exposed = exposed(source, target, &[id("t")]);
    exposed.into_values().flatten().map(|exposed: Exposed| exposed.to_string()).collect()
}

#[test]
fn rows_that_another_view_or_procedure_would_show_do_not_arrive() {
    let source = warehouse();
    assert_eq!(told(&source, &warehouse()), [""; 0]);
    let mut target = warehouse();
    target.routines.insert(routine("t", "mask"), function("SELECT $1"));
    let shown = "t.v shows it to user low, and is another on the target than on the source, or reads or calls something that is";
    assert_eq!(told(&source, &target), [shown]);
    let mut target = warehouse();
    target.views.insert(name("t", "v"), view("SELECT c FROM t.tab", &name("t", "tab"), None));
    assert_eq!(told(&source, &target), [shown]);
    // Who may read the table on the source sees nothing new, and where nobody may use the view nothing is shown.
    let mut open = source.clone();
    grant(&mut open, on("t", "tab"), Privilege::Select, user("low"));
    assert_eq!(told(&open, &target), [""; 0]);
    target.grants.remove(&on("t", "v"));
    assert_eq!(told(&source, &target), [""; 0]);
}

#[test]
fn rows_that_a_policy_would_show_otherwise_do_not_arrive() {
    let mut source = warehouse();
    let columns = vec![PolicyColumn { name: id("c"), data_type: "integer".into() }];
    let policy = RowPolicy { columns, alias: None, predicate: "t.mask(c) = 1".into() };
    source.policies.row_policies.insert(id("own rows"), policy);
    let policies = BTreeSet::from([AttachedRowPolicy { policy: id("own rows"), grantee: user("low") }]);
    let security = RowSecurity { on: true, conjunction: Conjunction::And, policies };
    source.policies.row_security.insert(name("t", "tab"), security);
    grant(&mut source, on("t", "tab"), Privilege::Select, user("low"));
    assert_eq!(told(&source, &source), [""; 0]);
    let mut target = source.clone();
    target.routines.insert(routine("t", "mask"), function("SELECT 1"));
    let told_of = told(&source, &target);
    assert!(
        told_of.iter().any(|told| told.contains("the policies own rows are not as on the source")),
        "{told_of:?}"
    );
    let mut target = source.clone();
    target.system_privileges.entry(user("low")).or_default().insert(SystemPrivilege::IGNORE_RLS);
    assert_eq!(told(&source, &target), ["the target gives IGNORE RLS for user low, and the source does not"]);
}
