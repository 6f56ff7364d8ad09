//! Row-level security and masking policies, and where they are attached.

use super::{Answers, ReadError, each_row};
use crate::session::{DecodeError, Row};
use migration::catalog::{
    AttachedMask, AttachedRowPolicy, Catalog, Conjunction, Grantee, MaskingPolicy, PolicyColumn, RowPolicy,
    RowSecurity,
};
use migration::name::{Identifier, QualifiedName};
use migration::text::without_qualifier;
use migration::transfer::DataType;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;

pub(super) fn decode(answers: &Answers, catalog: &mut Catalog) -> Result<(), ReadError> {
    each_row(&answers.policies, "policies", catalog, decode_policy)?;
    each_row(&answers.row_level_security, "row_level_security", catalog, decode_relation)?;
    each_row(&answers.attached_policies, "attached_policies", catalog, decode_attached)
}

fn decode_policy(row: &Row, catalog: &mut Catalog) -> Result<(), DecodeError> {
    let policies = &mut catalog.policies;
    let name = row.identifier("policy_name")?;
    let columns = decode_columns(row)?;
    let expression = row.text("expression")?;
    match kind(row)? {
        Kind::Rows => {
            let alias = row.optional_identifier("alias")?;
            let policy = RowPolicy { columns, alias, predicate: expression.to_owned() };
            policies.row_policies.insert(name, policy);
        }
        Kind::Masking => {
            let policy = MaskingPolicy { columns, expression: masking_expression(expression) };
            policies.masking_policies.insert(name, policy);
        }
    }
    Ok(())
}

fn decode_relation(row: &Row, catalog: &mut Catalog) -> Result<(), DecodeError> {
    let relation = QualifiedName::new(row.identifier("relschema")?, row.identifier("relname")?);
    let conjunction = match row.text("rls_conjunction_type")?.trim().to_ascii_lowercase().as_str() {
        "and" => Conjunction::And,
        "or" => Conjunction::Or,
        other => return Err(malformed("rls_conjunction_type", other, "and or or")),
    };
    let on = row.boolean("is_rls_on")?;
    let security = RowSecurity { on, conjunction, policies: BTreeSet::new() };
    catalog.policies.row_security.insert(relation, security);
    Ok(())
}

fn decode_attached(row: &Row, catalog: &mut Catalog) -> Result<(), DecodeError> {
    let policies = &mut catalog.policies;
    let relation = QualifiedName::new(row.identifier("schema_name")?, row.identifier("relation_name")?);
    let (policy, grantee) = (row.identifier("policy_name")?, decode_grantee(row)?);
    match kind(row)? {
        Kind::Rows => {
            // SVV_RLS_RELATION lists protected relations: one that it leaves out has its policies waiting.
            let off = || RowSecurity { on: false, conjunction: Conjunction::And, policies: BTreeSet::new() };
            let security = policies.row_security.entry(relation).or_insert_with(off);
            security.policies.insert(AttachedRowPolicy { policy, grantee });
        }
        Kind::Masking => {
            let masked = json("output_columns", row, "a JSON list of columns")?;
            let inputs = json("input_columns", row, "a JSON list of columns")?;
            let priority = row.number("priority")?;
            let mask = AttachedMask { policy, grantee, masked, inputs, priority };
            policies.masks.entry(relation).or_default().insert(mask);
        }
    }
    Ok(())
}

enum Kind {
    Rows,
    Masking,
}

/// The query's own word for the kind of policy.
fn kind(row: &Row) -> Result<Kind, DecodeError> {
    match row.text("kind")? {
        "rls" => Ok(Kind::Rows),
        "masking" => Ok(Kind::Masking),
        other => Err(malformed("kind", other, "rls or masking")),
    }
}

fn decode_grantee(row: &Row) -> Result<Grantee, DecodeError> {
    match row.text("grantee_type")?.trim().to_ascii_lowercase().as_str() {
        "public" => Ok(Grantee::Public),
        "user" => Ok(Grantee::User(row.identifier("grantee")?)),
        "role" => Ok(Grantee::Role(row.identifier("grantee")?)),
        other => Err(malformed("grantee_type", other, "user, role or public")),
    }
}

/// `[{"colname":"a","type":"integer"}]`
fn decode_columns(row: &Row) -> Result<Vec<PolicyColumn>, DecodeError> {
    #[derive(Deserialize)]
    struct Column {
        colname: Identifier,
        r#type: String,
    }
    if row.optional("policy_columns")?.is_none_or(|columns| columns.trim().is_empty()) {
        return Ok(Vec::new());
    }
    let columns: Vec<Column> = json("policy_columns", row, "a JSON list of columns with their types")?;
    let columns = columns.into_iter();
    let of =
        |column: Column| PolicyColumn { name: column.colname, data_type: DataType::sql_name(&column.r#type) };
    Ok(columns.map(of).collect())
}

/// The page does not say how `policy_expression` is printed: plain, or as JSON, `[{"expr":"…","type":"…"}]`. No SQL expression
/// reads as the latter. A live warehouse is said to name the columns `"masked_table"."a"`, and CREATE MASKING POLICY has no alias that
/// this could be (`r_CREATE_MASKING_POLICY`): the policy's own columns have no other name.
fn masking_expression(printed: &str) -> String {
    #[derive(Deserialize)]
    struct Output {
        expr: String,
    }
    let expression = match serde_json::from_str::<Vec<Output>>(printed) {
        Ok(outputs) => outputs.into_iter().map(|output| output.expr).collect::<Vec<_>>().join(", "),
        Err(_) => printed.to_owned(),
    };
    without_qualifier(&expression, "masked_table")
}

fn json<T: DeserializeOwned>(column: &str, row: &Row, expected: &'static str) -> Result<T, DecodeError> {
    let text = row.text(column)?;
    serde_json::from_str(text).map_err(|_| malformed(column, text, expected))
}

fn malformed(column: &str, value: &str, expected: &'static str) -> DecodeError {
    DecodeError::Malformed { column: column.to_owned(), value: value.to_owned(), expected }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_is_read_plain_and_as_json() {
        assert_eq!(masking_expression("'x'::TEXT"), "'x'::TEXT");
        let printed = r#"[{"expr":"CAST('x' AS TEXT)","type":"text"},{"expr":"\"b\"","type":"integer"}]"#;
        assert_eq!(masking_expression(printed), r#"CAST('x' AS TEXT), "b""#);
    }
}
