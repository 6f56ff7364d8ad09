//! What a session is told before it works, and for whom it acts (`r_SET`, `r_SET_SESSION_AUTHORIZATION`).

use super::Sql;
use crate::name::Identifier;

/// The settings that every session of ours starts with.
///
/// Quoted names keep their case (`r_enable_case_sensitive_identifier`). A search path without schemas makes
/// the catalog print every name with its schema: `$user` is accepted although no such schema exists, and our
/// login owns none (`r_search_path`). Floats are written with all their digits (`r_extra_float_digits`), dates and
/// times alike on both sides whatever the login is set to (`r_datestyle`, `r_timezone_config`).
pub fn start_session() -> Vec<Sql> {
    vec![
        Sql::constant("SET enable_case_sensitive_identifier TO true"),
        Sql::constant("SET search_path TO '$user'"),
        Sql::constant("SET extra_float_digits TO 2"),
        Sql::constant("SET datestyle TO 'ISO, MDY'"),
        Sql::constant("SET timezone TO 'UTC'"),
    ]
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
    let authorization = Sql::rendered(format!("SET SESSION AUTHORIZATION {user}"));
    std::iter::once(authorization).chain(search(schema)).collect()
}

/// Finds the objects of a schema by their bare names, and those of `public`, until [`act_as_oneself`].
pub fn search(schema: &Identifier) -> Vec<Sql> {
    vec![Sql::rendered(format!("SET search_path TO {schema}, public"))]
}

/// Ends [`act_as`].
pub fn act_as_oneself() -> Vec<Sql> {
    vec![Sql::constant("SET SESSION AUTHORIZATION DEFAULT"), Sql::constant("SET search_path TO '$user'")]
}
