//! What a session is told before it works, and for whom it acts (`r_SET`, `r_SET_SESSION_AUTHORIZATION`).

use super::{NameCase, Sql};
use crate::name::Identifier;

/// The settings that every session of ours starts with.
///
/// Whether names in quotes keep their case stays as the login has it: see [`super::NameCase`]. A search path of `pg_catalog` alone, which holds nothing of
/// users', makes the catalog print every name with its schema (`r_search_path`). Floats are written with all their digits
/// (`r_extra_float_digits`), dates and times alike on both sides whatever the login is set to (`r_datestyle`, `r_timezone_config`), and
/// columns are called as the queries call them (`r_describe_field_name_in_uppercase`). No time limit of the login or the parameter
/// group ends an UNLOAD, a COPY or a refresh, which may wait in a queue besides (`r_statement_timeout`); those of workload management
/// still hold. The query group lets an administrator route the jobs to a queue (`r_query_group`).
pub fn start_session() -> Vec<Sql> {
    vec![
        search_nothing(),
        Sql::constant("SET extra_float_digits TO 2"),
        Sql::constant("SET datestyle TO 'ISO, MDY'"),
        Sql::constant("SET timezone TO 'UTC'"),
        Sql::constant("SET describe_field_name_in_uppercase TO off"),
        Sql::constant("SET statement_timeout TO 0"),
        Sql::constant("SET query_group TO 'tenant-migration'"),
    ]
}

/// Finds no object of a user's by its bare name.
fn search_nothing() -> Sql {
    Sql::constant("SET search_path TO pg_catalog")
}

/// Whether names in quotes keep their case (`r_SHOW`, `r_enable_case_sensitive_identifier`).
pub fn show_case_sensitivity() -> Sql {
    Sql::constant("SHOW enable_case_sensitive_identifier")
}

/// Finds the objects of a schema by their bare names, and those of `public`, until the transaction ends.
pub fn search_in_transaction(schema: &Identifier) -> Sql {
    Sql::rendered(format!("SET LOCAL search_path TO {schema}, public"))
}

/// Acts as another user from here on: for what only an owner may do. Unqualified names in what follows lie in
/// `schema` or in `public`, as they did when the owner wrote them.
pub fn act_as(user: &Identifier, schema: &Identifier) -> Vec<Sql> {
    // A user's name keeps its case in any session (`r_enable_case_sensitive_identifier`).
    let authorization = Sql::rendered(format!("SET SESSION AUTHORIZATION {user}")).with(NameCase::Any);
    std::iter::once(authorization).chain(search(schema)).collect()
}

/// Finds the objects of a schema by their bare names, and those of `public`, until [`act_as_oneself`].
pub fn search(schema: &Identifier) -> Vec<Sql> {
    vec![Sql::rendered(format!("SET search_path TO {schema}, public"))]
}

/// Ends [`act_as`].
pub fn act_as_oneself() -> Vec<Sql> {
    vec![Sql::constant("SET SESSION AUTHORIZATION DEFAULT"), search_nothing()]
}
