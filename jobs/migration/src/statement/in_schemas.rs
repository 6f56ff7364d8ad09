//! Queries of `sql/` whose answer is bounded to the tenant's schemas: Querying system tables (discovering-metadata-system-tables) asks for
//! that, by equality and without functions.

use super::Sql;
use crate::name::{Identifier, Literal};
use std::collections::BTreeSet;

/// What stands in such a file for the schemas, so that it runs as it stands.
const TENANT_SCHEMA: &str = "'tenant_schema'";

/// The query with these schemas in place of `'tenant_schema'`. One without it comes as it stands.
pub fn in_schemas(query: &'static str, schemas: &BTreeSet<Identifier>) -> Sql {
    let constant = Sql::constant(query);
    let list: Vec<_> = schemas.iter().map(|schema| Literal::text(schema.as_str()).to_string()).collect();
    Sql { text: constant.text.replace(TENANT_SCHEMA, &list.join(", ")), ..constant }
}

#[cfg(test)]
mod tests {
    use super::super::samples::id;
    use super::*;

    #[test]
    fn schemas_are_literals() {
        let schemas = [id("o'x"), id("Shop")].into();
        let query = "SELECT 1 FROM svv_table_info WHERE \"schema\" IN ('tenant_schema');\n";
        insta::assert_snapshot!(
            in_schemas(query, &schemas),
            @r#"SELECT 1 FROM svv_table_info WHERE "schema" IN ('Shop', 'o''x')"#
        );
        assert_eq!(in_schemas("SELECT 1", &schemas), Sql::constant("SELECT 1"));
    }
}
