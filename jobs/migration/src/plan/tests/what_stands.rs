//! Plans onto a target where schemas, tables and comments stand already.

use super::*;
use crate::catalog::{Collation, ExternalSchema, ExternalSource, Section, Unread};
use std::collections::BTreeMap;

fn sql(plan: &Plan) -> Vec<String> {
    plan.steps.iter().flat_map(|step| &step.sql).map(ToString::to_string).collect()
}

fn notes(plan: &Plan) -> Vec<String> {
    plan.not_carried_over.iter().map(|note| format!("{}: {}", note.subject, note.reason)).collect()
}

/// The tenant's table `orders`, there and here.
fn change(mut catalog: Catalog, change: impl FnOnce(&mut Table)) -> Catalog {
    change(catalog.tables.get_mut(&name("orders")).unwrap());
    catalog
}

fn varchar(column: &str, length: u32) -> Column {
    Column {
        name: id(column),
        data_type: format!("character varying({length})"),
        not_null: false,
        default: None,
        encoding: "lzo".into(),
        collation: None,
    }
}

#[test]
fn columns_are_added_and_widened_and_their_comments_follow() {
    let mut source = change(tenant(), |table| {
        table.columns.extend([varchar("note", 20), varchar("first", 5), varchar("second", 6)]);
    });
    source.comments.insert(Commentable::Column(name("orders"), id("second")), "new".into());
    let target = change(tenant(), |table| table.columns.push(varchar("note", 10)));
    let plan = plan_onto(&source, &target);
    assert_eq!(
        sql(&plan),
        [
            r#"ALTER TABLE "shop"."orders" ADD COLUMN "first" character varying(5) ENCODE LZO"#,
            r#"ALTER TABLE "shop"."orders" ADD COLUMN "second" character varying(6) ENCODE LZO"#,
            r#"ALTER TABLE "shop"."orders" ALTER COLUMN "note" TYPE character varying(20)"#,
            r#"COMMENT ON COLUMN "shop"."orders"."second" IS 'new'"#,
        ]
    );
    let alone: Vec<_> = plan.steps.iter().map(|step| step.transaction == Transaction::Alone).collect();
    assert_eq!(alone, [false, false, true, false]);
    assert_eq!(notes(&plan), Vec::<String>::new());
}

#[test]
fn collations_are_compared_where_both_warehouses_tell_them() {
    let collated = |length| Column { collation: Some(Collation::CaseInsensitive), ..varchar("note", length) };
    let source = change(tenant(), |table| table.columns.extend([collated(10), varchar("last", 5)]));
    let mut target =
        change(tenant(), |table| table.columns.extend([varchar("note", 10), varchar("last", 5)]));
    assert_eq!(
        notes(&plan_onto(&source, &target)),
        [
            "column note of table shop.orders: its collation differs: as the database's on the target, CASE_INSENSITIVE on the source"
        ]
    );
    let error = "permission denied.".to_owned();
    target.unread.insert(Unread::Section { section: Section::Collations, error });
    assert_eq!(
        notes(&plan_onto(&source, &target)),
        [
            "COLLATE of columns: SHOW COLUMNS does not tell all of them on the target: permission denied; what stands there is not compared in them"
        ]
    );
    let create = plan_onto(&source, &Catalog::default());
    let create =
        sql(&create).into_iter().find(|sql| sql.contains("CREATE TABLE \"shop\".\"orders\"")).unwrap();
    assert!(
        create.contains("\"note\" character varying(10) ENCODE LZO COLLATE CASE_INSENSITIVE,"),
        "{create}"
    );
    assert!(create.contains("\"last\" character varying(5) ENCODE LZO,\n"), "{create}");
}

#[test]
fn what_differs_is_named_with_both_definitions() {
    let target = change(tenant(), |table| {
        table.columns[1].not_null = false;
        table.backup = false;
    });
    let plan = plan_onto(&tenant(), &target);
    assert_eq!(sql(&plan), Vec::<String>::new());
    assert_eq!(
        notes(&plan),
        [
            "column other of table shop.orders: its nullability differs: NULL on the target, NOT NULL on the source",
            "table shop.orders: its backup differs: BACKUP NO on the target, BACKUP YES on the source",
        ]
    );
}

#[test]
fn a_missing_key_comes_before_the_foreign_key_that_points_at_it() {
    let mut target = change(tenant(), |table| table.foreign_keys.clear());
    target.tables.get_mut(&name("zones")).unwrap().unique_keys.clear();
    let mut source = tenant();
    source.tables.get_mut(&name("zones")).unwrap().unique_keys[0].name = id("zz_last_by_name");
    assert_eq!(
        sql(&plan_onto(&source, &target)),
        [
            r#"ALTER TABLE "shop"."zones" ADD CONSTRAINT "zz_last_by_name" PRIMARY KEY ("id")"#,
            r#"ALTER TABLE "shop"."orders" ADD CONSTRAINT "fk" FOREIGN KEY ("other") REFERENCES "shop"."zones" ("id")"#,
        ]
    );
}

#[test]
fn keys_that_stand_otherwise_are_named_and_left() {
    let named = |change_target: fn(&mut Table)| {
        let plan = plan_onto(&tenant(), &change(tenant(), change_target));
        assert_eq!(sql(&plan), Vec::<String>::new());
        notes(&plan)
    };
    let [renamed] = named(|table| table.unique_keys[0].name = id("other_name")).try_into().unwrap();
    assert!(renamed.contains(r#"CONSTRAINT "other_name" PRIMARY KEY ("id") on the target"#), "{renamed}");
    let [moved] = named(|table| table.unique_keys[0].columns = vec![id("other")]).try_into().unwrap();
    assert!(moved.contains(r#"PRIMARY KEY ("other") on the target and CONSTRAINT "pk""#), "{moved}");
    let [more] = named(|table| {
        let columns = vec![id("other")];
        table.unique_keys.push(UniqueKey { name: id("more"), kind: KeyKind::Unique, columns });
    })
    .try_into()
    .unwrap();
    assert_eq!(
        more,
        r#"key more of shop.orders: only the target has it: CONSTRAINT "more" UNIQUE ("other")"#
    );
    let [foreign] = named(|table| table.foreign_keys[0].name = id("fk2")).try_into().unwrap();
    assert!(foreign.starts_with("key fk of shop.orders: it is CONSTRAINT \"fk2\" FOREIGN KEY"), "{foreign}");
}

#[test]
fn no_primary_key_is_tried_over_a_nullable_column() {
    let target = change(tenant(), |table| {
        table.unique_keys.clear();
        table.columns[0].not_null = false;
    });
    let plan = plan_onto(&tenant(), &target);
    assert_eq!(sql(&plan), Vec::<String>::new());
    assert!(
        notes(&plan).iter().any(|note| note.starts_with("key pk of shop.orders: its column id is nullable"))
    );
}

#[test]
fn a_comment_is_made_but_never_replaced() {
    let orders = Commentable::Table(name("orders"));
    let mut target = tenant();
    target.comments.remove(&orders);
    assert_eq!(
        sql(&plan_onto(&tenant(), &target)),
        [r#"COMMENT ON TABLE "shop"."orders" IS 'what was ordered'"#]
    );
    target.comments.insert(orders.clone(), "theirs".into());
    let plan = plan_onto(&tenant(), &target);
    assert_eq!(sql(&plan), Vec::<String>::new());
    assert_eq!(
        notes(&plan),
        [
            r#"comment on table shop.orders: it is "theirs" on the target and "what was ordered" on the source"#
        ]
    );
    let mut source = tenant();
    source.comments.remove(&orders);
    assert_eq!(
        notes(&plan_onto(&source, &tenant())),
        ["comment on table shop.orders: only the target has one"]
    );
}

#[test]
fn a_comment_on_what_does_not_arrive_is_left_with_it() {
    let mut source = tenant();
    let gone = QualifiedName::new(id("elsewhere"), id("t"));
    source.tables.get_mut(&name("orders")).unwrap().foreign_keys[0].references = gone;
    let plan = plan_onto(&source, &Catalog::default());
    assert!(!sql(&plan).iter().any(|statement| statement.contains("ON CONSTRAINT")));
    assert!(notes(&plan).iter().any(|note| note.starts_with("foreign key fk of shop.orders")));
}

#[test]
fn a_quota_that_differs_is_named() {
    let mut target = tenant();
    target.schemas.get_mut(&id("shop")).unwrap().kind = SchemaKind::Local { quota_mb: None };
    let plan = plan_onto(&tenant(), &target);
    assert_eq!(sql(&plan), Vec::<String>::new());
    assert_eq!(
        notes(&plan),
        ["schema shop: it is local without a quota on the target and local with QUOTA 512 MB on the source"]
    );
}

#[test]
fn an_external_schema_comes_unless_it_is_bound_to_an_account() {
    let with = |role: &str| {
        let mut source = tenant();
        let options = BTreeMap::from([("IAM_ROLE".to_owned(), role.to_owned())]);
        let external =
            ExternalSchema { source: ExternalSource::DataCatalog, database: Some("lake".into()), options };
        let schema = Schema { owner: id("ann"), kind: SchemaKind::External(external) };
        source.schemas.insert(id("outside"), schema);
        let grant =
            Grant { grantee: Grantee::User(id("bob")), privilege: Privilege::Usage, grantable: false };
        source.grants.insert(Securable::Schema(id("outside")), BTreeSet::from([grant]));
        let scope = Scope::of(&source, &[id("shop"), id("outside")], "no such name").unwrap();
        plan(&source, &tenant(), &scope, &Furthest::new(), &Policy::default())
    };
    let plan = with("default");
    assert_eq!(
        sql(&plan),
        [
            r#"CREATE EXTERNAL SCHEMA "outside" FROM DATA CATALOG DATABASE 'lake' IAM_ROLE default"#,
            r#"ALTER SCHEMA "outside" OWNER TO "ann""#,
            r#"GRANT USAGE ON SCHEMA "outside" TO "bob""#,
        ]
    );
    let plan = with("arn:aws:iam::123456789012:role/spectrum");
    assert_eq!(sql(&plan), Vec::<String>::new(), "neither schema nor owner nor rights");
    let [note] = plan.not_carried_over.try_into().unwrap();
    assert_eq!(note.subject.to_string(), "external schema outside");
    assert!(
        note.reason.remedy().ends_with(
            r#"CREATE EXTERNAL SCHEMA "outside" FROM DATA CATALOG DATABASE 'lake' IAM_ROLE 'arn:aws:iam::123456789012:role/spectrum'"#
        ),
        "{}",
        note.reason.remedy()
    );
}

#[test]
fn text_that_would_compare_otherwise_stops_everything() {
    let target = Catalog { collation: Collation::CaseInsensitive, ..tenant() };
    let plan = plan_onto(&tenant(), &target);
    assert_eq!((plan.blockers.len(), plan.blockers[0].subject.to_string()), (1, "database".to_owned()));
    assert!(plan.blockers[0].reason.remedy().ends_with("COLLATE CASE_SENSITIVE"));
}

#[test]
fn the_login_keeps_what_it_creates_where_the_caller_says_so() {
    let mut target = Catalog { login: Some(id("admin")), ..Catalog::default() };
    target.users.extend(tenant().users);
    let policy = Policy { owners: Owners::TargetAdmin, ..Policy::default() };
    let plan = plan(&tenant(), &target, &scope(&tenant()), &Furthest::new(), &policy);
    let text = sql(&plan).join("\n");
    assert!(!text.contains("OWNER TO") && !text.contains("AUTHORIZATION \"ann\""), "{text}");
    assert!(text.contains("CREATE MATERIALIZED VIEW"));
    let owners: Vec<_> =
        plan.not_carried_over.iter().filter(|note| note.subject.to_string().starts_with("owner")).collect();
    // A schema, two tables, three views, a materialized view and two functions.
    assert_eq!(owners.len(), 9, "{owners:?}");
    assert!(
        owners.iter().all(|note| note.reason.to_string().contains("another user than ann")),
        "{owners:?}"
    );
}

#[test]
fn a_materialized_view_of_another_owner_is_named() {
    let mut target = tenant();
    target.materialized_views.get_mut(&name("mv")).unwrap().owner = id("bob");
    let plan = plan_onto(&tenant(), &target);
    assert!(notes(&plan).iter().any(|note| note.starts_with("owner of shop.mv: ")), "{:?}", notes(&plan));
}
