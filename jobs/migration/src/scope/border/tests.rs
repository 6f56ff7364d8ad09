//! What the texts of a tenant's views and routines name outside it, and what they only seem to name.

use super::*;
use crate::catalog::{
    ExternalSchema, ExternalSource, MaterializedView, Routine, RoutineKind, Schema, SchemaKind, View,
    Volatility,
};
use crate::name::{DollarQuoted, Literal};

fn id(name: &str) -> Identifier {
    Identifier::new(name).unwrap()
}

fn name(schema: &str, name: &str) -> QualifiedName {
    QualifiedName::new(id(schema), id(name))
}

fn schema(kind: SchemaKind) -> Schema {
    Schema { owner: id("ann"), kind }
}

fn view(definition: &str) -> View {
    View { owner: id("ann"), definition: definition.into(), reads: BTreeSet::new(), calls: BTreeSet::new() }
}

fn routine(language: Language, body: &str) -> Routine {
    let kind = match language {
        Language::Plpgsql => RoutineKind::Procedure,
        Language::Sql | Language::Python | Language::Lambda | Language::Other(_) => RoutineKind::Function,
    };
    Routine {
        kind,
        owner: id("ann"),
        language,
        arguments: Vec::new(),
        returns: None,
        volatility: Volatility::Volatile,
        security_definer: false,
        clauses: None,
        body: body.into(),
        default_privileges: false,
    }
}

fn routine_name(schema: &str, routine: &str) -> RoutineName {
    RoutineName { name: name(schema, routine), argument_types: String::new() }
}

/// The schema `shop` of the tenant, beside `outside` with two relations, whose names in quotes are odd, and a function, and
/// beside the external `lake`.
fn catalog() -> Catalog {
    let mut catalog = Catalog::default();
    let external =
        ExternalSchema { source: ExternalSource::DataCatalog, database: None, options: BTreeMap::new() };
    for (name, kind) in [
        ("shop", SchemaKind::UNLIMITED),
        ("outside", SchemaKind::UNLIMITED),
        ("lake", SchemaKind::External(external)),
    ] {
        catalog.schemas.insert(id(name), schema(kind));
    }
    catalog.views.insert(name("outside", "t"), view("SELECT 1"));
    catalog.views.insert(name("outside", "T \"t"), view("SELECT 1"));
    catalog.routines.insert(routine_name("outside", "f"), routine(Language::Sql, "SELECT 1"));
    catalog
}

/// What a text names outside: of the one thing of the tenant that bears it.
fn named(add: impl FnOnce(&mut Catalog)) -> Vec<String> {
    let mut source = catalog();
    add(&mut source);
    let scope = Scope::of(&source, &[id("shop")], "").unwrap();
    let named = |crossing| match crossing {
        Crossing::NamesRelation { relation, .. } => Some(relation.plain()),
        Crossing::NamesRoutine { routine, .. } => Some(format!("{}()", routine.plain())),
        Crossing::NamesExternal { name, .. } => Some(name.plain()),
        _ => None,
    };
    crossings(&source, &scope).into_iter().filter_map(named).collect()
}

fn by_late_binding_view(query: &str) -> Vec<String> {
    let definition = format!("CREATE VIEW \"shop\".\"v\" AS {query} WITH NO SCHEMA BINDING");
    named(|source| drop(source.views.insert(name("shop", "v"), view(&definition))))
}

fn by_routine(language: Language, body: &str) -> Vec<String> {
    named(|source| drop(source.routines.insert(routine_name("shop", "r"), routine(language, body))))
}

#[test]
fn a_late_binding_view_names_a_relation_however_its_name_is_written() {
    for from in [
        "outside.t",
        "outside . t",
        "outside./* x */t",
        "outside -- here\n.t",
        "OUTSIDE.\"t\"",
        "\"outside\" . T",
        "dev.outside.t",
    ] {
        assert_eq!(by_late_binding_view(&format!("SELECT * FROM {from}")), ["outside.t"], "{from}");
    }
    assert_eq!(by_late_binding_view(r#"SELECT * FROM outside."T ""t""#), [r#"outside.T "t"#]);
    // It folds where enable_case_sensitive_identifier is off.
    assert_eq!(by_late_binding_view(r#"SELECT * FROM "Outside"."T""#), ["outside.t"]);
    assert_eq!(by_late_binding_view("SELECT outside . f(1) FROM lake.\"x\""), ["outside.f()", "lake.x"]);
}

#[test]
fn a_late_binding_view_names_nothing_in_comments_and_literals() {
    for query in [
        "SELECT 1 -- outside.t\n",
        "SELECT 1 /* outside.t /* lake.x */ outside.f() */",
        "SELECT 'outside.t', 'it''s lake.x', $$outside.f()$$",
        "SELECT a.outside, t FROM shop.a",
        "SELECT \"outside.t\" FROM shop.a",
    ] {
        assert_eq!(by_late_binding_view(query), [""; 0], "{query}");
    }
}

#[test]
fn of_a_view_that_the_catalog_tracks_only_routines_and_what_lies_elsewhere_are_looked_for() {
    let query = "SELECT outside . f(t.a), 'lake.y', /* lake.z */ x.b FROM outside.t, lake . x";
    let expected = ["outside.f()", "lake.x"];
    assert_eq!(named(|source| drop(source.views.insert(name("shop", "v"), view(query)))), expected);
    let definition = format!("CREATE MATERIALIZED VIEW shop.v AS {query}");
    let materialized = MaterializedView {
        owner: id("ann"),
        definition,
        reads: BTreeSet::new(),
        auto_refresh: false,
        broken: None,
    };
    assert_eq!(
        named(|source| drop(source.materialized_views.insert(name("shop", "v"), materialized))),
        expected
    );
}

#[test]
fn a_procedure_names_what_it_may_put_together_and_nothing_in_comments() {
    let statement = "SELECT 'it''s' FROM \"outside\" . t";
    for text in [
        statement.to_owned(),
        format!("EXECUTE {}", Literal::text(statement)),
        format!("EXECUTE {}", DollarQuoted::new(statement)),
        format!("CALL run({})", Literal::text(format!("EXECUTE {}", Literal::text(statement)))),
        "EXECUTE 'DELETE FROM \"' || s || '\" USING \"outside\".\"t\" WHERE a = \"' || c || '\"'".to_owned(),
    ] {
        let body = format!("BEGIN {text}; END");
        assert_eq!(by_routine(Language::Plpgsql, &body), ["outside.t"], "{body}");
    }
    let commented =
        "BEGIN NULL; -- outside.t\n/* lake.x 'outside.f()' */ EXECUTE 'SELECT 1 -- outside.t'; END";
    assert_eq!(by_routine(Language::Plpgsql, commented), [""; 0]);
}

#[test]
fn a_function_names_nothing_in_literals_where_these_are_known_to_be_values() {
    assert_eq!(by_routine(Language::Sql, "SELECT outside . f($1), 'lake.x'"), ["outside.f()"]);
    assert_eq!(by_routine(Language::Lambda, "LAMBDA 'lake.x' IAM_ROLE 'arn:outside.t'"), [""; 0]);
    assert_eq!(by_routine(Language::Python, "return 'lake.x'"), ["lake.x"]);
    assert_eq!(by_routine(Language::Other("plr".into()), "return 'lake.x'"), ["lake.x"]);
}
