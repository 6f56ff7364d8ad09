//! A warehouse that holds one of everything.

use crate::catalog::*;
use crate::name::{Identifier, QualifiedName};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn id(name: &str) -> Identifier {
    Identifier::new(name).unwrap()
}

pub(super) fn relation(name: &str) -> QualifiedName {
    QualifiedName::new(id("shop"), id(name))
}

pub(super) fn routine_name() -> RoutineName {
    RoutineName { name: relation("f"), argument_types: "integer".into() }
}

pub(super) fn setting() -> Setting {
    Setting { parameter: id("search_path"), value: "shop".into() }
}

pub(super) fn grant() -> Grant {
    Grant { grantee: Grantee::User(id("bob")), privilege: Privilege::Select, grantable: false }
}

pub(super) fn library() -> OtherObject {
    OtherObject { kind: OtherKind::Library, place: String::new(), name: "f_urlparse".into() }
}

pub(super) fn assume_role() -> AssumeRole {
    AssumeRole {
        grantee: Grantee::User(id("ann")),
        iam_role: "arn:aws:iam::1:role/r".into(),
        command: "COPY".into(),
    }
}

pub(super) fn default_privileges() -> DefaultPrivileges {
    DefaultPrivileges { owner: id("ann"), schema: Some(id("shop")), on: NewObject::Tables }
}

pub(super) fn external_schema() -> ExternalSchema {
    ExternalSchema {
        source: ExternalSource::DataCatalog,
        database: Some("lake".into()),
        options: BTreeMap::from([("IAM_ROLE".into(), "default".into())]),
    }
}

pub(super) fn identity() -> Identity {
    Identity { seed: 1, step: 1, by_default: false }
}

pub(super) fn sort_key() -> SortKey {
    SortKey { style: SortStyle::Compound, columns: vec![id("id")] }
}

pub(super) fn unique_key() -> UniqueKey {
    UniqueKey { name: id("pk"), kind: KeyKind::Primary, columns: vec![id("id")] }
}

pub(super) fn foreign_key() -> ForeignKey {
    ForeignKey {
        name: id("fk"),
        columns: vec![id("place")],
        references: relation("places"),
        referenced_columns: vec![id("id")],
    }
}

pub(super) fn argument() -> Argument {
    Argument { name: None, mode: ArgumentMode::In, data_type: "integer".into() }
}

pub(super) fn policy_column() -> PolicyColumn {
    PolicyColumn { name: id("place"), data_type: "integer".into() }
}

pub(super) fn row_policy() -> RowPolicy {
    RowPolicy { columns: vec![policy_column()], alias: None, predicate: "(place = 1)".into() }
}

pub(super) fn masking_policy() -> MaskingPolicy {
    MaskingPolicy { columns: vec![policy_column()], expression: "0".into() }
}

pub(super) fn attached_row_policy() -> AttachedRowPolicy {
    AttachedRowPolicy { policy: id("few"), grantee: Grantee::User(id("bob")) }
}

pub(super) fn row_security() -> RowSecurity {
    RowSecurity { on: true, conjunction: Conjunction::And, policies: BTreeSet::from([attached_row_policy()]) }
}

pub(super) fn attached_mask() -> AttachedMask {
    AttachedMask {
        policy: id("blank"),
        grantee: Grantee::User(id("bob")),
        masked: vec!["place".into()],
        inputs: vec!["place".into()],
        priority: 0,
    }
}

fn table() -> Table {
    let column = |name: &str, default| Column {
        name: id(name),
        data_type: "integer".into(),
        not_null: name == "id",
        default,
        encoding: "az64".into(),
        collation: None,
    };
    Table {
        owner: id("ann"),
        columns: vec![
            column("id", Some(DefaultValue::Identity(identity()))),
            column("place", None),
            column("note", None),
        ],
        distribution: DistributionStyle::Even,
        sort_key: Some(sort_key()),
        automatic: Some(Automatic { sort_key: false, encoding: false }),
        backup: true,
        unique_keys: vec![unique_key()],
        foreign_keys: vec![],
    }
}

pub(super) fn set_clause() -> SetClause {
    SetClause { parameter: id("query_group"), values: vec![SetValue::Text("x".to_owned())] }
}

fn function() -> Routine {
    Routine {
        kind: RoutineKind::Function,
        owner: id("ann"),
        language: Language::Sql,
        arguments: vec![argument()],
        returns: Some("integer".into()),
        volatility: Volatility::Immutable,
        security_definer: false,
        clauses: Some(ProcedureClauses::default()),
        body: "SELECT $1".into(),
        default_privileges: false,
    }
}

fn rights() -> BTreeMap<Securable, BTreeSet<Grant>> {
    let usage = Grant { privilege: Privilege::Usage, grantee: Grantee::Group(id("readers")), ..grant() };
    let of_role = Grant { privilege: Privilege::Usage, grantee: Grantee::Role(id("clerk")), ..grant() };
    BTreeMap::from([
        (Securable::Schema(id("shop")), BTreeSet::from([usage, of_role])),
        (Securable::Relation(relation("orders")), BTreeSet::from([grant()])),
    ])
}

fn policies() -> Policies {
    Policies {
        row_policies: BTreeMap::from([(id("few"), row_policy())]),
        masking_policies: BTreeMap::from([(id("blank"), masking_policy())]),
        row_security: BTreeMap::from([(relation("orders"), row_security())]),
        masks: BTreeMap::from([(relation("orders"), BTreeSet::from([attached_mask()]))]),
    }
}

/// The tenant's schemas are `shop`, `lake` and `empty`; its users all but `stranger`.
pub(super) fn whole() -> Catalog {
    let owned = |kind| Schema { owner: id("ann"), kind };
    let ann = User { settings: BTreeSet::from([setting()]), ..User::ordinary() };
    let clerk = Role {
        owner: id("ann"),
        external_id: None,
        users: BTreeMap::from([(id("bob"), false)]),
        roles: BTreeSet::from([id("boss")]),
    };
    let boss = Role { owner: id("ann"), external_id: None, users: BTreeMap::new(), roles: BTreeSet::new() };
    let view = View {
        owner: id("ann"),
        definition: "SELECT f(place) FROM shop.orders".into(),
        reads: BTreeSet::from([relation("orders")]),
        calls: BTreeSet::from([routine_name()]),
    };
    let mv = MaterializedView {
        owner: id("ann"),
        definition: "CREATE MATERIALIZED VIEW shop.mv AS SELECT place FROM shop.orders".into(),
        reads: BTreeSet::from([relation("orders")]),
        auto_refresh: false,
        broken: None,
    };
    Catalog {
        kind: None,
        case_sensitive: None,
        others: BTreeSet::from([library()]),
        names_databases: BTreeMap::from([(
            Securable::Relation(relation("mv")),
            BTreeSet::from(["elsewhere.shop.orders".to_owned()]),
        )]),
        unread: BTreeSet::from([Unread::Row {
            query: "privileges",
            schema: Some(id("elsewhere")),
            object: String::new(),
            error: "column identity_name is NULL".into(),
        }]),
        database: None,
        login: None,
        collation: Collation::CaseSensitive,
        users: ["bob", "ann_other", "stranger"]
            .map(|name| (id(name), User::ordinary()))
            .into_iter()
            .chain([(id("ann"), ann)])
            .collect(),
        groups: BTreeMap::from([(id("readers"), Group { members: BTreeSet::from([id("bob")]) })]),
        roles: BTreeMap::from([(id("clerk"), clerk), (id("boss"), boss)]),
        schemas: BTreeMap::from([
            (id("shop"), owned(SchemaKind::UNLIMITED)),
            (id("empty"), owned(SchemaKind::UNLIMITED)),
            (id("lake"), owned(SchemaKind::External(external_schema()))),
        ]),
        tables: BTreeMap::from([
            (relation("orders"), Table { foreign_keys: vec![foreign_key()], ..table() }),
            (relation("places"), table()),
        ]),
        table_sizes: BTreeMap::from([(relation("orders"), 7)]),
        routines: BTreeMap::from([(routine_name(), function())]),
        views: BTreeMap::from([(relation("v"), view)]),
        materialized_views: BTreeMap::from([(relation("mv"), mv)]),
        comments: BTreeMap::from([(Commentable::Table(relation("orders")), "one".into())]),
        grants: rights(),
        revoked_from_owners: BTreeMap::from([(
            Securable::Relation(relation("places")),
            BTreeSet::from([Privilege::Insert]),
        )]),
        system_privileges: BTreeMap::from([(
            Grantee::Role(id("clerk")),
            BTreeSet::from([SystemPrivilege::parse("ANALYZE")]),
        )]),
        assume_role: BTreeSet::from([assume_role()]),
        default_privileges: BTreeMap::from([(default_privileges(), BTreeSet::from([grant()]))]),
        policies: policies(),
    }
}
