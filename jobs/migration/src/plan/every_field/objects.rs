//! Changes of schemas, tables, routines, views and policies.

use super::whole::{id, relation, routine_name, whole};
use super::*;

pub(super) fn schemas_and_tables() -> Vec<Change> {
    let of_schema = |catalog: &mut Catalog, value| drop(catalog.schemas.insert(id("empty"), value));
    let mut changes = fields!(Schema, whole().schemas[&id("empty")].clone(), of_schema, {
        owner: |_| id("bob"),
        kind: |_| SchemaKind::Local { quota_mb: Some(7) },
    });
    let of_lake = |catalog: &mut Catalog, value| {
        catalog.schemas.get_mut(&id("lake")).unwrap().kind = SchemaKind::External(value);
    };
    changes.extend(fields!(ExternalSchema, whole::external_schema(), of_lake, {
        source: |_| ExternalSource::HiveMetastore,
        database: |_| None,
        options: |_| BTreeMap::new(),
    }));
    let of_table = |catalog: &mut Catalog, value| drop(catalog.tables.insert(relation("orders"), value));
    changes.extend(fields!(Table, whole().tables[&relation("orders")].clone(), of_table, {
        owner: |_| id("bob"),
        columns: |mut it: Vec<Column>| { it.swap(1, 2); it },
        distribution: |_| DistributionStyle::All,
        sort_key: |_| None,
        automatic: |_| Some(Automatic { sort_key: false, encoding: true }),
        backup: |it: bool| !it,
        unique_keys: |_| Vec::new(),
        foreign_keys: |_| Vec::new(),
    }));
    let of_column = |catalog: &mut Catalog, value| {
        catalog.tables.get_mut(&relation("orders")).unwrap().columns[1] = value;
    };
    changes.extend(fields!(Column, whole().tables[&relation("orders")].columns[1].clone(), of_column, {
        name: |_| id("other"),
        data_type: |_| "date".to_owned(),
        not_null: |it: bool| !it,
        default: |_| Some(DefaultValue::Expression("7".to_owned())),
        encoding: |_| "zstd".to_owned(),
        collation: |_| Some(Collation::CaseInsensitive),
    }));
    let of_identity = |catalog: &mut Catalog, value| {
        catalog.tables.get_mut(&relation("orders")).unwrap().columns[0].default =
            Some(DefaultValue::Identity(value));
    };
    changes.extend(fields!(Identity, whole::identity(), of_identity, {
        seed [Nowhere: "it is planned past the greatest value, and so differs on purpose"]: |it| it + 1,
        step: |it| it + 1,
        by_default: |it: bool| !it,
    }));
    let of_sort_key = |catalog: &mut Catalog, value| {
        catalog.tables.get_mut(&relation("orders")).unwrap().sort_key = Some(value);
    };
    changes.extend(fields!(SortKey, whole::sort_key(), of_sort_key, {
        style: |_| SortStyle::Interleaved,
        columns: |_| vec![id("place")],
    }));
    let of_unique_key = |catalog: &mut Catalog, value| {
        catalog.tables.get_mut(&relation("orders")).unwrap().unique_keys = vec![value];
    };
    changes.extend(fields!(UniqueKey, whole::unique_key(), of_unique_key, {
        name: |_| id("other"),
        kind: |_| KeyKind::Unique,
        columns: |_| vec![id("place")],
    }));
    let of_foreign_key = |catalog: &mut Catalog, value| {
        catalog.tables.get_mut(&relation("orders")).unwrap().foreign_keys = vec![value];
    };
    changes.extend(fields!(ForeignKey, whole::foreign_key(), of_foreign_key, {
        name: |_| id("other"),
        columns: |_| vec![id("id")],
        references: |_| relation("orders"),
        referenced_columns: |_| vec![id("place")],
    }));
    changes
}

pub(super) fn routines_and_views() -> Vec<Change> {
    let of_routine = |catalog: &mut Catalog, value| drop(catalog.routines.insert(routine_name(), value));
    let mut changes = fields!(Routine, whole().routines[&routine_name()].clone(), of_routine, {
        kind: |_| RoutineKind::Procedure,
        owner: |_| id("bob"),
        language: |_| Language::Plpgsql,
        arguments: |_| Vec::new(),
        returns: |_| Some("bigint".to_owned()),
        volatility: |_| Volatility::Stable,
        security_definer: |it: bool| !it,
        clauses: |_| Some(ProcedureClauses { nonatomic: true, setting: None }),
        body: |_| "SELECT 2".to_owned(),
        default_privileges [Nowhere: "the grants say what it stands for"]: |it: bool| !it,
    });
    let of_clauses = |catalog: &mut Catalog, value| {
        catalog.routines.get_mut(&routine_name()).unwrap().clauses = Some(value);
    };
    changes.extend(fields!(ProcedureClauses, ProcedureClauses::default(), of_clauses, {
        nonatomic: |it: bool| !it,
        setting: |_| Some(whole::set_clause()),
    }));
    let of_argument = |catalog: &mut Catalog, value| {
        catalog.routines.get_mut(&routine_name()).unwrap().arguments = vec![value];
    };
    changes.extend(fields!(Argument, whole::argument(), of_argument, {
        name: |_| Some(id("other")),
        mode: |_| ArgumentMode::InOut,
        data_type: |_| "bigint".to_owned(),
    }));
    let of_view = |catalog: &mut Catalog, value| drop(catalog.views.insert(relation("v"), value));
    changes.extend(fields!(View, whole().views[&relation("v")].clone(), of_view, {
        owner: |_| id("bob"),
        definition: |_| "SELECT 2".to_owned(),
        reads [Nowhere: "it is derived from the definition"]: |_| BTreeSet::new(),
        calls [Nowhere: "it is derived from the definition"]: |_| BTreeSet::new(),
    }));
    let of_mv = |catalog: &mut Catalog, value| drop(catalog.materialized_views.insert(relation("mv"), value));
    changes.extend(fields!(MaterializedView, whole().materialized_views[&relation("mv")].clone(), of_mv, {
        owner: |_| id("bob"),
        definition: |_| "CREATE MATERIALIZED VIEW shop.mv AS SELECT 2".to_owned(),
        reads [Nowhere: "it is derived from the definition"]: |_| BTreeSet::new(),
        auto_refresh: |it: bool| !it,
        broken [Source: "what the target has is as the source's text says"]: |_| Some(Broken::ColumnDropped),
    }));
    changes
}

pub(super) fn policies() -> Vec<Change> {
    let of_catalog = |catalog: &mut Catalog, value| catalog.policies = value;
    let mut changes = fields!(Policies, whole().policies, of_catalog, {
        row_policies [Nowhere: "a policy matters where it is attached, and is there then"]: |_| BTreeMap::new(),
        masking_policies [Nowhere: "a policy matters where it is attached, and is there then"]: |_| BTreeMap::new(),
        row_security: |_| BTreeMap::new(),
        masks: |_| BTreeMap::new(),
    });
    let of_rows = |catalog: &mut Catalog, value| drop(catalog.policies.row_policies.insert(id("few"), value));
    changes.extend(fields!(RowPolicy, whole::row_policy(), of_rows, {
        columns: |_| Vec::new(),
        alias: |_| Some(id("o")),
        predicate: |_| "false".to_owned(),
    }));
    let of_masking =
        |catalog: &mut Catalog, value| drop(catalog.policies.masking_policies.insert(id("blank"), value));
    changes.extend(fields!(MaskingPolicy, whole::masking_policy(), of_masking, {
        columns: |_| Vec::new(),
        expression: |_| "'x'".to_owned(),
    }));
    let of_column = |catalog: &mut Catalog, value| {
        catalog.policies.row_policies.get_mut(&id("few")).unwrap().columns = vec![value];
    };
    changes.extend(fields!(PolicyColumn, whole::policy_column(), of_column, {
        name: |_| id("other"),
        data_type: |_| "date".to_owned(),
    }));
    let of_security =
        |catalog: &mut Catalog, value| drop(catalog.policies.row_security.insert(relation("orders"), value));
    changes.extend(fields!(RowSecurity, whole::row_security(), of_security, {
        on: |it: bool| !it,
        conjunction: |_| Conjunction::Or,
        policies: |_| BTreeSet::new(),
    }));
    let of_attached = |catalog: &mut Catalog, value| {
        catalog.policies.row_security.get_mut(&relation("orders")).unwrap().policies =
            BTreeSet::from([value]);
    };
    changes.extend(fields!(AttachedRowPolicy, whole::attached_row_policy(), of_attached, {
        policy: |_| id("other"),
        grantee: |_| Grantee::Public,
    }));
    let of_masks = |catalog: &mut Catalog, value| {
        drop(catalog.policies.masks.insert(relation("orders"), BTreeSet::from([value])));
    };
    changes.extend(fields!(AttachedMask, whole::attached_mask(), of_masks, {
        policy: |_| id("other"),
        grantee: |_| Grantee::Public,
        masked: |_| vec!["id".to_owned()],
        inputs: |_| vec!["id".to_owned()],
        priority: |it| it + 1,
    }));
    changes
}

pub(super) fn others() -> Vec<Change> {
    let of_catalog = |catalog: &mut Catalog, value| catalog.others = BTreeSet::from([value]);
    fields!(OtherObject, whole::library(), of_catalog, {
        kind: |_| OtherKind::Integration,
        place: |_| "elsewhere".to_owned(),
        name: |_| "other".to_owned(),
    })
}
